"""A comparison as one unified diff of both definitions, written as lines of canonical JSON with scripts opened up."""

from collections.abc import Iterator

from definitions.compare import same
from definitions.document import Document
from snapshotter.masking import masked_value
from versions.exports.parts import Exported, bytes_of, fitting, side_name
from versions.exports.pretty import head_lines, tail_lines, task_lines
from versions.scripts.hunks import hunks
from versions.wording.moved_boxes import not_shown


def as_unified(parts: Exported) -> str:
    """Return the diff; empty where nothing differs. Lines that begin with "#" stand outside of it and say what is not shown."""
    left, right = _texts(parts)
    found = list(hunks(left, right))
    kept, left_out = fitting(found, bytes_of, parts.limit)
    lines = [f"--- {side_name(parts.left)}", f"+++ {side_name(parts.right)}"] if found else []
    for hunk in kept:
        lines += hunk
    return "".join(f"{line}\n" for line in [*lines, *_notes(parts, found, left_out)])


def _texts(parts: Exported) -> tuple[list[str], list[str]]:
    """Return the lines of both sides. A task that is the same on both is written once."""
    documents = parts.documents()
    written: dict[int, list[str]] = {}
    texts = []
    for document in documents:
        lines = head_lines(_without_tasks(document))
        for code in sorted(document.tasks):
            if code not in written or not all(same(side.tasks.get(code), document.tasks[code]) for side in documents):
                written[code] = task_lines(code, masked_value(document.tasks[code]))
            lines += written[code]
        texts.append(lines + tail_lines(_without_tasks(document), with_layout=parts.with_layout))
    return texts[0], texts[1]


def _without_tasks(document: Document) -> Document:
    shown = masked_value({"name": document.name, "settings": document.settings, "schedule": document.schedule})
    relations = masked_value(document.relations)
    return Document(shown["name"], shown["settings"], {}, relations, document.layout, shown["schedule"])


def _notes(parts: Exported, found: list[list[str]], left_out: list[list[str]]) -> Iterator[str]:
    if left_out:
        lines = sum(map(len, left_out))
        yield f"# {len(left_out)} hunks with {lines} lines left out: an export holds at most {parts.limit} bytes."
    if parts.hidden.changes:
        yield f"# {not_shown(len(parts.hidden.changes))}; ask for the layout to see positions."
    if not found and not parts.shown.is_identical:
        yield "# The sides differ in what text does not show; the typed changes (format json) name it."
