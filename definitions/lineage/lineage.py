"""Which tables a definition reads and writes, task by task (docs/lineage.md). Pure, and it never guesses: what can't be read is listed.

Enters: a Document in canonical form. Leaves: a Lineage. It never raises, and its work is bounded whatever the texts are: characters,
tokens and the parser's steps are counted, not seconds, so that the same definition always gives the same answer.
"""

from collections.abc import Mapping
from typing import Final

from definitions.document import Document
from definitions.lineage.model import VERSION, Call, Lineage, Table, TaskLineage, Unknown, Why
from definitions.lineage.tasks import lineage_of_task, weight

__all__ = ["VERSION", "Call", "Lineage", "Table", "TaskLineage", "Unknown", "Why", "digest", "lineage_of", "size_of"]
DOCUMENT_CHARACTERS: Final = 4_000_000  # read for one definition; the tasks beyond are unknown


def lineage_of(document: Document, *, known: Mapping[int, TaskLineage] | None = None) -> Lineage:
    """Return the lineage of a definition. `known` holds tasks that were read already, and are not read again. Never raises."""
    known = known or {}
    left = DOCUMENT_CHARACTERS
    tasks: dict[int, TaskLineage] = {}
    for code, task in sorted(document.tasks.items()):
        left -= weight(task)
        if left < 0:
            found = TaskLineage(unknown=(Unknown("task", 0, Why.TOO_LARGE),))
        else:
            found = known[code] if code in known else lineage_of_task(task)
        if found != TaskLineage():
            tasks[code] = found
    return Lineage(tasks)


def digest(lineage: Lineage) -> str:
    """Return sha256 over the canonical JSON, 64 hex digits."""
    return lineage.digest


def size_of(document: Document) -> int:
    """Return how many characters would be read: what computing costs."""
    return sum(map(weight, document.tasks.values()))
