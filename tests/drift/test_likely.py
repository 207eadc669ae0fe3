"""Who and when, from dates that have no zone."""

from datetime import UTC, datetime, timedelta

import pytest

from drift.choices import Kind
from drift.judge import Judgement
from drift.likely import UNKNOWN, likely, moment
from snapshotter.choices import LiveState

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
ROW = {"modifyBy": "li.na", "updateTime": "2026-11-26 15:58:00"}
SCHEDULE = {"userName": "wang", "createTime": "2026-11-26 07:00:00", "updateTime": "2026-11-26 07:57:00"}


def of(*kinds, row=ROW, schedule=SCHEDULE, earliest=NOW - timedelta(minutes=5)):
    judgement = Judgement(live_state=LiveState.NEWER, kinds=kinds)
    return likely(judgement, row, schedule, earliest=earliest, latest=NOW)


def test_who_saved_and_when_in_the_only_zone_that_fits():
    found = of(Kind.CONTENT)
    assert (found.name, found.told) == ("li.na", "2026-11-26 15:58:00")
    assert found.at == datetime(2026, 11, 26, 7, 58, tzinfo=UTC)


def test_no_zone_is_guessed_where_several_fit():
    assert of(Kind.CONTENT, earliest=NOW - timedelta(hours=9)).at is None
    assert of(Kind.CONTENT, earliest=None).at is None


@pytest.mark.parametrize("told", ["", "None", "yesterday", "2026-11-26T15:58"])
def test_what_is_no_date_is_no_moment(told):
    assert moment(told, NOW - timedelta(minutes=5), NOW) is None


def test_a_schedule_tells_when_and_who_only_where_it_is_new():
    found = of(Kind.SCHEDULE)
    assert (found.name, found.at) == ("", datetime(2026, 11, 26, 7, 57, tzinfo=UTC))
    assert of(Kind.SCHEDULE, schedule={**SCHEDULE, "createTime": SCHEDULE["updateTime"]}).name == "wang"


@pytest.mark.parametrize("kinds", [[Kind.WORKFLOW_OFF], [Kind.DELETED], [Kind.VERSION_SWITCHED, Kind.CONTENT]])
def test_what_leaves_no_trace_has_no_name(kinds):
    assert of(*kinds) == UNKNOWN


def test_a_row_that_is_missing_is_no_fault():
    assert of(Kind.CONTENT, row=None) == UNKNOWN and of(Kind.SCHEDULE, schedule=None) == UNKNOWN
