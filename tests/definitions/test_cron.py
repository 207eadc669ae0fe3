"""Fires as Quartz 2.3.2, DolphinScheduler's own scheduler, reckons them.

quartz_fires.txt: `zone|start|expression|fires..`, printed by tests/services/dolphin/QuartzFires.java with Quartz itself.
"""

from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from definitions.cron import Cron

LINES = (Path(__file__).parent / "quartz_fires.txt").read_text().splitlines()
# Quartz can and we can't, or DolphinScheduler reads another zone than we would: said, never guessed.
UNKNOWN = ("L-2", "15W", "1W", "31W", "0/0", "MON-FRI/2", "No/Such_Zone")


def cron(expression, zone="UTC", **more):
    schedule = {"crontab": expression, "timezoneId": zone}
    return Cron.of({**schedule, "startTime": "2020-01-01 00:00:00", "endTime": "2099-12-31 00:00:00", **more})


@pytest.mark.parametrize("line", LINES)
def test_as_quartz_does(line):
    zone, start, expression, *expected = line.split("|")
    found = cron(expression, zone)
    if expected == ["refused"] or any(part in (zone, *expression.split()) for part in UNKNOWN):
        assert found is None
        return
    fires = list(islice(found.after(datetime.fromisoformat(start)), 8))
    last = datetime(2099, 12, 30, tzinfo=UTC)
    wanted = [datetime.fromisoformat(text) for text in expected if text != "never"]
    assert fires == [fire for fire in wanted if fire < last]


def test_the_vectors_are_many_and_hold_clock_changes():
    assert len(LINES) > 80
    assert len([line for line in LINES if line.startswith(("America/New_York", "Europe/Berlin"))]) >= 15


@pytest.mark.parametrize("zone", ["CST", "PST", "EST", "Mars/Base", "", "../etc/passwd", "GMT+99"])
def test_zones_java_reads_otherwise_are_unknown(zone):
    found = cron("0 0 3 * * ? *", zone)
    assert found is None or (zone == "" and found.zone.key == "UTC")


def test_javas_offsets():
    for zone, hour in (("GMT+8", 19), ("GMT-05:30", 8)):
        assert next(cron("0 0 3 * * ? *", zone).after(datetime(2026, 1, 1, 4, tzinfo=UTC))).hour == hour


def test_start_and_end_are_wall_clock_of_the_zone():
    found = cron("0 0 0/6 * * ? *", "Asia/Shanghai", startTime="2026-01-01 06:00:00", endTime="2026-01-01 12:00:00")
    fires = list(found.after(datetime(2025, 1, 1, tzinfo=UTC)))
    assert fires == [datetime(2025, 12, 31, 22, tzinfo=UTC), datetime(2026, 1, 1, 4, tzinfo=UTC)]


@pytest.mark.parametrize("missing", ["crontab", "startTime", "endTime"])
def test_a_schedule_without_its_parts_is_unknown(missing):
    schedule = {"crontab": "0 0 3 * * ?", "startTime": "2020-01-01 00:00:00", "endTime": "2099-01-01 00:00:00"}
    assert Cron.of({key: value for key, value in schedule.items() if key != missing}) is None


def test_between_holds_both_ends_and_nothing_else():
    found = cron("0/20 * * * * ? *")
    first = datetime(2026, 1, 1, 0, 0, 20, tzinfo=UTC)
    assert list(found.between(first, first + timedelta(seconds=40))) == [
        first + timedelta(seconds=20 * number) for number in range(3)
    ]
    assert list(found.between(first + timedelta(seconds=1), first + timedelta(seconds=19))) == []


def test_between_sees_the_hour_that_comes_twice():
    """01:00-02:00 in New York comes twice on 2026-11-01; Quartz fires in the second pass only."""
    found = cron("0 0/15 * * * ? *", "America/New_York")
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    fires = list(found.between(first, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)))
    assert fires == [datetime(2026, 11, 1, 6, minute, tzinfo=UTC) for minute in (0, 15, 30)]
