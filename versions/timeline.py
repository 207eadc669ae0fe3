"""One workflow's history as rows to show: what each version is now, what is missing between them, what may be tried again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final

from django.db.models import Exists, OuterRef

from audit.keyset import Listed, listed
from catalog.models import Workflow
from snapshotter.choices import BEFORE_A_PUBLISH, CAPTURED, Status, Trigger
from snapshotter.models import ContentQuarantine, Snapshot
from snapshotter.retry import may_retry
from versions.filters import TimelineFilter
from versions.since import moment_of

MOST_GAPS: Final = 200  # recovered numbers looked at for one page


@dataclass(slots=True)
class Row:
    """`dot`: live, was, never or bad. `missing`: (first, last) number that is not kept between this version and the next one shown."""

    snapshot: Snapshot
    dot: str
    is_published: bool
    is_quarantined: bool
    is_first_recovered: bool = False
    may_retry: bool = False
    missing: tuple[int, int] | None = None
    buttons: list[str] = field(default_factory=list)  # safe HTML of apps above


@dataclass(frozen=True, slots=True)
class Timeline:
    rows: list[Row]
    listed: Listed[Snapshot]
    is_filtered: bool
    first_day: datetime | None  # that `since` in the address stands for
    problems: list[str]
    looked_through: int  # newest versions that were searched for a text or a person; 0: all


def timeline(workflow: Workflow, query: Mapping[str, str], *, may_publish: bool) -> Timeline:
    """Return the page of the history that an address asks for, newest first, recovered versions last."""
    filters = TimelineFilter(query, queryset=Snapshot.objects.for_workflow(workflow).latest_first())
    is_filtered = any(query.get(name) for name in filters.Meta.fields)
    kept_out = ContentQuarantine.objects.open().covering(workflow).filter(content_hash=OuterRef("content_hash"))
    found = filters.qs.select_related("rollback_of").annotate(is_kept_out=Exists(kept_out))
    versions = listed(query, *found.youngest_first(), by=("-version",), count=is_filtered, whole=filters.qs)
    rows = _rows(workflow, versions)
    if not is_filtered:
        _mark_missing(workflow, rows, is_last=versions.older is None)
    _put_kept_below(rows)
    if may_publish:
        _mark_retry(workflow, rows)
    problems = list(filters.form.errors) if filters.is_bound else []
    return Timeline(rows, versions, is_filtered, moment_of(query.get("since", "")), problems, filters.looked_through)


def _rows(workflow: Workflow, versions: Listed[Snapshot]) -> list[Row]:
    published = workflow.state.published_id
    rows = []
    for snapshot in versions:
        is_kept_out: bool = snapshot.is_kept_out  # type: ignore[attr-defined]  # annotated
        rows.append(Row(snapshot, _dot(snapshot, published, is_kept_out), snapshot.pk == published, is_kept_out))
    first = next((row for row in rows if row.snapshot.is_recovered), None)
    if first is not None:
        first.is_first_recovered = True
    return rows


def _dot(snapshot: Snapshot, published: int | None, is_kept_out: bool) -> str:
    if is_kept_out:
        return "kept-out"
    if snapshot.pk == published:
        return "live"
    if snapshot.status == Status.FAILED:
        return "bad"
    return "was" if snapshot.was_live else "never"


def _mark_missing(workflow: Workflow, rows: list[Row], *, is_last: bool) -> None:
    """Numbers rise by one: one that is neither here nor among the recovered is not kept."""
    own = [row for row in rows if not row.snapshot.is_recovered]
    gaps = [
        (row, below.snapshot.version + 1, row.snapshot.version - 1)
        for row, below in pairwise(own)
        if row.snapshot.version - below.snapshot.version > 1
    ]
    if not gaps:
        return
    span = (gaps[-1][1], gaps[0][2])
    shown = {row.snapshot.version for row in rows if row.snapshot.is_recovered}
    elsewhere = shown if is_last and shown else _recovered(workflow, span)
    for row, first, last in gaps:
        lost = [number for number in range(max(first, last - MOST_GAPS), last + 1) if number not in elsewhere]
        if lost and len(elsewhere) < MOST_GAPS:
            row.missing = (lost[0], lost[-1])


def _put_kept_below(rows: list[Row]) -> None:
    """What a publish kept before it overwrote it has the number above the publish, but was live before it."""
    for above, (kept, live) in enumerate(pairwise(list(rows))):
        one, other = kept.snapshot, live.snapshot
        if one.trigger not in BEFORE_A_PUBLISH or one.version != other.version + 1:
            continue
        if one.live_from and other.live_from and one.live_from < other.live_from:
            rows[above : above + 2] = [live, kept]
            kept.missing, live.missing = live.missing, None


def _recovered(workflow: Workflow, span: tuple[int, int]) -> set[int]:
    found = Snapshot.objects.for_workflow(workflow).filter(trigger=Trigger.BACKFILL, version__range=span)
    return set(found.order_by("-version").values_list("version", flat=True)[:MOST_GAPS])


def _mark_retry(workflow: Workflow, rows: list[Row]) -> None:
    """Only the newest publish can be tried again, so one version at most is asked about."""
    asked = next((row for row in rows if row.snapshot.trigger not in (*CAPTURED, Trigger.IMPORT)), None)
    if asked is not None and asked.snapshot.status == Status.FAILED:
        asked.may_retry = may_retry(asked.snapshot, workflow.state)
