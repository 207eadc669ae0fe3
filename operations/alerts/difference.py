"""The first sentences of what changed, for alerts of publishes, rollbacks and drift. Secrets are masked; boxes that moved are left out."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from definitions.changes import Comparison
from definitions.compare import Kind, compare, masked
from definitions.document import Document
from drift.models import DriftItem
from operations.alerts.about import About
from snapshotter.masking import digest
from snapshotter.models import Snapshot, Sync
from snapshotter.store import document_of
from versions.changed_parts import first_of
from versions.comparison import Side, compare_sides
from versions.wording.names import changed_names
from versions.wording.sentences import sentences

MOST: Final = 5  # sentences in a message


@dataclass(frozen=True, slots=True)
class Difference:
    """`more` counts what is not told; `path` is the page that shows all, "" for none."""

    sentences: list[str]
    more: int
    path: str = ""


NONE: Final = Difference([], 0)


def difference_of(found: About) -> Difference:
    """Return what the publish or rollback changed, or how live differs. Raises ContentDamaged.

    Workflows that a value names by code stay codes: who is told need not see them.
    """
    if isinstance(found.obj, DriftItem):
        return _drift(found.obj)
    return _publish(found.sync) if found.sync is not None else NONE


def _publish(sync: Sync) -> Difference:
    right = sync.snapshot
    base = sync.options.get("base")
    left = Snapshot.objects.filter(pk=base, workflow=sync.workflow_id).first() if isinstance(base, int) else None
    if left is None and right is not None:  # a platform's own draft: what was published before it
        earlier = Snapshot.objects.for_workflow(sync.workflow).filter(
            version__lt=right.version, live_from__isnull=False
        )
        left = earlier.order_by("-version").first()
    if left is None or right is None or left.pk == right.pk:
        return NONE
    told = _told(compare_sides(Side(str(left.version), snapshot=left), Side(str(right.version), snapshot=right)))
    query = urlencode({"left": left.version, "right": right.version})
    return replace(told, path=f"{reverse('versions:diff', args=[sync.workflow.key])}?{query}")


def _drift(item: DriftItem) -> Difference:
    """Published against the content that was found; its other parts are told by the kinds of the drift."""
    if not item.content_hash or item.content_hash == item.published.content_hash:
        return NONE
    return _told(compare(_of_content(item.published), _of_content(item.published, item.content_hash)))


def _of_content(snapshot: Snapshot, content_hash: str = "") -> Document:
    """Return the definition alone; name, layout and schedule are the version's on both sides, and so say nothing."""
    beside = Snapshot(
        label=snapshot.label,
        content_hash=content_hash or snapshot.content_hash,
        layout_id=snapshot.layout_id,
        schedule_id=None,
    )
    return document_of(beside)


def _told(comparison: Comparison) -> Difference:
    shown = Comparison(tuple(change for change in comparison.changes if change.kind != Kind.LAYOUT_CHANGED))
    part = first_of(shown, 10 * MOST)
    said = sentences(masked(part.comparison, digest=digest), names=changed_names(part.comparison), limit=None)
    return Difference([row.text for row in said[:MOST]], max(0, len(said) - MOST) + part.tasks + part.rest)
