"""The comparator: two definitions in canonical form in, typed changes out. Badge, list, page, API, proof and drift use this one.

It tells 1, 1.0 and true apart, as the hash does: no change is found exactly when all hashes are equal. The names of its parts are
offered from here too.
"""

import marshal
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import replace
from typing import Any, Final

from definitions import fields
from definitions.canonical import relation_bytes
from definitions.changes import Change, Comparison, Kind, from_json, summary, to_json
from definitions.document import Document, Json
from definitions.masked import masked
from definitions.parameters import by_prop, in_one_order

__all__ = ["Change", "Comparison", "Kind", "compare", "from_json", "masked", "same", "summary", "to_json"]

Difference = tuple[tuple[str, ...], Any, Any, bool, bool]  # path, before, after, before_absent, after_absent
_ABSENT: Final = object()


def compare(left: Document | None, right: Document, *, same_tasks: Set[int] = frozenset()) -> Comparison:
    """Compare two canonical documents; left None: everything is new.

    `same_tasks` are codes known to be equal by their hashes; they are not looked into.
    """
    base = left or Document(name=right.name, settings={}, tasks={}, relations=[], layout={}, schedule=None)
    return Comparison(
        (
            *_label(base, right),
            *_settings(base.settings, right.settings),
            *_tasks(base, right, same_tasks),
            *_relations(base, right),
            *_schedule(base.schedule, right.schedule),
            *_layout(base, right),
        )
    )


def same(left: Any, right: Any) -> bool:
    """Equality of JSON values that tells 1, 1.0 and true apart."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float):
        return repr(left) == repr(right)  # -0.0 is not 0.0 in JSON
    return bool(left == right)


def _label(left: Document, right: Document) -> Iterator[Change]:
    if left.name != right.name:
        yield Change(Kind.LABEL_CHANGED, field="name", before=left.name, after=right.name, path=("name",))


def _settings(left: Json, right: Json) -> Iterator[Change]:
    for difference in _differences(left, right, fields.SETTINGS_DEFAULTS):
        path, before, after, *_ = difference
        old, new = (by_prop(before), by_prop(after)) if path == ("globalParams",) else (None, None)
        if old is None or new is None or not in_one_order(old, new):
            yield _field(Kind.SETTING_CHANGED, difference)
        else:
            yield from _parameters(old, new)


def _parameters(old: dict[str, Json], new: dict[str, Json]) -> Iterator[Change]:
    places = {prop: index for index, prop in enumerate(new)}
    for prop in [*old, *(prop for prop in new if prop not in old)]:
        path = ("globalParams", prop)
        change = Change(
            Kind.PARAMETER_CHANGED, field=".".join(path), path=path, before=old.get(prop), after=new.get(prop)
        )
        if prop not in old:
            yield replace(change, kind=Kind.PARAMETER_ADDED, before_absent=True, index=places[prop])
        elif prop not in new:
            yield replace(change, kind=Kind.PARAMETER_REMOVED, after_absent=True)
        elif not same(old[prop], new[prop]):
            yield change


def _field(kind: Kind, difference: Difference, task: int | None = None, name: str = "") -> Change:
    path, before, after, before_absent, after_absent = difference
    return Change(kind, task, name, ".".join(path), before, after, path, before_absent, after_absent)


def _tasks(left: Document, right: Document, same_tasks: Set[int]) -> Iterator[Change]:
    twins = _twins(left, right)
    for code in sorted(left.tasks.keys() | right.tasks.keys()):
        before, after = left.tasks.get(code), right.tasks.get(code)
        if before is None and after is not None:
            yield Change(Kind.TASK_ADDED, code, _name(after), after=after, twin=twins.get(code))
        elif after is None and before is not None:
            yield Change(Kind.TASK_REMOVED, code, _name(before), before=before, twin=twins.get(code))
        elif code not in same_tasks and before is not None and after is not None:
            yield from _task(code, before, after)


def _twins(left: Document, right: Document) -> dict[int, int]:
    """Return, both ways, the codes of tasks that went and of those that came with the same name and type, as by copy and paste."""
    gone, come = left.tasks.keys() - right.tasks.keys(), right.tasks.keys() - left.tasks.keys()
    if not gone or not come:
        return {}
    looks = {_looks(left.tasks[code]): code for code in sorted(gone, reverse=True)}
    pairs: dict[int, int] = {}
    for code in sorted(come):
        other = looks.pop(_looks(right.tasks[code]), None)
        if other is not None:
            pairs |= {code: other, other: code}
    return pairs


def _looks(task: Json) -> tuple[str, str]:
    return _name(task), str(task.get("taskType", ""))


def _name(task: Json) -> str:
    return str(task.get("name", ""))


def _task(code: int, before: Json, after: Json) -> Iterator[Change]:
    name = _name(after)
    for difference in _differences(before, after, fields.TASK_DEFAULTS):
        kind = Kind.TASK_RENAMED if difference[0] == ("name",) else Kind.TASK_MODIFIED
        yield _field(kind, difference, code, name)


def _differences(left: Json, right: Json, defaults: Json, prefix: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield each differing field; objects are looked into, an omitted default is shown."""
    for key in sorted(left.keys() | right.keys()):
        before, after = left.get(key, _ABSENT), right.get(key, _ABSENT)
        if same(before, after):
            continue
        if _is_looked_into(before) and _is_looked_into(after):
            yield from _differences(before, after, {}, (*prefix, key))
        else:
            default = defaults.get(key)
            shown = (default if before is _ABSENT else before), (default if after is _ABSENT else after)
            yield (*prefix, key), shown[0], shown[1], before is _ABSENT, after is _ABSENT


