"""The fire guard: what is waited for, what is not, that waiting is shown and ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from definitions.cron import STAMP
from snapshotter.choices import Online, ScheduleChoice, SyncState
from snapshotter.gates.fire_guard import MARGIN, WAITS, followed_by_a_gap
from snapshotter.models import Sync
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE

pytestmark = pytest.mark.usefixtures("fire_guard")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scheduled(run_publish, make_definition):
    """Return a maker of a workflow that is online, its schedule too, at version 1."""

    def make(crontab, **more):
        body = make_definition(schedule={**SCHEDULE, "crontab": crontab, "releaseState": "ONLINE", **more})
        return run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)

    return make


def daily(moment):
    return f"{moment.second} {moment.minute} {moment.hour} * * ? *"


def soon(seconds):
    return (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)


def test_a_fire_that_is_due_is_waited_for_and_named(scheduled, run_publish, make_definition, dolphin):
    due = soon(40)
    scheduled(daily(due))
    dolphin.log.clear()
    sync = run_publish(make_definition("echo new"))
    assert (sync.state, sync.error_code) == (SyncState.WAITING, "fire_guard")
    assert due.strftime(STAMP) in sync.error_text
    assert sync.result["fire_guard"] == {"fire": due.isoformat(), "waits": 1}
    assert timedelta(0) < sync.due_at - (due + MARGIN) + timedelta(seconds=3) < timedelta(seconds=6)
    assert {call.method for call in dolphin.log} <= {"GET", "POST"}
    assert not [call for call in dolphin.log if call.path.endswith(("release", "offline", "online"))]
    assert not sync.steps.filter(is_write=True).exists()


def test_it_goes_on_after_the_fire_and_waits_for_one_fire_once(scheduled, run_publish, make_definition):
    scheduled(daily(soon(40)))
    sync = run_publish(make_definition("echo new"))
    Sync.objects.update(due_at=timezone.now() - timedelta(seconds=1))  # woken early: the fire is still to come
    run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code, sync.error_text) == (SyncState.SUCCEEDED, "", "")
    assert sync.result["fire_guard"]["waited_enough"] is True


def test_a_schedule_without_a_gap_is_published_at_once_and_says_so(scheduled, run_publish, make_definition):
    scheduled("0/20 * * * * ? *")
    sync = run_publish(make_definition("echo new"))
    assert sync.state == SyncState.SUCCEEDED
    assert sync.result["fire_guard"]["no_gap"] is True


def test_nothing_is_waited_for_where_no_fire_is_lost(scheduled, run_publish, make_definition):
    far = scheduled(daily(soon(7200)))
    assert run_publish(make_definition("echo new")).state == SyncState.SUCCEEDED
    assert "fire_guard" not in far.result


@pytest.mark.parametrize("options", [{"online": Online.OFF}, {"schedule": ScheduleChoice.OFF}])
def test_a_schedule_that_is_taken_off_for_good_makes_its_due_fire_first(
    scheduled, run_publish, make_definition, options
):
    scheduled(daily(soon(40)))
    assert run_publish(make_definition(), **options).state == SyncState.WAITING


def test_a_schedule_that_is_off_already_holds_nobody_up(scheduled, run_publish, make_definition, dolphin):
    scheduled(daily(soon(40)))
    dolphin.state.schedules[0]["releaseState"] = "OFFLINE"
    assert run_publish(make_definition("echo new")).state == SyncState.SUCCEEDED


def test_the_guard_can_be_switched_off(scheduled, run_publish, make_definition, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "FIRE_GUARD": 0.0}
    scheduled(daily(soon(40)))
    assert run_publish(make_definition("echo new")).state == SyncState.SUCCEEDED


def test_what_is_refused_anyway_is_not_waited_for(scheduled, run_publish, make_definition, dolphin):
    sync = scheduled(daily(soon(40)))
    dolphin.state.definitions[sync.workflow.workflow_code][0]["description"] = "theirs"
    assert run_publish(make_definition("echo new")).error_code == "live_changed"


def test_an_expression_nobody_can_reckon_is_said(scheduled, run_publish, make_definition, dolphin):
    scheduled("0 0 3 * * ? *", timezoneId="CST")
    sync = run_publish(make_definition("echo new"))
    assert sync.state == SyncState.SUCCEEDED
    assert (sync.result["fire_guard"], sync.result["fires_unknown"]) == ({"unknown": True}, True)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([0.5, 10], 0.5),
        ([0.5, 1, 1.5, 4], 1.5),
        ([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 60], None),
        ([0.5], 0.5),
        ([0.1, 1.15], None),
    ],
)
def test_which_fire_isfollowed_by_a_gap(minutes, expected):
    fires = [NOW + MINUTE * number for number in minutes]
    if minutes == [0.1, 1.15]:
        fires += [fires[-1] + MINUTE * number for number in range(1, 20)]
    found = followed_by_a_gap(fires, NOW, MINUTE)
    assert found == (None if expected is None else NOW + MINUTE * expected)


def test_waiting_is_bounded():
    assert 1 <= WAITS <= 5
