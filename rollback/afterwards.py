"""What a rollback leaves on and off, in plain states: from what was just read, or from what a request is bound to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rollback.binding import after, live_side
from rollback.choices_of import Choices
from rollback.execute import choices_of as choices_asked
from rollback.models import RollbackRequest
from rollback.proposal import Proposal
from snapshotter.choices import ScheduleChoice
from snapshotter.models import Snapshot
from snapshotter.store import NO_SCHEDULE


@dataclass(frozen=True, slots=True)
class Afterwards:
    """States before and after. `has_schedule`: now, None where nobody can tell. `schedule_stays`: not the version's, and kept."""

    online_now: bool
    online: bool
    schedule_now: bool
    schedule: bool
    has_schedule: bool | None
    schedule_stays: bool

    @property
    def fires(self) -> bool:
        return self.online and self.schedule


def afterwards(found: Proposal) -> Afterwards | None:
    """Return what going back now would leave; None where what is live can't be told."""
    if found.live is None:
        return None
    left = after(found.target, state=found.workflow.state, live=found.live, choices=found.choices)
    sides = {"online": left.online, "schedule_online": left.schedule}
    return _of(live_side(found.live), sides, found.target, found.choices)


def afterwards_asked(request: RollbackRequest) -> Afterwards | None:
    """Return what the request is bound to; None of one from before states were bound."""
    live, left = request.bound.get("live") or {}, request.bound.get("after")
    if not left or "online" not in live:
        return None
    return _of(live, left, request.target, choices_asked(request))


def _of(live: Mapping[str, Any], left: Mapping[str, Any], target: Snapshot, choices: Choices) -> Afterwards:
    present = live["schedule_hash"]
    is_told = bool(present) and target.schedule_id is not None
    return Afterwards(
        online_now=live["online"],
        online=left["online"],
        schedule_now=live["schedule_online"],
        schedule=left["schedule_online"],
        has_schedule=present != NO_SCHEDULE if present else None,
        schedule_stays=is_told and choices.schedule == ScheduleChoice.KEEP and present != target.schedule_hash,
    )
