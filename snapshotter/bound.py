"""Bound: what live must still be, because somebody saw that and agreed to what is done to it, and to nothing else.

A bound is {"fingerprint", "schedule_hash", "online", "schedule_online"}; hashes are None where it is corrupt.
"""

from typing import Any

from definitions.canonical import Canonical
from dolphin.observe import Observation
from snapshotter.failures import SyncFailed


def check_bound(bound: dict[str, Any], live: Observation, held: Canonical | None) -> None:
    """Raise SyncFailed unless live is still that. Corrupt rows have no hash: they must still be corrupt."""
    shown = (None, None) if live.problems or held is None else (held.fingerprint, held.schedule_hash)
    state = live.state
    states = (state.online, state.schedule is not None and state.schedule.online)
    if (*shown, *states) != tuple(
        bound[name] for name in ("fingerprint", "schedule_hash", "online", "schedule_online")
    ):
        raise SyncFailed(
            "live_moved", "DolphinScheduler was changed after this was asked for. Look again, and ask again."
        )
