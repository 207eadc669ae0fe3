"""When a window freezes: weeks that wrap, hours that are skipped or doubled, zones."""

from datetime import UTC, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from snapshotter.gates.freeze_times import active_until, begins_next


def once(start, end):
    return SimpleNamespace(
        **{"starts_at": start, "ends_at": end, "time_zone": ""},
        **{"start_weekday": None, "start_time": None, "end_weekday": None, "end_time": None},
    )


def weekly(start, end, zone="UTC"):
    (first, begins), (last, ends) = start, end
    return SimpleNamespace(
        **{"starts_at": None, "ends_at": None, "time_zone": zone},
        **{"start_weekday": first, "start_time": time.fromisoformat(begins)},
        **{"end_weekday": last, "end_time": time.fromisoformat(ends)},
    )


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_once_from_and_to():
    window = once(at("2026-10-01 00:00"), at("2026-10-08 00:00"))
    assert active_until(window, at("2026-09-30 23:59")) is None
    assert active_until(window, at("2026-10-01 00:00")) == at("2026-10-08 00:00")
    assert active_until(window, at("2026-10-08 00:00")) is None


WEEKEND = ((4, "18:00"), (0, "08:00"))  # Friday evening to Monday morning; 2026-11-27 is a Friday


@pytest.mark.parametrize(
    ("moment", "frozen"),
    [
        ("2026-11-27 17:59", False),
        ("2026-11-27 18:00", True),
        ("2026-11-29 12:00", True),
        ("2026-11-30 07:59", True),
        ("2026-11-30 08:00", False),
        ("2026-12-02 12:00", False),
    ],
)
def test_a_weekend_that_wraps(moment, frozen):
    until = active_until(weekly(*WEEKEND), at(moment))
    assert until == (at("2026-11-30 08:00") if frozen else None)


@pytest.mark.parametrize(
    ("moment", "frozen"), [("2026-11-26 23:00", True), ("2026-11-27 01:59", True), ("2026-11-27 02:00", False)]
)
def test_over_midnight_of_one_day(moment, frozen):
    assert bool(active_until(weekly((3, "22:00"), (4, "02:00")), at(moment))) == frozen


def test_almost_the_whole_week():
    window = weekly((2, "10:00"), (2, "09:00"))
    assert active_until(window, at("2026-11-25 09:30")) is None
    assert active_until(window, at("2026-11-25 10:30")) == at("2026-12-02 09:00")
    assert active_until(window, at("2026-11-25 08:30")) == at("2026-11-25 09:00")


def test_the_zone_counts():
    window = weekly((0, "09:00"), (0, "10:00"), "Asia/Shanghai")
    assert active_until(window, at("2026-11-30 01:30")) == at("2026-11-30 10:00", "Asia/Shanghai")
    assert active_until(window, at("2026-11-30 09:30")) is None


def test_an_end_in_an_hour_that_comes_twice_is_the_first_one():
    window = weekly((6, "01:00"), (6, "02:30"), "Europe/Berlin")  # 2026-10-25: 03:00 becomes 02:00 again
    assert active_until(window, datetime(2026, 10, 24, 23, 30, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert active_until(window, datetime(2026, 10, 25, 0, 29, tzinfo=UTC)) is not None


def test_an_hour_that_is_skipped():
    window = weekly((6, "01:30"), (6, "03:30"), "Europe/Berlin")  # 2026-03-29: 02:00 becomes 03:00
    assert active_until(window, datetime(2026, 3, 29, 0, 45, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert active_until(window, datetime(2026, 3, 29, 1, 31, tzinfo=UTC)) is None


def test_when_a_single_one_begins():
    window = once(at("2026-10-01 00:00"), at("2026-10-08 00:00"))
    assert begins_next(window, at("2026-09-30 23:59")) == at("2026-10-01 00:00")
    assert begins_next(window, at("2026-10-01 00:00")) is None


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        ("2026-11-27 17:59", "2026-11-27 18:00"),
        ("2026-11-27 18:00", "2026-12-04 18:00"),
        ("2026-11-30 09:00", "2026-12-04 18:00"),
    ],
)
def test_when_a_weekly_one_begins_next(moment, begins):
    assert begins_next(weekly(*WEEKEND), at(moment)) == at(begins)
