"""Keeping what DolphinScheduler was found to hold: nothing live is overwritten or passed over that no version holds."""

import json

from audit.actors import SYSTEM
from definitions.canonical import Canonical
from dolphin.observe import Observation
from snapshotter import store
from snapshotter.choices import Status, Trigger
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, Sync
from snapshotter.pieces import stored


def holder_of(sync: Sync, canonical: Canonical) -> Snapshot | None:
    """Return the newest snapshot that holds exactly this, None where there is none."""
    return Snapshot.objects.for_workflow(sync.workflow).holding(canonical).latest_first().first()


def keep(
    sync: Sync, canonical: Canonical, *, trigger: Trigger, dolphin_version: int | None, proven: bool = True
) -> Snapshot:
    """Return a snapshot of this, made now unless there is one. Call inside a transaction, holding the lock."""
    return holder_of(sync, canonical) or make_snapshot(
        workflow=sync.workflow,
        pieces=stored(canonical, canonical.schedule_json),
        status=Status.PUBLISHED,
        origin=Origin(trigger=trigger, trigger_ref=f"sync {sync.pk}"),
        actor=SYSTEM,
        dolphin_version=dolphin_version,
        proven=proven,
    )


def keep_evidence(sync: Sync, live: Observation) -> None:
    """Keep the raw answer of a workflow that has no canonical form, by its hash in the sync's result."""
    raw = {"definition": live.raw, "schedule": live.schedule_row, "problems": live.problems}
    piece = json.dumps(raw, ensure_ascii=False, sort_keys=True).encode()
    store.put_blob(piece)
    sync.result = {**sync.result, "evidence": store.sha256(piece)}
    Sync.objects.filter(pk=sync.pk).update(result=sync.result)
