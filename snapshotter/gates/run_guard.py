"""The run guard: where it was asked for, a publish begins only when no run of the workflow is at work.

A run finishes on the version it began with, so nothing breaks without it; but two versions at work on one table may be what must not be.
"""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from dolphin.client import DolphinClient
from dolphin.observe import Observation
from dolphin.running import running
from snapshotter import dispatch
from snapshotter.choices import SyncState
from snapshotter.claim import move, wait
from snapshotter.failures import SyncFailed
from snapshotter.models import Sync

CODE: Final = "runs_at_work"
EVERY: Final = 10.0  # seconds between looks
LONGEST: Final = timedelta(hours=2)  # from when the sync was accepted
_WAITS: Final = "Waits until running instances end: %(count)s."
_TOO_LONG: Final = "Running instances did not end within two hours: %(count)s. Ask again without waiting, or stop them."


def hold(sync: Sync, live: Observation, client: DolphinClient) -> bool:
    """Put the sync aside while runs are at work; True when it was. Before the first write only. Raises SyncFailed, DolphinError."""
    if not sync.options.get("wait_for_runs") or live.state.code is None:
        return False
    count = len(running(client, sync.workflow.project.code, live.state.code))
    if not count:
        if sync.error_code == CODE:
            move(sync, SyncState.RUNNING, error_code="", error_text="")
        return False
    if timezone.now() - sync.created_at > LONGEST:
        raise SyncFailed(CODE, _TOO_LONG % {"count": count})
    wait(sync, EVERY, error_code=CODE, error_text=_WAITS % {"count": count})
    dispatch.later(sync, EVERY)
    return True
