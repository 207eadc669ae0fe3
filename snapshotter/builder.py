"""From a publish request's definition to the canonical document: the parts the request leaves out come from the published version."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from definitions.canonical import Canonical, canonicalise
from definitions.document import Document
from definitions.errors import InvalidDefinition
from definitions.secrets import collect, has_masked_values, restore
from dolphin.payloads import read_any
from snapshotter.masking import digest
from snapshotter.models import Snapshot
from snapshotter.store import document_of, get_blob


def build(definition: Mapping[str, Any], *, label: str | None, published: Snapshot | None) -> Canonical:
    """Return the canonical form of a definition given in DolphinScheduler's form, as DagData or as c1.

    Positions that are not stated are kept. Raises the errors of `definitions`.
    """
    document = read_any(dict(definition))
    if label is not None:
        document = replace(document, name=label)
    document = _unmasked(document, published)
    if document.layout is None and published is not None:
        document = replace(document, layout=_kept_layout(document, published))
    return canonicalise(document)


def _unmasked(document: Document, published: Snapshot | None) -> Document:
    """Our pages and answers show digests in place of secrets; sent back, they stand for what the published version holds."""
    if not has_masked_values(document):
        return document
    if published is not None:
        held = document_of(published)
        known = collect([held.settings, held.tasks], digest=digest)
        document = replace(document, settings=restore(document.settings, known), tasks=restore(document.tasks, known))
    left = has_masked_values(document)
    if left:
        raise InvalidDefinition("a masked value stands here; give the real one", path=left[0])
    return document


def _kept_layout(document: Document, published: Snapshot) -> dict[int, dict[str, Any]]:
    layout = document_of(published).layout or {}
    return {code: position for code, position in layout.items() if code in document.tasks}


def schedule_of(snapshot: Snapshot) -> bytes | None:
    """Return the canonical schedule a snapshot holds, None when it is not known."""
    return get_blob(snapshot.schedule_id) if snapshot.schedule_id is not None else None
