"""Writing a verdict down: the workflow's state, its one standing item, and the trail, in one transaction or not at all.

A reading that a change of ours has overtaken is left out: a publish that runs is no drift. No user's lock is taken or waited for.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.actors import SYSTEM
from audit.record import record
from catalog.models import Workflow
from definitions.canonical import Canonical
from drift.choices import STANDING, ItemState, Severity
from drift.glance import Glance, has_moved, states
from drift.inspection.marks import distrust
from drift.judge import Judgement
from drift.likely import UNKNOWN, Likely
from drift.models import DriftItem, IgnoreRule
from drift.move import move
from snapshotter import store
from snapshotter.choices import LiveState, SyncKind, SyncState
from snapshotter.models import WorkflowState

Json = dict[str, Any]

_IGNORED = ("ignored", "ignored_paths")  # of the evidence


class Became(StrEnum):
    """What came of a judgement."""

    LEFT_OUT = "left_out"  # a change of ours ran meanwhile, or the ignored fields are others: look again
    NOTHING = "nothing"  # no difference, or none that can be told
    OPENED = "opened"
    CHANGED = "changed"
    SEEN = "seen"  # as before
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Noted:
    """`item` is the standing one, or the one that was closed."""

    became: Became
    item: DriftItem | None = None


def note(workflow: Workflow, judgement: Judgement, *, since: Glance, likely: Likely = UNKNOWN) -> Noted:
    """Write what was found between the glance and now. Safe to repeat: the same finding is no news."""
    with transaction.atomic():
        WorkflowState.objects.select_for_update().get(workflow=workflow)
        state = states().get(workflow=workflow)  # read once it is held
        if has_moved(state, since) or _rules_moved(workflow, judgement):
            return Noted(Became.LEFT_OUT)
        _note_state(workflow, judgement, since)
        distrust(workflow.pk)  # an inspection writes its own mark behind this
        standing = DriftItem.objects.filter(open_key=workflow.pk).select_related("sync", "project__instance").first()
        if not judgement.is_known:
            return Noted(Became.NOTHING, standing)
        if not judgement.is_drift:
            return _close(standing, judgement)
        if standing is not None and standing.project_id != workflow.project_id:
            _close(standing, judgement)  # what is found in a project is for its own people
            standing = None
        return _found(workflow, state, standing, judgement, likely, since)


def _rules_moved(workflow: Workflow, judgement: Judgement) -> bool:
    """Whether a rule was made or has ended since: it has closed what was judged without it, or must not hide it."""
    return judgement.rules is not None and judgement.rules != IgnoreRule.objects.paths_for(workflow)


def _note_state(workflow: Workflow, judgement: Judgement, since: Glance) -> None:
    WorkflowState.objects.filter(workflow=workflow).update(live_state=judgement.live_state, checked_at=since.at)
    rows = Workflow.objects.filter(pk=workflow.pk)
    if judgement.live_state == LiveState.MISSING:
        rows.filter(deleted_in_dolphin_at=None).update(deleted_in_dolphin_at=since.at)
    elif judgement.canonical is not None:
        rows.exclude(deleted_in_dolphin_at=None).update(deleted_in_dolphin_at=None)
        name = judgement.canonical.document.name[:200]
        if name != workflow.name:
            rows.update(name=name)


def _found(
    workflow: Workflow,
    state: WorkflowState,
    standing: DriftItem | None,
    judgement: Judgement,
    likely: Likely,
    since: Glance,
) -> Noted:
    if standing is not None and standing.found == judgement.found:
        DriftItem.objects.filter(pk=standing.pk).update(last_seen_at=since.at, **_unsaid(standing, judgement))
        return Noted(Became.SEEN, standing)
    values = _values(state, judgement, likely, since)
    if standing is None:
        item = DriftItem.objects.create(
            workflow=workflow, project_id=workflow.project_id, open_key=workflow.pk, first_seen_at=since.at, **values
        )
        _tell("drift.found", item, judgement, likely)
        return Noted(Became.OPENED, item)
    changed = DriftItem.objects.filter(pk=standing.pk, state__in=STANDING)
    changed.update(**values)
    standing.refresh_from_db()
    if standing.state != ItemState.MUTED or judgement.severity == Severity.HIGH:
        _tell("drift.changed", standing, judgement, likely)
    return Noted(Became.CHANGED, standing)


def _values(state: WorkflowState, judgement: Judgement, likely: Likely, since: Glance) -> Json:
    canonical = judgement.canonical
    return {
        "live_state": judgement.live_state,
        "kinds": [str(kind) for kind in judgement.kinds],
        "severity": judgement.severity,
        "published_id": state.published_id,
        "found": judgement.found,
        "summary": judgement.summary,
        "evidence": {
            **judgement.evidence,
            "likely": {"by": likely.name, "told": likely.told},
            **({"kept": _keep(canonical)} if canonical is not None else {}),
        },
        "content_hash": canonical.content_hash if canonical is not None else "",
        "actor_name": likely.name,
        "acted_at": likely.at,
        "changed_at": since.at,
        "last_seen_at": since.at,
    }


def _unsaid(standing: DriftItem, judgement: Judgement) -> Json:
    """What moved in ignored fields alone is no news, yet whoever adopts it agrees to what is live, all of it."""
    ignored = {name: judgement.evidence[name] for name in _IGNORED if name in judgement.evidence}
    if standing.evidence.get("live") == judgement.evidence.get("live"):
        return {"evidence": {**standing.evidence, **ignored}}
    canonical, evidence = judgement.canonical, {**standing.evidence, **judgement.evidence}
    if canonical is None:
        return {"evidence": evidence}
    return {"evidence": {**evidence, "kept": _keep(canonical)}, "content_hash": canonical.content_hash}


def _keep(canonical: Canonical) -> Json:
    """Keep what was found as a version is kept, to show it when the item is closed; return what names its parts."""
    store.put_content(canonical)
    pieces = (canonical.layout_json, canonical.schedule_json)
    ids = store.put_blobs(pieces)
    layout, schedule = (ids[store.sha256(piece)] for piece in pieces)
    return {"label": canonical.document.name, "layout": layout, "schedule": schedule}


def _close(standing: DriftItem | None, judgement: Judgement) -> Noted:
    if standing is None:
        return Noted(Became.NOTHING)
    became = _what_closed(standing)
    move(standing, became, closed_by_name=str(SYSTEM), last_seen_at=timezone.now())
    detail = {"item": standing.pk, "as": str(became), "ignored": judgement.ignored}
    record("drift.resolved", actor=SYSTEM, target=standing, scope=standing.project.scope, detail=detail)
    return Noted(Became.RESOLVED, standing)


def _what_closed(standing: DriftItem) -> ItemState:
    """An act of ours that succeeded closes its item itself; should that have been lost, it was still that act."""
    sync = standing.sync
    if sync is None or sync.state != SyncState.SUCCEEDED:
        return ItemState.RESOLVED
    return ItemState.ADOPTED if sync.kind == SyncKind.CAPTURE else ItemState.PUT_BACK


def _tell(event: str, item: DriftItem, judgement: Judgement, likely: Likely) -> None:
    counts = {key: count for key, count in judgement.summary.items() if isinstance(count, int) and count}
    counts.pop("base", None)
    detail = {
        "item": item.pk,
        "verdict": str(judgement.live_state),
        "kinds": [str(kind) for kind in judgement.kinds],
        "severity": str(judgement.severity),
        "counts": counts,
        "likely_by": likely.name,
        "likely_at": likely.at.isoformat() if likely.at else likely.told,
    }
    record(event, actor=SYSTEM, target=item, scope=item.workflow.project.scope, detail=detail)
