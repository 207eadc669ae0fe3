"""What changed inside a list: parameters by name, resources by name, what a task waits for, a switch's branches.

Enters: two JSON values. Leaves: entries with a label and the value on either side, None where it is absent. None for the whole where the
values are no such list, or an entry can't be told from another: then the values are shown as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from definitions.compare import same
from versions.wording.plain_text import one_line
from versions.wording.values import NO_NAMES, WORDS, Names, by_name, in_brackets, shown

Json = dict[str, Any]
PRESENT: Final = "✓"  # the value of an entry that has none besides its name


@dataclass(frozen=True, slots=True)
class Entry:
    """`label` says which entry; `before` and `after` in words, None where it is absent."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ListChanges:
    """`before` and `after` hold all labels where what stands on both sides stands in another order, else nothing."""

    entries: tuple[Entry, ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def reordered(self) -> bool:
        return bool(self.before)


_ABSENT: Final = (None, None)
Keyed = tuple[str, str]  # label, value in words
Reader = Callable[[Any, Names], Keyed]

DATES: Final = {
    "today": gettext_lazy("today"),
    "last1Days": gettext_lazy("yesterday"),
    "last2Days": gettext_lazy("the last 2 days"),
    "last3Days": gettext_lazy("the last 3 days"),
    "last7Days": gettext_lazy("the last 7 days"),
    "thisWeek": gettext_lazy("this week"),
    "lastWeek": gettext_lazy("last week"),
    "thisMonth": gettext_lazy("this month"),
    "lastMonth": gettext_lazy("last month"),
    "lastMonthBegin": gettext_lazy("the first day of last month"),
    "lastMonthEnd": gettext_lazy("the last day of last month"),
    "currentHour": gettext_lazy("this hour"),
    "last1Hour": gettext_lazy("the last hour"),
    "last2Hours": gettext_lazy("the last 2 hours"),
    "last3Hours": gettext_lazy("the last 3 hours"),
    "last24Hours": gettext_lazy("the last 24 hours"),
}


def list_changes(field: str, before: Any, after: Any, names: Names = NO_NAMES) -> ListChanges | None:
    """Return the entries that differ, in the order of before and then of after; one of both values may be absent."""
    reader = _READERS.get(field)
    if reader is None:
        return None
    many = any(isinstance(value, list) and len(value) > 1 for value in (before, after))
    old, new = (_keyed(field, value, reader, names, many) for value in (before, after))
    if old is None or new is None:
        return None
    entries = tuple(
        Entry(label, old.get(label, _ABSENT)[1], new.get(label, _ABSENT)[1])
        for label in [*old, *(label for label in new if label not in old)]
        if not same(old.get(label, _ABSENT)[0], new.get(label, _ABSENT)[0])
    )
    reordered = [label for label in old if label in new] != [label for label in new if label in old]
    if any(entry.before == entry.after for entry in entries) or not (entries or reordered):
        return None
    return ListChanges(entries, *((tuple(old), tuple(new)) if reordered else ()))


def _keyed(
    field: str, value: Any, reader: Reader, names: Names, many: bool
) -> dict[str, tuple[Any, str | None]] | None:
    """Return (entry, value in words) by label, None where labels are not distinct."""
    try:
        items = _groups(value, many) if field in _GROUPED else [("", item) for item in value or []]
        read = [(group, item, reader(item, names)) for group, item in items]
    except (KeyError, TypeError, AttributeError, ValueError):  # not as DolphinScheduler's pages write it
        return None
    keyed: dict[str, tuple[Any, str | None]] = {label + group: (item, words) for group, item, (label, words) in read}
    return keyed if len(keyed) == len(items) else None


def _groups(value: Any, many: bool) -> list[tuple[str, Json]]:
    """Return the items of all groups; where there are more groups than one, each says its own and how it joins."""
    return [
        (_group(number, group["relation"]) if many or group["relation"] != "AND" else "", item)
        for number, group in enumerate(value or [], 1)
        for item in group["dependItemList"]
    ]


def _group(number: int, relation: Any) -> str:
    joined = WORDS["taskParams.dependence.relation"].get(relation, relation)
    return _(" (group %(number)s, %(relation)s)") % {"number": number, "relation": joined}


def _parameter(item: Json, names: Names) -> Keyed:
    """What is usual, an input of text, is not said."""
    usual = {"direct": "IN", "type": "VARCHAR"}
    rest = [str(item[key]) for key in usual if item.get(key, usual[key]) != usual[key]]
    rest += [f"{key} {item[key]}" for key in sorted(item.keys() - {"prop", "value", *usual})]
    return one_line(item["prop"]), _with(shown("", item.get("value")), rest)


def _http_parameter(item: Json, names: Names) -> Keyed:
    place = item.get("httpParametersType")
    return one_line(item["prop"]), _with(
        shown("", item.get("value")), [str(place)] if place not in (None, "PARAMETER") else []
    )


def _resource(item: Json, names: Names) -> Keyed:
    """3.1 keeps ids, 3.2 and later names."""
    name = item.get("resourceName") or item.get("fullName") or item.get("res")
    return (one_line(str(name)) if name else f"#{int(item['id'])}"), PRESENT


def _dependency(item: Json, names: Names) -> Keyed:
    """An item of DEPENDENT names a workflow and when; one of CONDITIONS a task and its state."""
    task = item.get("depTaskCode", 0)
    if "definitionCode" not in item:
        return by_name(task, names), str(item["status"])
    which = by_name(item["definitionCode"], names) + (f" / {by_name(task, names)}" if task and task != -1 else "")
    when = str(DATES.get(str(item.get("dateValue")), item.get("dateValue", "")))
    return which, _with(when, [str(item["cycle"])] if item.get("cycle") not in (None, "day") else [])


def _statement(item: str, names: Names) -> Keyed:
    return f'"{one_line(item)}"', PRESENT


def _branch(item: Json, names: Names) -> Keyed:
    return f'"{one_line(str(item["condition"]))}"', by_name(item.get("nextNode"), names)


def _with(value: str, rest: list[str]) -> str:
    return value + in_brackets(one_line(", ".join(rest))) if rest else value


_GROUPED: Final = frozenset({"taskParams.dependence.dependTaskList"})
_READERS: Final[dict[str, Reader]] = {
    "globalParams": _parameter,
    "taskParams.localParams": _parameter,
    "taskParams.httpParams": _http_parameter,
    "taskParams.resourceList": _resource,
    "taskParams.preStatements": _statement,
    "taskParams.postStatements": _statement,
    "taskParams.switchResult.dependTaskList": _branch,
    "taskParams.dependence.dependTaskList": _dependency,
}
