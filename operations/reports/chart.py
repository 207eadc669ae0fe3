"""Bars drawn by the server: places in a drawing of its own units, as text, so that no language writes them its own way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from operations.reports.count_versions import Ends

WIDTH, HEIGHT, LOW = 960, 200, 110
_LEFT, _TOP, _BOTTOM = 44, 8, 24
_STEPS: Final = (1, 2, 5)
_LABELS: Final = 8  # days named below


@dataclass(frozen=True, slots=True)
class Bar:
    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """One day: its parts, and what it says when pointed at."""

    title: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across at a height, or a day's name below."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    columns: list[Column]
    lines: list[Mark]
    labels: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT


def chart(days: Mapping[date, Ends]) -> Chart:
    """Draw the publishes of each day, one bar a day."""
    titles = {day: _title(day, ends) for day, ends in days.items()}
    return _drawn({day: parts(ends) for day, ends in days.items()}, titles, HEIGHT)


def small_chart(days: Mapping[date, int], kind: str) -> Chart:
    """Draw how many of one kind each day has."""
    titles = {day: f"{day}: {number}" for day, number in days.items()}
    return _drawn({day: {kind: number} for day, number in days.items()}, titles, LOW)


def _drawn(days: Mapping[date, dict[str, int]], titles: Mapping[date, str], height: int) -> Chart:
    top = _round_up(max((sum(each.values()) for each in days.values()), default=0))
    step = (WIDTH - _LEFT) / max(len(days), 1)
    columns = [
        Column(titles[day], _bars(each, _LEFT + step * number, step, (top, height)))
        for number, (day, each) in enumerate(days.items())
        if any(each.values())
    ]
    marks = sorted({0, top // 2 if top > 1 else 0, top})
    lines = [Mark(_text(_height(value, (top, height))), str(value)) for value in marks]
    return Chart(columns, lines, _labels(list(days), step), height=height)


def parts(ends: Ends) -> dict[str, int]:
    """Return the parts of a bar from below, and how many each: unconfirmed stands with failed, cancelled with open."""
    counts = ends.by_end
    return {
        "succeeded": counts["succeeded"],
        "failed": counts["failed"] + counts["unconfirmed"],
        "open": counts["open"] + counts["cancelled"],
    }


def strip(ends: Ends, most: int) -> list[Bar]:
    """Draw one row of a table as a bar of 100 units, in which the largest row fills all."""
    found, at = [], 0.0
    for kind, number in parts(ends).items():
        length = 100 * number / most if most else 0
        if length:
            found.append(Bar(kind, _text(at), "0", _text(length), "10"))
        at += length
    return found


def _bars(each: dict[str, int], left: float, step: float, scale: tuple[int, int]) -> list[Bar]:
    """Stand the parts of a day on one another. `scale`: the value at the top, and the drawing's height."""
    found, below = [], 0
    gap = min(step * 0.2, 3)
    for kind, number in each.items():
        if number:
            upper, lower = _height(below + number, scale), _height(below, scale)
            place = (_text(left + gap / 2), _text(upper), _text(step - gap), _text(lower - upper))
            found.append(Bar(kind, *place))
        below += number
    return found


def _title(day: date, ends: Ends) -> str:
    said = _("%(day)s: %(all)d publishes, %(succeeded)d succeeded, %(failed)d failed or unconfirmed")
    return said % {"day": day, "all": ends.accepted, **parts(ends)}


def _labels(days: Sequence[date], step: float) -> list[Mark]:
    every = max(1, -(-len(days) // _LABELS))
    return [
        Mark(_text(_LEFT + step * number), date_format(day, "m-d"))
        for number, day in enumerate(days)
        if number % every == 0
    ]


def _height(value: int, scale: tuple[int, int]) -> float:
    """Return how far from the top of the drawing a value stands."""
    top, height = scale
    space = height - _TOP - _BOTTOM
    return _TOP + space - space * value / top


def _round_up(value: int) -> int:
    """Return the next of 1, 2, 5, 10, 20, 50 …"""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= value:
                return step * power
        power *= 10


def _text(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
