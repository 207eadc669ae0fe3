"""From a publish request's definition to the canonical document: the parts the request leaves out come from the published version."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from definitions.canonical import Canonical, canonicalise
from definitions.document import Document
from definitions.errors import InvalidDefinition
from definitions.recode import NO_ALIASES, Aliases
from definitions.secrets import collect, has_masked_values, restore
from dolphin.payloads import read_any
from snapshotter.masking import digest
from snapshotter.models import Snapshot
from snapshotter.store import document_of, get_blob


def build(
    definition: Mapping[str, Any],
    *,
    label: str | None,
    published: Snapshot | None,
    aliases: Aliases = NO_ALIASES,
) -> Canonical:
    """Return the canonical form of a definition given in DolphinScheduler's form, as DagData or as c1.

    Positions that are not stated are kept. `aliases` are those of a workflow that was made anew: what comes in DolphinScheduler's own form
    names its tasks as they are called there. Raises the errors of `definitions`.
    """
    document = _by_origins(read_any(dict(definition)), definition, aliases)
    if label is not None:
        document = replace(document, name=label)
    document = _unmasked(document, published)
    if document.layout is None and published is not None:
        document = replace(document, layout=_kept_layout(document, published))
    return canonicalise(document)


def _by_origins(document: Document, definition: Mapping[str, Any], aliases: Aliases) -> Document:
    """c1 holds origin codes. DolphinScheduler's form holds present ones, or what a caller kept from before the workflow was made anew."""
    if aliases.origin_workflow is None or "definitions" in definition or "scheme" in definition:
        return document
    former = document.tasks.keys() & (set(aliases.pairs.values()) - aliases.pairs.keys())
    if not former:
        return aliases.to_origins(document)
    if document.tasks.keys() & aliases.pairs.keys():
        raise InvalidDefinition(
            f"task {min(former)} has another code in DolphinScheduler now, and others have theirs here"
        )
    return document


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
