"""What a worker does, whoever runs it: a Celery task, the embedded worker, a test."""

import logging

from django.db import DatabaseError

from audit.context import RequestContext, request_context
from catalog.deployment import is_ours
from snapshotter.choices import SyncKind
from snapshotter.claim import claim
from snapshotter.drafts import confirming
from snapshotter.fires.look_for_runs import look_for_runs
from snapshotter.gates.gates import hold
from snapshotter.models import Sync
from snapshotter.sync import run

logger = logging.getLogger(__name__)


def run_one(sync_id: int) -> bool:
    """Claim and run one sync; False when it is not due or somebody else has it. Safe to call twice."""
    sync = claim(sync_id)
    if sync is None:
        return False
    with request_context(
        RequestContext(
            request_id=sync.request_id,
            actor_id=sync.actor_id,
            actor_name=sync.actor_name,
            about=(("sync", sync.pk),),
        )
    ):
        if sync.kind == SyncKind.PUBLISH and not is_ours():
            hold(sync)
        else:
            (confirming.run if sync.kind == SyncKind.CONFIRM else run)(sync)
    return True


def _run_whatever_happens(sync_id: int) -> bool:
    """Run one of several: what it met must not keep the others waiting. Its lease runs out, and it is claimed again."""
    try:
        return run_one(sync_id)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("sync=%s", sync_id)
        return True


def run_due(limit: int = 20) -> int:
    """Run what is due, oldest first; return how many were run."""
    due = list(Sync.objects.due().values_list("pk", flat=True)[:limit])
    ran = sum(_run_whatever_happens(sync_id) for sync_id in due)
    look_for_runs()
    return ran
