"""Periods: what a text names, in the site's zone, to the microsecond; what it may not name."""

from datetime import UTC, date, datetime, timedelta

import pytest

from operations.reports.period import InvalidPeriod, midnight, parse, recent, this_quarter, today


@pytest.mark.parametrize(
    ("text", "name", "first", "last", "before"),
    [
        ("2026-Q4", "2026-Q4", "2026-10-01", "2026-12-31", "2026-Q3"),
        ("2026-Q1", "2026-Q1", "2026-01-01", "2026-03-31", "2025-Q4"),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29", "2024-01"),
        ("2026-01", "2026-01", "2026-01-01", "2026-01-31", "2025-12"),
        ("2026-W01", "2026-W01", "2025-12-29", "2026-01-04", "2025-W52"),
        ("2020-W53", "2020-W53", "2020-12-28", "2021-01-03", "2020-W52"),
        ("2026-11-26", "2026-11-26", "2026-11-26", "2026-11-26", "2026-11-25"),
        ("2026-11-26..2026-11-26", "2026-11-26", "2026-11-26", "2026-11-26", "2026-11-25"),
        ("2026-11-01..2026-11-26", "2026-11-01..2026-11-26", "2026-11-01", "2026-11-26", "2026-10-06..2026-10-31"),
    ],
)
def test_a_text_names_days(text, name, first, last, before):
    found = parse(text)
    assert (found.name, str(found.first), str(found.last), found.before.name) == (name, first, last, before)
    assert parse(found.name) == found and parse(before) == found.before
    assert found.before.until == found.since, "nothing is lost between them"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "Q4",
            "2026",
            "2026-Q5",
            "2026-Q0",
            "2026-13",
            "2026-00",
            "2026-W54",
            "2025-W53",
            "2026-02-30",
            "26-11-01",
        ),
        *(
            "2026-11-26..2026-11-25",
            "..2026-11-26",
            "2026-11-26...2026-11-27",
            "2026-1-1",
            "2026-Q4 ",
            "2026-Q4\n",
            "２０２６-Q4",
        ),
        *("0000-Q1", "9999-Q4", "1969-12", "2024-01-01..2025-02-05", "2026-11-26T00:00", "today"),
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(InvalidPeriod) as error:
        parse(text)
    assert error.value.extra == {"field": "period"}


def test_400_days_are_the_most():
    assert len(parse("2024-01-01..2025-02-03").days) == 400


def test_without_an_end_it_is_until_today():
    assert parse(f"{today() - timedelta(3)}..").last == today()
    assert parse(f"{today() + timedelta(3)}..").days == [today() + timedelta(3)]


def test_days_begin_where_the_site_is(settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    found = parse("2026-11")
    assert found.since.astimezone(UTC) == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert found.until.astimezone(UTC) == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_days_of_23_and_25_hours(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    lengths = {day: _hours(day) for day in ("2026-03-28", "2026-03-29", "2026-10-25")}
    assert lengths == {"2026-03-28": 24, "2026-03-29": 23, "2026-10-25": 25}


def test_a_day_without_midnight_begins_with_the_hour_after(settings):
    settings.TIME_ZONE = "America/Sao_Paulo"  # clocks went from 0:00 to 1:00 that day
    assert midnight(date(2018, 11, 4)).astimezone(UTC) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert parse("2018-11-03").until == parse("2018-11-04").since
    assert _hours("2018-11-04") == 23


def test_what_is_offered_can_be_read():
    assert [parse(period.name) for period in recent()] == recent()
    assert recent()[0] == this_quarter()
    assert not this_quarter().is_over and this_quarter().before.is_over


def _hours(day: str) -> float:
    found = parse(day)
    return (found.until.astimezone(UTC) - found.since.astimezone(UTC)).total_seconds() / 3600
