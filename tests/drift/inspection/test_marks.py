"""When a workflow is read whole again."""

from datetime import UTC, datetime, timedelta

from drift.inspection.marks import next_full

AT = datetime(2026, 11, 26, 8, 0, 7, tzinfo=UTC)
DAY = 86_400


def test_each_has_its_own_moment_of_the_period_again_and_again():
    first = next_full(7, AT)
    assert AT < first <= AT + timedelta(seconds=DAY)
    again = next_full(7, first + timedelta(seconds=20))
    assert abs((again - first).total_seconds() - DAY) < 1


def test_they_are_spread_evenly():
    hours = [0] * 24
    for pk in range(1, 2_401):
        hours[int((next_full(pk, AT) - AT).total_seconds() // 3_600) % 24] += 1
    assert max(hours) <= 110 and min(hours) >= 90


def test_without_a_period_it_is_due_at_once(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "INSPECT_FULL": 0}
    assert next_full(7, AT) == AT
