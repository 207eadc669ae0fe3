"""Comparing any two states of a workflow: version with version, or with what DolphinScheduler holds now."""

from dataclasses import replace
from functools import cached_property

from catalog.errors import Conflict, InvalidRequest, NotFound, TokenUnreadable
from catalog.models import Workflow
from definitions.canonical import Canonical
from definitions.compare import Comparison, compare
from definitions.document import Document, Json
from definitions.numbers import is_number
from snapshotter.errors import ContentDamaged, LiveBusy
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.store import document_of, schedule_of
from versions.live import Live, live_of
from versions.pieces import compare_pieces, of_live, of_versions

# Why a side can't be shown now, besides what DolphinScheduler answers: the instance is paused, its token unreadable, a version damaged.
CAUSES = (Conflict, TokenUnreadable, ContentDamaged, LiveBusy)


class Side:
    """One side: its name in the URL, and the snapshot where it has one, or what is live. `key` is the workflow's."""

    def __init__(
        self,
        name: str,
        document: Document | None = None,
        snapshot: Snapshot | None = None,
        *,
        live: Live | None = None,
        key: str = "",
    ) -> None:
        self.name = name
        self.snapshot = snapshot
        self.live = live
        self.key = key
        if document is not None:
            self.__dict__["document"] = document

    @property
    def is_built(self) -> bool:
        """Whether the whole definition has been asked for already."""
        return "document" in self.__dict__

    @cached_property
    def schedule(self) -> Json | None:
        """The schedule alone, which costs one small read. Raises ContentDamaged."""
        if self.snapshot is not None and not self.is_built:
            return schedule_of(self.snapshot)
        return self.document.schedule

    @cached_property
    def document(self) -> Document:
        """The whole definition; rebuilt at first use, which costs some 70 ms at 1,000 tasks. Raises ContentDamaged."""
        if self.snapshot is not None:
            return document_of(self.snapshot)
        if self.live is not None:
            return self.live.canonical.document
        raise ValueError("a side is a document, a snapshot or what is live")


def side(workflow: Workflow, name: str) -> Side:
    """Resolve "7", "latest", "published" or "live". Raises NotFound, InvalidRequest; for live also what `live_of` raises."""
    if name == "live":
        return Side(name, live=live_of(workflow), key=workflow.key)
    return Side(name, snapshot=snapshot_named(workflow, name), key=workflow.key)


def sides(workflow: Workflow, left: str, right: str) -> tuple[Side, Side]:
    """Resolve both sides as `side` does; two numbers in one query."""
    numbers = {int(name) for name in (left, right) if is_number(name)}
    if len(numbers) < 2:
        return side(workflow, left), side(workflow, right)
    found = {row.version: row for row in Snapshot.objects.for_workflow(workflow).filter(version__in=numbers)}
    for name in (left, right):
        if int(name) not in found:
            raise NotFound("This workflow has no such version.", version=name)
    first, second = (Side(name, snapshot=found[int(name)], key=workflow.key) for name in (left, right))
    return first, second


def snapshot_named(workflow: Workflow, name: str) -> Snapshot:
    """Return the snapshot a URL names: a version number, "latest" (highest number that is not a recovered one) or "published"."""
    if name == "published":
        state = WorkflowState.objects.select_related("published").filter(workflow=workflow).first()
        snapshot = state.published if state else None
    elif name == "latest":
        snapshot = Snapshot.objects.for_workflow(workflow).without_recovered().latest_first().first()
    elif is_number(name):
        snapshot = Snapshot.objects.for_workflow(workflow).filter(version=int(name)).first()
    else:
        raise InvalidRequest("A version is a number, latest, published or live.", version=name[:50])
    if snapshot is None:
        raise NotFound("This workflow has no such version.", version=name)
    return snapshot


def compare_sides(left: Side, right: Side) -> Comparison:
    """Compare; where one side does not know its schedule, schedules say nothing. Raises ContentDamaged.

    Equal hashes are no change; else only the pieces that differ are read.
    """
    stored = left.snapshot or right.snapshot
    if stored is None:
        return compare_whole(left, right)
    if _hashes(left, right) == _hashes(right, left):
        return Comparison(())
    if left.snapshot is not None and right.snapshot is not None:
        return compare_pieces(*of_versions(left.snapshot, right.snapshot))
    (beside,) = of_versions(stored)
    return compare_pieces(*(of_live(side.live.canonical, beside) if side.live else beside for side in (left, right)))


def schedule_unknown(side: Side) -> bool:
    return side.snapshot is not None and side.snapshot.schedule_id is None


def compare_whole(left: Side, right: Side) -> Comparison:
    """Compare two whole definitions, where they are needed anyway. Raises ContentDamaged."""
    if schedule_unknown(left) or schedule_unknown(right):
        return compare(replace(left.document, schedule=None), replace(right.document, schedule=None))
    return compare(left.document, right.document)


def _hashes(side: Side, other: Side) -> tuple[str, ...]:
    known: Snapshot | Canonical | None = side.snapshot or (side.live.canonical if side.live else None)
    if known is None:
        raise ValueError("a bare document has no hashes")
    hashes = known.content_hash, known.label_hash, known.layout_hash
    return hashes if schedule_unknown(side) or schedule_unknown(other) else (*hashes, known.schedule_hash)
