"""Changes as sentences, in the reader's language. Letters stand beside colours, so that colour is never needed.

Values come masked. A very large comparison stays bounded: of each part no more than `limit` sentences, and how many more there are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from definitions.changes import PARAMETER_KINDS, RELATION_KINDS, SCHEDULE_KINDS, TASK_KINDS
from definitions.compare import Change, Comparison, Kind, same
from versions.scripts.sequence_diff import Cells
from versions.scripts.text_lines import lines
from versions.wording.edges import Edge, edges
from versions.wording.field_names import field_name
from versions.wording.list_changes import list_changes
from versions.wording.moved_boxes import moved_boxes, told
from versions.wording.parts import is_switch, join, parts
from versions.wording.plain_text import name as plain_name
from versions.wording.values import NO_NAMES, Names, is_secret, pair, short_secret, shown

__all__ = ["ADDED", "LIMIT", "MODIFIED", "REMOVED", "SETTING", "Sentence", "field_name", "sentences"]

ADDED, REMOVED, MODIFIED, SETTING = "A", "D", "M", "S"
LIMIT: Final = 200  # sentences of one part

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`anchor` is the id of the place on the page that shows more, "" where there is none."""

    mark: str
    text: str
    anchor: str = ""


def sentences(
    comparison: Comparison, *, with_layout: bool = False, names: Names = NO_NAMES, limit: int | None = LIMIT
) -> list[Sentence]:
    """Return one sentence a change; all changes of one task stand in one. `names` tells what codes in values stand for."""
    label = comparison.of(Kind.LABEL_CHANGED)
    cells = Cells()
    others = [change for change in comparison.changes if change.kind not in _TOLD]
    found = [_label(change) for change in label]
    found += _bounded(_by_task(comparison), lambda task: _task(task, names, cells), limit, _more_tasks)
    found += _bounded(edges(comparison), _edge, limit, _more_dependencies)
    found += _bounded(comparison.of(*PARAMETER_KINDS), _parameter, limit, _more_parameters)
    settings = (_setting(change, names, cells) for change in (*comparison.of(Kind.SETTING_CHANGED), *others))
    found += [sentence for several in settings for sentence in several]
    found += [_schedule(change, names, cells) for change in comparison.of(*SCHEDULE_KINDS)]
    return found + (_layout(comparison) if with_layout else [])


_TOLD: Final = {
    *TASK_KINDS,
    *RELATION_KINDS,
    *PARAMETER_KINDS,
    *SCHEDULE_KINDS,
    Kind.LABEL_CHANGED,
    Kind.SETTING_CHANGED,
    Kind.LAYOUT_CHANGED,
}


def _bounded(
    items: Sequence[T], say: Callable[[T], Sentence], limit: int | None, more: Callable[[int], str]
) -> Iterator[Sentence]:
    yield from map(say, islice(items, limit))
    if limit is not None and len(items) > limit:
        yield Sentence(MODIFIED, more(len(items) - limit))


def _by_task(comparison: Comparison) -> list[list[Change]]:
    tasks: dict[int, list[Change]] = {}
    for change in comparison.of(*TASK_KINDS):
        tasks.setdefault(change.task or 0, []).append(change)
    return list(tasks.values())


def _task(changes: list[Change], names: Names, cells: Cells) -> Sentence:
    first = changes[0]
    anchor = f"task-{first.task}"
    called = plain_name(first.name)
    if first.kind == Kind.TASK_ADDED:
        return Sentence(
            ADDED, _("Task %(name)s added (%(what)s)") % {"name": called, "what": _what(first.after)}, anchor
        )
    if first.kind == Kind.TASK_REMOVED:
        text = _("Task %(name)s removed (%(what)s)") % {"name": called, "what": _what(first.before)}
        return Sentence(REMOVED, text, anchor)
    return Sentence(MODIFIED, _alone(changes, called) or _several(changes, called, names, cells), anchor)


def _alone(changes: list[Change], called: str) -> str:
    """Return the sentence of a change that has its own when it is the only one."""
    if len(changes) > 1:
        return ""
    (change,) = changes
    if change.kind == Kind.TASK_RENAMED:
        return _("Task %(before)s renamed to %(name)s") % {"before": plain_name(str(change.before)), "name": called}
    if change.field == "flag" and is_switch(change.before, change.after):
        text = _("Task %(name)s disabled") if change.after == "NO" else _("Task %(name)s enabled again")
        return text % {"name": called}
    return ""


def _several(changes: Iterable[Change], called: str, names: Names, cells: Cells) -> str:
    return _("Task %(name)s: %(changes)s") % {"name": called, "changes": join(parts(changes, names, cells))}


def _what(task: Any) -> str:
    """Return a task's type and the length of its script."""
    task = task if isinstance(task, dict) else {}
    params = task.get("taskParams")
    params = params if isinstance(params, dict) else {}
    script = next((params[key] for key in ("rawScript", "sql") if isinstance(params.get(key), str)), "")
    kind = shown("", task.get("taskType"))
    count = len(lines(script))
    length = ngettext("%(count)s line", "%(count)s lines", count) % {"count": count}
    return join([kind, length]) if script else kind


