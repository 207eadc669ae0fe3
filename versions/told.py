"""A comparison told on a page: sentences in the reader's language, bounded, secrets masked, what is left out counted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from audit.actors import Actor
from definitions.compare import Comparison, masked
from definitions.document import Document
from snapshotter.masking import digest
from versions.changed_parts import first_of
from versions.wording.names import changed_names, names_for, refers_to_tasks
from versions.wording.sentences import Sentence, sentences

SENTENCES: Final = 200  # tasks, and other changes, told on one page; the rest is counted


@dataclass(frozen=True, slots=True)
class Told:
    sentences: list[Sentence]
    tasks_left_out: int
    others_left_out: int


def told(
    comparison: Comparison,
    right: Callable[[], Document],
    *,
    reader: Actor,
    with_layout: bool = True,
    most: int = SENTENCES,
) -> Told:
    """Return the sentences. `right` gives the right side's whole definition, asked for only where the changes name other tasks."""
    part = first_of(comparison, most)
    documents = [right()] if refers_to_tasks(part.comparison) else []
    names = changed_names(part.comparison) | names_for(part.comparison, *documents, reader=reader)
    said = sentences(masked(part.comparison, digest=digest), with_layout=with_layout, names=names, limit=None)
    return Told(said, part.tasks, part.rest)
