"""What a rollback changes, told on its pages, and what its choices mean."""

from dataclasses import dataclass
from typing import Any

from audit.actors import Actor
from definitions.compare import Comparison, compare
from definitions.document import Json
from rollback.choices import WAITING
from rollback.models import RollbackRequest
from rollback.proposal import UNREADABLE, Proposal, document_after
from snapshotter.models import Snapshot
from snapshotter.store import document_of, schedule_of
from versions.comparison import Side, compare_sides
from versions.fires_ahead import FiresAhead, fires_ahead
from versions.live import Live, live_of
from versions.told import Told, told


@dataclass(frozen=True, slots=True)
class Changes:
    """`left` and `right` name the sides for the difference's own page; `problem` says why it can't be told."""

    left: str
    right: str
    told: Told | None = None
    is_identical: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleShown:
    """One of the schedules to choose from. `is_known` False: nobody can say what it was."""

    schedule: Json | None
    ahead: FiresAhead
    is_known: bool = True

    @property
    def cron(self) -> str:
        return str((self.schedule or {}).get("crontab", ""))

    @property
    def zone(self) -> str:
        return str((self.schedule or {}).get("timezoneId", ""))

    @property
    def next(self) -> Any:
        return self.ahead.times[0] if self.ahead.times else None


def changes_of(found: Proposal, reader: Actor) -> Changes:
    """Tell what would change in DolphinScheduler; where it is corrupt, against what was published."""
    assert found.live is not None  # noqa: S101  asked for only where it was read
    right = str(found.target.version)
    if found.live.canonical is None:
        return _between(Side("published", snapshot=found.workflow.state.published), found.target, "published", reader)
    after = document_after(found)
    return _told(compare(found.live.canonical.document, after), lambda: after, "live", right, reader)


def changes_asked(request: RollbackRequest, reader: Actor) -> tuple[Changes, Live | None]:
    """Tell what a request changes: against live while it waits, else against what was published when it was asked. Also what is live."""
    live = None
    if request.state in WAITING:
        try:
            live = live_of(request.workflow)
            return _between(Side("live", live=live, key=request.workflow.key), request.target, "live", reader), live
        except UNREADABLE as error:
            problem = str(error)
            return _of_rows(request, reader, problem), None
    return _of_rows(request, reader, ""), live


def schedules_of(found: Proposal) -> dict[str, ScheduleShown]:
    """Return the present schedule and the version's."""
    shown = found.live.canonical.document.schedule if found.live and found.live.canonical else None
    own = schedule_of(found.target)
    return {
        "present": ScheduleShown(shown, fires_ahead(shown, count=1)),
        "own": ScheduleShown(own, fires_ahead(own, count=1), is_known=found.target.schedule_id is not None),
    }


def _of_rows(request: RollbackRequest, reader: Actor, problem: str) -> Changes:
    if request.base is None:
        return Changes("published", str(request.target.version), problem=problem)
    left = str(request.base.version)
    return _between(Side(left, snapshot=request.base, key=request.workflow.key), request.target, left, reader)


def _between(left: Side, target: Snapshot, name: str, reader: Actor) -> Changes:
    right = str(target.version)
    if left.snapshot is None and left.live is None:
        return Changes(name, right)
    try:
        comparison = compare_sides(left, Side(right, snapshot=target, key=target.workflow_id))
        return _told(comparison, lambda: document_of(target), name, right, reader)
    except UNREADABLE as error:
        return Changes(name, right, problem=str(error))


def _told(comparison: Comparison, right_side: Any, left: str, right: str, reader: Actor) -> Changes:
    return Changes(left, right, told(comparison, right_side, reader=reader), comparison.is_identical)
