"""A worker that takes over: whether somebody saved the workflow anew meanwhile. Of known content only DolphinScheduler's version tells.

So it is after our database was restored from a backup, too: what was half done then was ended long ago, and more was published on top.
Asked until this claim has written something; from there on each step compares the version with the one before it.
"""

from dolphin.plan import Done, State, next_step
from snapshotter.choices import Direction
from snapshotter.failures import SyncFailed
from snapshotter.journal import CONTENT_WRITES
from snapshotter.models import Sync

# Set by after_restore on what was half done in the backup: no way back is taken by itself, whatever is live.
FROM_BACKUP = "from_backup"
_TEXT = "Somebody saved the workflow anew after this publish had begun; it is left as it is."


def check_overtaken(sync: Sync, live: State, origin: State, goal: State) -> None:
    """Raise SyncFailed where a write is due on the way to `goal`, over more saves than ours. Unknown content is the planner's matter."""
    if live.fingerprint not in (origin.fingerprint, goal.fingerprint) or not is_overtaken(sync, live, origin):
        return
    if not isinstance(next_step(live, origin, goal), Done):
        raise SyncFailed("live_changed", _TEXT, step="read")


def is_overtaken(sync: Sync, live: State, origin: State) -> bool:
    """Whether live has more versions above `origin`, where the present direction began, than this sync's journal explains."""
    if live.corrupt or live.version is None or (origin.version is None and origin.code is not None):
        return False
    return live.version > (origin.version or 0) + _explained(sync)


def _explained(sync: Sync) -> int:
    """At most so many versions are known: one a write of content, and those that were noted as gone under unseen.

    Restoring began at what was live then: of the way there only a write that was never answered may make one later.
    """
    writes = sync.steps.filter(is_write=True, action__in=CONTENT_WRITES)
    if sync.direction == Direction.RESTORING:
        late = writes.exclude(direction=Direction.RESTORING).filter(answered_at=None)
        writes = writes.filter(direction=Direction.RESTORING) | late
    return writes.count() + len(sync.result.get("unseen_versions", []))
