"""Pages of a list by where they begin, not by their number: the deepest page costs what the first one does, and nothing is counted whole.

Enters: querysets without an order of their own, and the address's `after` or `before`. Leaves: the rows of one page and the cursors of its
neighbours. It stands in the lowest package because the trail is the longest list there is; everybody above may import it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.timezone import is_aware

from audit.moments import in_utc

AFTER: Final = "after"
BEFORE: Final = "before"  # empty: the last page
COUNTED: Final = 1_000  # more are "1,000+"
SIZE: Final = 50
_BETWEEN: Final = "~"

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """One page. `newer` and `older` are cursors, None at an end; `count` stops at COUNTED, then `is_more`; None: not counted."""

    rows: list[Row]
    newer: str | None
    older: str | None
    count: int | None
    is_more: bool

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_others(self) -> bool:
        return self.newer is not None or self.older is not None


def listed(
    query: Mapping[str, str],
    *segments: "QuerySet[Row]",
    by: Sequence[str],
    size: int = SIZE,
    count: bool = True,
    whole: "QuerySet[Row] | None" = None,
) -> Listed[Row]:
    """Return the page the address asks for.

    `by` are fields as in `order_by`, never null, together unique, best those of an index. Several segments follow one another, each in that
    order: what a CASE in ORDER BY would do, without the sorting of all rows. A cursor that cannot be read is the first page.
    `whole` is all segments as one, where there is such a queryset: it is counted in one go.
    """
    before = query.get(BEFORE)
    cursor = _read(query.get(AFTER) if before is None else before, segments, by)
    backward = before is not None and (before == "" or cursor is not None)
    rows = list(_rows(segments, by, cursor, backward, size + 1))
    if cursor is not None and len(rows) <= (size if backward else 0):  # the beginning: a whole page, not a rest of one
        backward, cursor = False, None
        rows = list(_rows(segments, by, None, False, size + 1))
    is_cut, rows = len(rows) > size, rows[:size]
    if backward:
        rows.reverse()
    newer = is_cut if backward else cursor is not None
    older = cursor is not None if backward else is_cut
    return _listed(rows, newer, older, (whole,) if whole is not None else segments, by, count)


def counted(*segments: "QuerySet[Any]", most: int = COUNTED) -> tuple[int, bool]:
    """Return (rows, whether there are more): no more than `most` are ever looked at."""
    found = 0
    for rows in segments:
        found += rows.order_by()[: most + 1 - found].count() if found <= most else 0
    return min(found, most), found > most


def _listed(
    rows: "list[tuple[int, Row]]",
    newer: bool,
    older: bool,
    segments: "Sequence[QuerySet[Row]]",
    by: Sequence[str],
    count: bool,
) -> Listed[Row]:
    number: int | None = len(rows)
    is_more = False
    if newer or older:
        number, is_more = counted(*segments) if count else (None, False)
    return Listed(
        rows=[row for _segment, row in rows],
        newer=_written(*rows[0], by) if newer and rows else None,
        older=_written(*rows[-1], by) if older and rows else None,
        count=number,
        is_more=is_more,
    )


def _rows(
    segments: "Sequence[QuerySet[Row]]", by: Sequence[str], cursor: "_Cursor | None", backward: bool, wanted: int
) -> "Iterator[tuple[int, Row]]":
    """Yield (segment, row) from the cursor on, as many as are wanted."""
    order = [_turned(field) for field in by] if backward else list(by)
    numbers = range(len(segments))
    for number in reversed(numbers) if backward else numbers:
        rows = segments[number].order_by(*order)
        if cursor is not None and number == cursor.segment:
            rows = rows.filter(_beyond(order, cursor.values))
        elif cursor is not None and (number > cursor.segment) == backward:
            continue
        for row in rows[:wanted]:
            wanted -= 1
            yield number, row
        if not wanted:
            return


@dataclass(frozen=True, slots=True)
class _Cursor:
    segment: int
    values: list[Any]


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """`a <= 1 AND (a < 1 OR b < 2)`: the form whose first half every database looks up in an index."""
    field, value = order[0], values[0]
    name, sign = (field[1:], "lt") if field.startswith("-") else (field, "gt")
    strictly = Q(**{f"{name}__{sign}": value})
    if len(order) == 1:
        return strictly
    return Q(**{f"{name}__{sign}e": value}) & (strictly | _beyond(order[1:], values[1:]))


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _written(segment: int, row: models.Model, by: Sequence[str]) -> str:
    """Return the place of a row as text; that of one field in the first segment is its value as it is."""
    values = [_value(row, field.removeprefix("-")) for field in by]
    return _BETWEEN.join([*([str(segment)] if segment else []), *map(_escaped, values)])


def _value(row: Any, path: str) -> str:
    for name in path.split("__"):
        row = getattr(row, name)
    return row.isoformat() if isinstance(row, datetime) else str(row)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace(_BETWEEN, "%7E")


def _read(text: str | None, segments: "Sequence[QuerySet[Row]]", by: Sequence[str]) -> "_Cursor | None":
    if not text:
        return None
    parts = [part.replace("%7E", _BETWEEN).replace("%25", "%") for part in text.split(_BETWEEN)]
    segment = parts.pop(0) if len(parts) == len(by) + 1 else "0"
    if len(parts) != len(by) or segment not in map(str, range(len(segments))):
        return None
    model = segments[0].model
    try:
        values = [_typed(model, name.removeprefix("-"), part) for name, part in zip(by, parts, strict=True)]
    except (ValidationError, FieldDoesNotExist):
        return None
    return _Cursor(int(segment), values)


def _typed(model: type[models.Model], path: str, text: str) -> Any:
    """Return the value as the field has it. Raises ValidationError for anything that may not reach the database."""
    *through, name = path.split("__")
    for step in through:
        related: Any = model._meta.get_field(step).related_model
        model = related
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    value = field.to_python(text)
    field.run_validators(value)
    if not isinstance(value, datetime):
        return value
    moment = in_utc(value) if is_aware(value) else None
    if moment is None:
        raise ValidationError("a moment without a zone, or beyond the calendar")
    return moment
