"""Who names a workflow by a code that it has no more: other workflows' tasks that run it or wait for it. Reported, never changed by us.

A workflow that waits for itself is none of them: its own code follows it (`definitions/recode.py`).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from catalog.models import Workflow
from definitions.errors import DefinitionError
from definitions.references import Kind, references
from definitions.secrets import mask_text
from snapshotter.models import FormerCode, WorkflowState
from snapshotter.store import get_blobs, pieces_of

MOST_LOOKED_AT: Final = 2_000  # published versions, those of the workflow's own project first
_BATCH: Final = 100
_KINDS: Final = (Kind.SUB_WORKFLOW, Kind.DEPENDENCY)


@dataclass(frozen=True, slots=True)
class NamedBy:
    """A task of another workflow's published version; `kind` sub_workflow: it runs it, dependency: it waits for it."""

    workflow: Workflow
    task: str
    kind: Kind
    code: int


@dataclass(frozen=True, slots=True)
class Names:
    """`is_whole` False: there are more workflows than were looked at."""

    found: tuple[NamedBy, ...]
    is_whole: bool


def former_codes(workflow: Workflow, *, is_gone: bool) -> frozenset[int]:
    """Return the codes by which DolphinScheduler does not know the workflow any more; its present one too where it is gone."""
    codes = set(FormerCode.objects.filter(workflow=workflow).values_list("code", flat=True))
    if workflow.workflow_code is not None:
        codes = codes | {workflow.workflow_code} if is_gone else codes - {workflow.workflow_code}
    return frozenset(codes)


def references_to(workflow: Workflow, codes: frozenset[int]) -> Names:
    """Return the tasks of the instance's published versions that name the workflow by one of these codes. Reads stored content only."""
    if not codes:
        return Names((), True)
    own = workflow.project
    rows = WorkflowState.objects.filter(published__isnull=False, workflow__project__instance=own.instance_id)
    rows = rows.exclude(workflow=workflow).select_related("published", "workflow__project__instance")
    near = rows.filter(workflow__project=own).order_by("pk")[: MOST_LOOKED_AT + 1]
    states = list(near)
    if len(states) <= MOST_LOOKED_AT:
        far = rows.exclude(workflow__project=own).order_by("pk")
        states += far[: MOST_LOOKED_AT + 1 - len(states)]
    looked_at = states[:MOST_LOOKED_AT]
    return Names(tuple(_found(looked_at, codes)), len(states) <= MOST_LOOKED_AT)


def _found(states: Iterable[WorkflowState], codes: frozenset[int]) -> Iterator[NamedBy]:
    texts = [str(code).encode() for code in codes]
    iterator = iter(states)
    while batch := list(islice(iterator, _BATCH)):
        by_hash = pieces_of(state.published.content_hash for state in batch if state.published)
        blobs = get_blobs({piece for ids in by_hash.values() for piece in ids[2:]})
        telling = {piece: blob for piece, blob in blobs.items() if any(text in blob for text in texts)}
        for state in batch:
            if state.published is None:
                continue
            for piece in by_hash[state.published.content_hash][2:]:
                if piece in telling:
                    yield from _named(state.workflow, telling[piece], codes)


def _named(workflow: Workflow, fragment: bytes, codes: frozenset[int]) -> Iterator[NamedBy]:
    _code, _, text = fragment.partition(b":")
    try:
        task = json.loads(text)
        for reference in references(task):
            if reference.kind in _KINDS and reference.value in codes:
                yield NamedBy(workflow, mask_text(str(task.get("name", ""))), reference.kind, int(reference.value))
    except (ValueError, DefinitionError):  # what can't be read names nobody
        return
