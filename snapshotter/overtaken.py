"""A worker that takes over: whether somebody saved the former content anew meanwhile. Only DolphinScheduler's version tells.

So it is after our database was restored from a backup, too: what was half done then was ended long ago, and undone by somebody.
"""

from dolphin.plan import State
from snapshotter.failures import SyncFailed
from snapshotter.journal import CONTENT_WRITES
from snapshotter.models import Sync

_TEXT = "Somebody saved the former content anew after this publish had begun; it is left as it is."


def check_overtaken(sync: Sync, live: State, before: State, after: State) -> None:
    """Raise SyncFailed where live is `before` again by more saves than ours, and `after` would be written over it."""
    if before.version is None or live.version is None or live.fingerprint != before.fingerprint:
        return
    ours = sync.steps.filter(is_write=True, action__in=CONTENT_WRITES).count()  # at most so many versions are ours
    if after.fingerprint != before.fingerprint and live.version > before.version + ours:
        raise SyncFailed("live_changed", _TEXT, step="read")