def _edge(edge: Edge) -> Sentence:
    called = plain_name(edge.name)
    match edge.what:
        case "added" if edge.others:
            return Sentence(ADDED, _("Dependency %(name)s added once more") % {"name": called})
        case "added":
            return Sentence(ADDED, _("Dependency %(name)s added") % {"name": called})
        case "removed" if edge.others:
            text = ngettext(
                "One of %(count)s dependency %(name)s removed",
                "One of %(count)s dependencies %(name)s removed",
                edge.others + 1,
            )
            return Sentence(REMOVED, text % {"name": called, "count": edge.others + 1})
        case "removed":
            return Sentence(REMOVED, _("Dependency %(name)s removed") % {"name": called})
        case "starts":
            return Sentence(MODIFIED, _("Task %(name)s now begins with the workflow") % {"name": called})
        case "starts too":
            return Sentence(MODIFIED, _("Task %(name)s now begins with the workflow, too") % {"name": called})
        case "waits":
            return Sentence(MODIFIED, _("Task %(name)s no longer begins with the workflow") % {"name": called})
    if _only_named(edge):
        before, after = pair("name", (edge.before or {}).get("name"), (edge.after or {}).get("name"))
        values = {"name": called, "before": before, "after": after}
        return Sentence(MODIFIED, _("Dependency %(name)s: name %(before)s → %(after)s") % values)
    return Sentence(MODIFIED, _("Condition on %(name)s changed") % {"name": called})


def _only_named(edge: Edge) -> bool:
    before, after = ({**(value or {}), "name": ""} for value in (edge.before, edge.after))
    return same(before, after)


def _label(change: Change) -> Sentence:
    before, after = plain_name(str(change.before)), plain_name(str(change.after))
    if before == after:
        before, after = pair("", change.before, change.after)
    return Sentence(MODIFIED, _("Renamed from %(before)s to %(after)s") % {"before": before, "after": after})


def _parameter(change: Change) -> Sentence:
    before, after = ([] if value is None else [value] for value in (change.before, change.after))
    listed = list_changes("globalParams", before, after)
    called = plain_name(change.field.partition(".")[2])
    one = listed.entries[0] if listed and len(listed.entries) == 1 else change
    old, new = pair("", one.before, one.after)
    if is_secret(one.before) and is_secret(one.after):
        values = {"name": called, "before": short_secret(old), "after": short_secret(new)}
        return Sentence(MODIFIED, _("Parameter %(name)s changed (%(before)s → %(after)s)") % values)
    values = {"name": called, "before": old, "after": new}
    match change.kind:
        case Kind.PARAMETER_ADDED:
            return Sentence(ADDED, _("Parameter %(name)s added: %(after)s") % values)
        case Kind.PARAMETER_REMOVED:
            return Sentence(REMOVED, _("Parameter %(name)s removed: %(before)s") % values)
    return Sentence(MODIFIED, _("Parameter %(name)s: %(before)s → %(after)s") % values)


def _setting(change: Change, names: Names, cells: Cells) -> Iterator[Sentence]:
    """Yield the sentences of a workflow's own setting; also of a change of a kind this page does not know."""
    for part in parts([change], names, cells):
        yield Sentence(SETTING, _("Workflow: %(change)s") % {"change": part})


def _schedule(change: Change, names: Names, cells: Cells) -> Sentence:
    whole = change.after or change.before
    cron = shown("crontab", whole.get("crontab")) if isinstance(whole, dict) else ""
    match change.kind:
        case Kind.SCHEDULE_ADDED:
            return Sentence(ADDED, _("Schedule added: %(cron)s") % {"cron": cron})
        case Kind.SCHEDULE_REMOVED:
            return Sentence(REMOVED, _("Schedule removed: %(cron)s") % {"cron": cron})
    if change.field == "crontab":
        before, after = pair(change.field, change.before, change.after, names)
        return Sentence(MODIFIED, _("Schedule %(before)s → %(after)s") % {"before": before, "after": after})
    return Sentence(MODIFIED, _("Schedule: %(change)s") % {"change": join(parts([change], names, cells))})


def _layout(comparison: Comparison) -> list[Sentence]:
    moved = moved_boxes(comparison)
    return [Sentence(SETTING, told(moved))] if moved else []


def _more_tasks(count: int) -> str:
    return ngettext("and %(count)s more task", "and %(count)s more tasks", count) % {"count": f"{count:,}"}


def _more_dependencies(count: int) -> str:
    text = ngettext("and %(count)s more dependency", "and %(count)s more dependencies", count)
    return text % {"count": f"{count:,}"}


def _more_parameters(count: int) -> str:
    return ngettext("and %(count)s more parameter", "and %(count)s more parameters", count) % {"count": f"{count:,}"}