def _is_looked_into(value: Any) -> bool:
    """A parameter, which has a `prop`, is shown whole: its name says whether its value is a secret."""
    return isinstance(value, dict) and bool(value) and not isinstance(value.get("prop"), str)


def _relations(left: Document, right: Document) -> Iterator[Change]:
    if _is_alike(left.relations, right.relations):
        return
    old, new = Counter(map(relation_bytes, left.relations)), Counter(map(relation_bytes, right.relations))
    for kind, extra, document in (
        (Kind.RELATION_REMOVED, old - new, left),
        (Kind.RELATION_ADDED, new - old, right),
    ):
        # DolphinScheduler keeps an edge that is given twice, so edges are counted.
        by_bytes = {relation_bytes(relation): relation for relation in document.relations} if extra else {}
        differing = sorted((by_bytes[key] for key in extra.elements()), key=_ends)
        others = Counter(map(_codes, document.relations if extra else ()))
        others.subtract(map(_codes, differing))
        for relation in differing:
            stay = others[_codes(relation)]
            change = Change(kind, relation["postTaskCode"], _edge(document, relation), others=stay)
            added = kind == Kind.RELATION_ADDED
            yield replace(change, after=relation) if added else replace(change, before=relation)


def _is_alike(left: Any, right: Any) -> bool:
    """Whether two JSON values are certainly the same, types included; False says nothing.

    Most edits leave relations and positions as they were, and looking at each would be half of a comparison's time. Format 2 of marshal is
    the newest without back references: what it writes depends on the values alone.
    """
    return marshal.dumps(left, 2) == marshal.dumps(right, 2)


def _ends(relation: Json) -> tuple[int, int, bytes]:
    """Order edges as people read them; what is no code comes first."""
    return *_codes(relation), relation_bytes(relation)


def _codes(relation: Json) -> tuple[int, int]:
    pre, post = (end if isinstance(end, int) else 0 for end in (relation["preTaskCode"], relation["postTaskCode"]))
    return pre, post


def _edge(document: Document, relation: Json) -> str:
    ends = (relation["preTaskCode"], relation["postTaskCode"])
    return " → ".join(
        _name(document.tasks[code]) if isinstance(code, int) and code in document.tasks else "·" for code in ends
    )


def _schedule(left: Json | None, right: Json | None) -> Iterator[Change]:
    if left is None and right is not None:
        yield Change(Kind.SCHEDULE_ADDED, after=right)
    elif right is None and left is not None:
        yield Change(Kind.SCHEDULE_REMOVED, before=left)
    elif left is not None and right is not None:
        for difference in _differences(left, right, fields.SCHEDULE_DEFAULTS):
            yield _field(Kind.SCHEDULE_CHANGED, difference)


def _layout(left: Document, right: Document) -> Iterator[Change]:
    old, new = left.layout or {}, right.layout or {}
    if _is_alike(old, new):
        return
    for code in sorted(old.keys() | new.keys()):
        before, after = old.get(code), new.get(code)
        if not same(before, after):
            name = _name(right.tasks.get(code) or left.tasks.get(code) or {})
            yield Change(Kind.LAYOUT_CHANGED, code, name, "position", before, after)
