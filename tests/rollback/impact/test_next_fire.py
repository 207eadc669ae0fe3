"""When it fires next, now and afterwards, and whether a run would be missed."""

from datetime import UTC, datetime, timedelta

import pytest

from rollback.impact.findings import Weight
from rollback.impact.next_fire import Missed
from snapshotter.choices import Online, ScheduleChoice
from tests.definitions.documents import SCHEDULE
from tests.rollback.impact.conftest import codes, finding


@pytest.fixture
def scheduled(run_publish, make_definition, dolphin, request):
    """Publish two versions; the second fires as given, which only DolphinScheduler's row says: publishing would wait for a near fire."""

    def make(crontab="0 0 3 * * ? *"):
        schedule = {**SCHEDULE, "releaseState": "ONLINE"}
        for script in ("echo one", "echo two"):
            run_publish(
                make_definition(script, schedule=schedule), schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON
            )
        dolphin.state.schedules[0]["crontab"] = crontab
        request.getfixturevalue("fire_guard")

    return make


def far():
    """A daily expression whose next fire is half a day away, whatever the hour is now."""
    return f"0 0 {(datetime.now(UTC).hour + 12) % 24} * * ? *"


def test_a_fire_far_away_loses_nothing(scheduled, ask):
    scheduled(far())
    found = ask()
    assert (found.fires.missed, found.fires.waits_for) == (Missed.NONE, None)
    assert found.fires.now == found.fires.after
    assert found.fires.now.at is not None and found.fires.now.cron == far()
    assert not {"fire_soon", "fire_may_be_missed"} & set(codes(found))


def test_the_versions_own_schedule_fires_at_its_own_time(scheduled, ask):
    scheduled("0 0 5 1 1 ? *")
    fires = ask(schedule=ScheduleChoice.FROM_DEFINITION).fires
    assert (fires.now.cron, fires.after.cron) == ("0 0 5 1 1 ? *", "0 0 3 * * ? *")


def test_a_fire_that_is_due_is_waited_for(scheduled, ask):
    due = (datetime.now(UTC) + timedelta(seconds=40)).replace(microsecond=0)
    scheduled(f"{due.second} {due.minute} {due.hour} * * ? *")
    found = ask()
    assert (found.fires.missed, found.fires.waits_for) == (Missed.NONE, due)
    row = finding(found, "fire_soon")
    assert (row.weight, row.values) == (Weight.NOTE, {"at": due.isoformat()})
    assert f"{due:%Y-%m-%d}" in row.text and "+00:00" not in row.text


def test_one_that_always_fires_may_lose_a_run(scheduled, ask):
    scheduled("0/10 * * * * ? *")
    found = ask()
    assert found.fires.missed == Missed.MAY_BE
    assert finding(found, "fire_may_be_missed").values == {"crontab": "0/10 * * * * ? *"}


def test_without_the_guard_nothing_is_waited_for(scheduled, ask, settings, run_publish):
    due = (datetime.now(UTC) + timedelta(seconds=1)).replace(microsecond=0)
    scheduled("* * * * * ? *")
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "FIRE_GUARD": 0.0}
    assert due and ask().fires.missed in (Missed.MAY_BE, Missed.NONE)
    assert ask().fires.waits_for is None


def test_one_that_is_taken_off_ends(scheduled, ask):
    scheduled(far())
    for choices in ({"online": Online.OFF}, {"schedule": ScheduleChoice.OFF}):
        fires = ask(**choices).fires
        assert (fires.now is None, fires.after, fires.missed) == (False, None, Missed.ENDS)


def test_what_does_not_fire_can_begin_to(run_publish, make_definition, ask):
    for script in ("echo one", "echo two"):
        body = make_definition(script, schedule={**SCHEDULE, "releaseState": "OFFLINE"})
        run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION)
    still = ask().fires
    assert (still.now, still.after, still.missed) == (None, None, Missed.NONE)
    begun = ask(online=Online.ON, schedule_state=Online.ON).fires
    assert (begun.now, begun.after.cron, begun.missed) == (None, "0 0 3 * * ? *", Missed.NONE)


def test_an_expression_nobody_can_reckon_is_unknown(scheduled, ask):
    scheduled("0 0 3 L-3 * ? *")
    fires = ask().fires
    assert (fires.now.is_known, fires.missed) == (False, Missed.UNKNOWN)


def test_nothing_to_write_loses_nothing(scheduled, ask):
    scheduled("0/10 * * * * ? *")
    assert ask(2).fires.missed == Missed.NONE
