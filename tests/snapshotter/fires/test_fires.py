"""Which fires a time off may have swallowed, and the zone DolphinScheduler writes its dates in."""

from datetime import UTC, datetime, timedelta

import pytest

from dolphin.observe import Observation
from dolphin.plan import ScheduleState, State
from snapshotter.fires.fires import dolphin_zone, in_dolphins_words, schedule_changed_at, swallowed
from snapshotter.fires.off_time import Span, TimeOff
from snapshotter.models import SyncStep
from snapshotter.target import Target
from tests.definitions.documents import SCHEDULE

BASE = datetime(2026, 1, 1, 3, tzinfo=UTC)


def at(seconds):
    return BASE + timedelta(seconds=seconds)


def target(crontab, *, online=True, schedule_online=True):
    schedule = {**SCHEDULE, "crontab": crontab}
    state = State(1, 1, "f", online, ScheduleState(1, crontab, schedule_online))
    return Target(state=state, snapshot_id=1, schedule=schedule)


OFF = TimeOff(first=at(-2), sure_from=at(1), sure_to=at(20), last=at(25))
EVERY_10 = target("0/10 * * * * ? *")


def fires(before, after=EVERY_10, changed_at=None):
    found = swallowed(before, after, OFF, changed_at)
    return [((fire.at - BASE).total_seconds(), fire.sure) for fire in found.fires]


def test_inside_is_sure_and_the_edges_are_not():
    assert fires(EVERY_10) == [(0, False), (10, True), (20, False)]


@pytest.mark.parametrize("states", [{"online": False}, {"schedule_online": False}])
def test_what_did_not_fire_before_has_lost_nothing(states):
    assert fires(target("0/10 * * * * ? *", **states)) == []


def test_a_changed_schedule_counts_from_its_change():
    assert fires(EVERY_10, target("5/10 * * * * ? *"), at(12)) == [(0, False), (10, True), (15, True), (25, False)]


def test_an_expression_that_cannot_be_reckoned_says_so():
    assert swallowed(target("0 0 3 15W * ?"), EVERY_10, OFF, None).unknown


def test_when_the_schedule_was_changed():
    def step(action, sent):
        return SyncStep(action=action, sent_at=at(sent), answered_at=at(sent + 1), outcome="ok", is_write=True)

    span = (Span(at(0), at(1)), Span(at(20), at(21)))
    assert schedule_changed_at([step("write", 5), step("update_schedule", 9)], span) == at(10)
    assert schedule_changed_at([step("write", 5), step("update_schedule", 30)], span) is None


@pytest.mark.parametrize(
    ("shown", "hours"),
    [
        ("2026-01-01 03:00:06", 0),
        ("2026-01-01 11:00:05", 8),
        ("2026-01-01 08:45:05", 5.75),
        ("2025-12-31 19:30:05", -7.5),
        ("2026-01-01 03:05:00", None),
        ("2026-01-03 03:00:05", None),
        (None, None),
        ("yesterday", None),
    ],
)
def test_the_zone_is_told_by_what_our_write_has_stamped(shown, hours):
    written = SyncStep(action="write", sent_at=at(4), answered_at=at(5), outcome="ok", is_write=True)
    live = Observation(State(1, 1, "f", True, None), raw={"processDefinition": {"updateTime": shown}})
    ahead = dolphin_zone(live, [written])
    assert ahead == (None if hours is None else timedelta(hours=hours))
    assert (in_dolphins_words(BASE, ahead) == "") == (hours is None)
    assert dolphin_zone(live, []) is None


def test_a_moment_in_dolphins_words():
    assert in_dolphins_words(BASE, timedelta(hours=8)) == "2026-01-01 11:00:00"
