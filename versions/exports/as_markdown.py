"""A comparison as Markdown for people: a table of the sides, sentences, then fields as tables and scripts as fenced diffs.

Whatever comes from a definition is escaped: it can be no markup, no HTML, no link, and end no fence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from definitions.changes import RELATION_KINDS, TASK_KINDS
from definitions.compare import Change, Comparison, Kind
from snapshotter.masking import masked_value
from versions.changed_parts import other_than_tasks
from versions.comparison import Side
from versions.exports.parts import Exported, bytes_of, fitting, side_name
from versions.exports.pretty import visible
from versions.field_rows import FieldRow, field_rows, is_text, texts
from versions.scripts.hunks import hunks
from versions.scripts.sequence_diff import Cells
from versions.settings_diff import setting_rows
from versions.wording.field_names import field_name
from versions.wording.names import changed_names, refers_to_tasks, task_names
from versions.wording.plain_text import cut_pair
from versions.wording.sentences import sentences
from versions.wording.spread import spread
from versions.wording.values import NO_NAMES, Names

_FIELDS: Final = (Kind.SETTING_CHANGED, Kind.SCHEDULE_CHANGED)  # of these, long values are shown as a diff
_MARKS: Final = {"added": "A", "removed": "D"}
_MARKUP: Final = re.compile(r"([\\`*_\[\]|~@#]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_LONGEST: Final = 400  # characters of a value in a table

Block = list[str]


def as_markdown(parts: Exported) -> str:
    """Return the document in the reader's language."""
    names, cells = _names(parts), Cells()
    blocks = [*_head(parts), *_sentences(parts, names)]
    details = [*_others(parts.shown, cells), *_tasks(parts.shown, names, cells)]
    kept, left_out = fitting(details, bytes_of, parts.limit - sum(map(bytes_of, blocks)))
    return "\n".join(line for block in [*blocks, *kept, *_left_out(left_out, parts)] for line in [*block, ""])


def _names(parts: Exported) -> Names:
    """Return the names of tasks that changed values refer to by code, masked."""
    if not refers_to_tasks(parts.shown):
        return NO_NAMES
    return task_names(*parts.documents()) | changed_names(parts.shown)


def escaped(text: str) -> str:
    """Return the text as one line that Markdown shows as it is."""
    line = " ".join(visible(text).split())
    return _MARKUP.sub(r"\\\1", line).replace("&", "&amp;").replace("<", "&lt;")


def fenced(lines: list[str], language: str) -> Block:
    """Return the lines inside a fence that none of them can end."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]


def _head(parts: Exported) -> Iterator[Block]:
    names = [escaped(side_name(side)) for side in (parts.left, parts.right)]
    key = escaped(parts.left.key or parts.right.key or parts.right.document.name)
    yield [f"# {key}: {names[0]} → {names[1]}"]
    sides = [_about(side) for side in (parts.left, parts.right)]
    rows = [(_("name"), *(side[0] for side in sides)), (_("published by"), *(side[1] for side in sides))]
    rows += [(_("time"), *(side[2] for side in sides)), (_("message"), *(side[3] for side in sides))]
    yield _table(("", *names), rows)


def _about(side: Side) -> tuple[str, str, str, str]:
    """Return name, who, when and why; a name may hold a secret too."""
    if side.snapshot is None:
        return masked_value(side.document.name), _("what DolphinScheduler holds now"), "", ""
    when = side.snapshot.created_at.isoformat(timespec="seconds") if side.snapshot.created_at else ""
    return masked_value(side.snapshot.label), side.snapshot.publisher, when, masked_value(side.snapshot.message)


def _sentences(parts: Exported, names: Names) -> Iterator[Block]:
    said = sentences(parts.shown, with_layout=parts.with_layout, names=names)
    kept, left_out = fitting(
        [f"- **{sentence.mark}** {escaped(sentence.text)}" for sentence in said],
        lambda line: bytes_of([line]),
        parts.limit // 2,
    )
    if kept:
        yield kept
    if left_out:
        yield [_("%(count)s more changes are left out here.") % {"count": len(left_out)}]
    if parts.is_identical:
        yield [_("Both sides are identical.")]
    if hidden := len(parts.hidden.changes):
        text = ngettext(
            "%(count)s change of positions is not shown.", "%(count)s changes of positions are not shown.", hidden
        )
        yield [text % {"count": hidden}]


def _others(comparison: Comparison, cells: Cells) -> Iterator[Block]:
    """Yield name, settings, parameters and schedule as one table, edges as another."""
    others = other_than_tasks(comparison).changes
    if others:
        long = [change for change in others if change.kind in _FIELDS and is_text(change)]
        rows = setting_rows(Comparison(tuple(change for change in others if change not in long)))
        yield [f"## {_('Settings and schedule')}"]
        yield from [_fields(rows)] if rows else []
        yield from (block for change in long for block in _diff(change, cells))
    edges = comparison.of(*RELATION_KINDS)
    if edges:
        yield [f"## {_('Dependencies')}"]
        yield [f"- **{_mark(change)}** {escaped(change.name)}" for change in edges]


def _tasks(comparison: Comparison, names: Names, cells: Cells) -> Iterator[Block]:
    """Yield each task's heading with its table and its scripts as one block."""
    tasks: dict[int, list[Change]] = {}
    for change in comparison.of(*TASK_KINDS):
        tasks.setdefault(change.task or 0, []).append(change)
    for code, changes in tasks.items():
        lines = [f"## {_mark(changes[0])} {escaped(changes[0].name)} ({code})"]
        for block in _details([part for change in changes for part in _parts(change)], names, cells):
            lines += ["", *block]
        yield lines


def _mark(change: Change) -> str:
    return _MARKS.get(change.kind.rpartition("_")[2], "M")


def _parts(change: Change) -> Iterator[Change]:
    """Yield the change field by field; of a whole task the fields that say something."""
    for part in spread(change):
        value = part.after if part.before is None else part.before
        if change.path or value not in ([], {}, "", None):
            yield part


def _details(changes: list[Change], names: Names, cells: Cells) -> Iterator[Block]:
    """Yield a table of the short values, in the page's words, and each text as a diff."""
    short = [change for change in changes if not is_text(change)]
    if short:
        yield _fields([row for change in short for row in _rows(change, names)])
    for change in changes:
        if is_text(change):
            yield from _diff(change, cells)


def _rows(change: Change, names: Names) -> Iterator[FieldRow]:
    """The side that a whole task is missing on stays empty."""
    for row in field_rows(change, names):
        if change.kind in (Kind.TASK_ADDED, Kind.TASK_REMOVED):
            row = replace(row, **{"before" if change.kind == Kind.TASK_ADDED else "after": ""})
        yield row


def _fields(rows: list[FieldRow]) -> Block:
    table = [(row.name, *cut_pair(row.before, row.after, _LONGEST)) for row in rows]
    return _table((_("field"), _("before"), _("after")), table)


def _diff(change: Change, cells: Cells) -> Iterator[Block]:
    yield [f"{escaped(field_name(change.field))}:"]
    old, new = (visible(text).split("\n") if text else [] for text in texts(change))
    yield fenced([line for hunk in hunks(old, new, cells) for line in hunk], "diff")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Block:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows]


def _left_out(blocks: list[Block], parts: Exported) -> Iterator[Block]:
    if blocks:
        lines = sum(map(len, blocks))
        text = _("%(blocks)s parts with %(lines)s lines are left out: an export holds at most %(limit)s bytes.")
        yield [text % {"blocks": len(blocks), "lines": lines, "limit": parts.limit}]
