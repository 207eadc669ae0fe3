"""A comparison as Markdown for people: a table of the sides, sentences, then fields as tables and scripts as fenced diffs.

Whatever comes from a definition is escaped: it can be no markup, no HTML, no link, and end no fence.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from definitions.compare import Change, Comparison, Kind
from snapshotter.masking import masked_value
from versions.comparison import Side
from versions.exports.parts import Exported, bytes_of, fitting, side_name
from versions.exports.pretty import plain, visible
from versions.scripts.hunks import hunks
from versions.wording.sentences import field_name, sentences

_TASKS: Final = (Kind.TASK_ADDED, Kind.TASK_REMOVED, Kind.TASK_RENAMED, Kind.TASK_MODIFIED)
_EDGES: Final = (Kind.RELATION_ADDED, Kind.RELATION_REMOVED)
_MARKS: Final = {"added": "A", "removed": "D"}
_MARKUP: Final = re.compile(r"([\\`*_\[\]|~@#]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_LONGEST: Final = 300  # characters of a value in a table
_SCRIPTS: Final = ("taskParams.rawScript", "taskParams.sql")

Block = list[str]


def as_markdown(parts: Exported) -> str:
    """Return the document in the reader's language."""
    blocks = [*_head(parts), *_sentences(parts)]
    details = [*_others(parts.shown), *_tasks(parts.shown)]
    kept, left_out = fitting(details, bytes_of, parts.limit - sum(map(bytes_of, blocks)))
    return "\n".join(line for block in [*blocks, *kept, *_left_out(left_out, parts)] for line in [*block, ""])


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


def _sentences(parts: Exported) -> Iterator[Block]:
    said = sentences(parts.shown, with_layout=parts.with_layout)
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


def _others(comparison: Comparison) -> Iterator[Block]:
    """Yield name, settings, parameters and schedule as one table, edges as another."""
    others = [change for change in comparison.changes if change.kind not in (*_TASKS, *_EDGES, Kind.LAYOUT_CHANGED)]
    if others:
        yield [f"## {_('Settings and schedule')}"]
        yield from _fields([row for change in others for row in _rows(change)])
    edges = comparison.of(*_EDGES)
    if edges:
        yield [f"## {_('Dependencies')}"]
        yield [f"- **{_mark(change)}** {escaped(change.name)}" for change in edges]


def _tasks(comparison: Comparison) -> Iterator[Block]:
    """Yield each task's heading with its table and its scripts as one block."""
    tasks: dict[int, list[Change]] = {}
    for change in comparison.of(*_TASKS):
        tasks.setdefault(change.task or 0, []).append(change)
    for code, changes in tasks.items():
        lines = [f"## {_mark(changes[0])} {escaped(changes[0].name)} ({code})"]
        for block in _fields([row for change in changes for row in _rows(change)]):
            lines += ["", *block]
        yield lines


def _mark(change: Change) -> str:
    return _MARKS.get(change.kind.rpartition("_")[2], "M")


def _rows(change: Change) -> Iterator[tuple[str, Any, Any]]:
    """Yield (field, before, after); a whole task or schedule in its fields."""
    if change.path or change.kind == Kind.LAYOUT_CHANGED:
        yield change.field, change.before, change.after
        return
    for field, value in _flat(change.after if change.before is None else change.before, ""):
        yield (field, None, value) if change.before is None else (field, value, None)


def _flat(value: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, item in value.items():
        if isinstance(item, dict) and item:
            yield from _flat(item, f"{prefix}{key}.")
        elif item not in ([], {}, "", None):
            yield f"{prefix}{key}", item


def _fields(rows: list[tuple[str, Any, Any]]) -> Iterator[Block]:
    """Yield a table of the short values, and each text of several lines as a diff."""
    short = [row for row in rows if not _is_text(*row)]
    if short:
        table = [(field_name(field), _cut(before), _cut(after)) for field, before, after in short]
        yield _table((_("field"), _("before"), _("after")), table)
    for field, before, after in rows:
        if _is_text(field, before, after):
            yield [f"{escaped(field_name(field))}:"]
            texts = [visible(text).split("\n") if isinstance(text, str) else [] for text in (before, after)]
            yield fenced([line for hunk in hunks(*texts) for line in hunk], "diff")


def _is_text(field: str, before: Any, after: Any) -> bool:
    texts = all(value is None or isinstance(value, str) for value in (before, after))
    return texts and (field in _SCRIPTS or any("\n" in (value or "") for value in (before, after)))


def _cut(value: Any) -> str:
    text = plain(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)})"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Block:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows]


def _left_out(blocks: list[Block], parts: Exported) -> Iterator[Block]:
    if blocks:
        lines = sum(map(len, blocks))
        text = _("%(blocks)s parts with %(lines)s lines are left out: an export holds at most %(limit)s bytes.")
        yield [text % {"blocks": len(blocks), "lines": lines, "limit": parts.limit}]
