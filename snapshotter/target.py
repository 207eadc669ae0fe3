"""The two ends of a sync, `before` and `after`, as they are kept in its row.

Both are resolved once, before the first write, so that a worker that takes over aims at the same thing.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from definitions.document import Document
from dolphin.plan import ScheduleState, State
from snapshotter.models import Snapshot
from snapshotter.store import document_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What DolphinScheduler shows (or is to show), and the snapshot that holds its content; None before a first create.

    `known` is the snapshot's document where it was read already; it is not kept.
    """

    state: State
    snapshot_id: int | None
    schedule: dict[str, Any] | None
    known: Document | None = field(default=None, repr=False, compare=False)

    def document(self) -> Document:
        """Return the definition to write, with the resolved schedule. Only for a target that has a snapshot."""
        if self.snapshot_id is None:
            raise ValueError("there was no workflow")
        known = self.known or document_of(Snapshot.objects.get(pk=self.snapshot_id))
        return replace(known, schedule=self.schedule)


def to_json(target: Target) -> dict[str, Any]:
    return {"state": asdict(target.state), "snapshot_id": target.snapshot_id, "schedule": target.schedule}


def from_json(value: Any) -> Target:
    return Target(state=state_from_json(value["state"]), snapshot_id=value["snapshot_id"], schedule=value["schedule"])


def state_from_json(value: Any) -> State:
    schedule = value["schedule"]
    return State(**{**value, "schedule": ScheduleState(**schedule) if schedule is not None else None})
