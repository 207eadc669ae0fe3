"""What a rollback changes, told on its pages, and what its choices mean."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from audit.actors import Actor
from catalog.errors import NotFound
from definitions.changes import SCHEDULE_KINDS
from definitions.compare import Comparison, Kind, compare
from definitions.document import Json
from rollback.choices import WAITING, Act, State
from rollback.choices_of import Choices
from rollback.execute import choices_of as choices_asked
from rollback.models import RollbackRequest
from rollback.proposal import UNREADABLE, Proposal, document_after
from snapshotter.choices import ScheduleChoice
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
    """Tell what would change in DolphinScheduler; where it is corrupt or gone, against what was published."""
    assert found.live is not None  # noqa: S101  asked for only where it was read
    right = str(found.target.version)
    if found.live.canonical is None:
        published = Side("published", snapshot=found.workflow.state.published, key=found.workflow.key)
        return _between(published, found.target, found.choices, reader)
    after = document_after(found)
    return _told(compare(found.live.canonical.document, after), lambda: after, "live", right, reader)


def changes_asked(request: RollbackRequest, reader: Actor) -> tuple[Changes, Live | None]:
    """Tell what a request changes: against live while it waits, after it has begun what it overwrites. Also what is live.

    A restore is told against what was published: nothing is live.
    """
    choices = choices_asked(request)
    problem = ""
    if request.state in WAITING and request.act != Act.RESTORE:
        try:
            live = _live_of(request)
            side = Side("live", live=live, key=request.workflow.key)
            return _between(side, request.target, choices, reader), live
        except UNREADABLE as error:
            problem = str(error)
    former = overwritten(request) or request.base
    made = request.sync.snapshot if request.state == State.DONE and request.sync else None
    name = str(former.version) if former else "published"
    side = Side(name, snapshot=former, key=request.workflow.key)
    return replace(_between(side, made or request.target, choices, reader), problem=problem), None


def overwritten(request: RollbackRequest) -> Snapshot | None:
    """Return the version that holds what DolphinScheduler showed before the first write; None while nothing was prepared."""
    before = request.sync.before if request.sync else None
    return Snapshot.objects.filter(pk=before["snapshot_id"]).first() if before else None


def _live_of(request: RollbackRequest) -> Live:
    if request.is_elsewhere:
        raise NotFound(_("The workflow belongs to another project now, which you may not see."))
    return live_of(request.workflow)


def schedules_of(found: Proposal) -> dict[str, ScheduleShown]:
    """Return the present schedule and the version's. Of a workflow that is gone the published one is the present one."""
    shown = found.live.canonical.document.schedule if found.live and found.live.canonical else None
    if found.is_missing and found.workflow.state.published is not None:
        shown = schedule_of(found.workflow.state.published)
    own = schedule_of(found.target)
    return {
        "present": ScheduleShown(shown, fires_ahead(shown, count=1)),
        "own": ScheduleShown(own, fires_ahead(own, count=1), is_known=found.target.schedule_id is not None),
    }


def _chosen(comparison: Comparison, choices: Choices) -> Comparison:
    """Leave out what the choices leave as it is: schedule, name and positions."""
    left = set() if choices.schedule == ScheduleChoice.FROM_DEFINITION else set(SCHEDULE_KINDS)
    left |= set() if choices.with_name else {Kind.LABEL_CHANGED}
    left |= set() if choices.with_layout else {Kind.LAYOUT_CHANGED}
    return Comparison(tuple(change for change in comparison.changes if change.kind not in left))


def _between(left: Side, target: Snapshot, choices: Choices, reader: Actor) -> Changes:
    right = str(target.version)
    if left.snapshot is None and left.live is None:
        return Changes(left.name, right)
    try:
        comparison = _chosen(compare_sides(left, Side(right, snapshot=target, key=target.workflow_id)), choices)
        return _told(comparison, lambda: document_of(target), left.name, right, reader)
    except UNREADABLE as error:
        return Changes(left.name, right, problem=str(error))


def _told(comparison: Comparison, right_side: Any, left: str, right: str, reader: Actor) -> Changes:
    return Changes(left, right, told(comparison, right_side, reader=reader), comparison.is_identical)
