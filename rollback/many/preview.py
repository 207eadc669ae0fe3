"""The preview of a rollback of many: one list of what would go back and to where, and of what would not and why. Reads our rows only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from audit.actors import Actor
from catalog.choices import Mode
from catalog.models import Project, Workflow
from catalog.permissions import EXECUTE_ROLLBACK, REQUEST_ROLLBACK
from rollback.choices_of import Choices
from rollback.many.candidates import Candidate, candidates, covering
from rollback.many.criteria import Criteria
from rollback.many.order import children_first
from rollback.many.pieces import Told, tell
from rollback.many.words import Why
from rollback.models import RollbackPolicy, RollbackRequest
from snapshotter.choices import LiveState, ScheduleChoice
from snapshotter.models import ContentQuarantine, Snapshot, WorkflowState

_LOOKS_WELL = (LiveState.IN_SYNC, LiveState.NOT_COVERED)


@dataclass(frozen=True, slots=True)
class Row:
    """One workflow. `newest`: of the bad versions, without its contents; `reasons`: why it is left out, empty where it may be chosen.

    `counts` None where not told.

    `uses` are ids of workflows in this preview.
    """

    workflow: Workflow
    bad: list[int]
    newest: Snapshot
    target: Snapshot | None
    published: Snapshot | None
    counts: dict[str, int] | None
    approvals: int
    reasons: list[Why] = field(default_factory=list)
    warnings: list[Why] = field(default_factory=list)
    uses: list[int] = field(default_factory=list)

    @property
    def is_offered(self) -> bool:
        return not self.reasons

    @property
    def pick(self) -> str:
        """What was seen, to be sent back with the choice."""
        target, published = self.target, self.published
        return f"{self.workflow.key}~~{target.version if target else 0}~{published.version if published else 0}"


@dataclass(frozen=True, slots=True)
class Preview:
    """`offered` children first, `left_out` by key; `circles`: keys of workflows that use each other; `is_more`: beyond the bound."""

    criteria: Criteria
    choices: Choices
    offered: list[Row]
    left_out: list[Row]
    circles: list[list[str]]
    is_more: bool

    def to_acknowledge(self) -> dict[str, int]:
        """Return {code: workflows} of the warnings that somebody must agree to by name."""
        return to_acknowledge(self.offered)


def to_acknowledge(rows: Iterable[Row]) -> dict[str, int]:
    """Return {code: workflows} of the warnings of these rows that somebody must agree to by name."""
    codes = [why.code for row in rows for why in row.warnings if why.must_be_acknowledged]
    return {code: codes.count(code) for code in dict.fromkeys(codes)}


def preview(criteria: Criteria, *, actor: Actor, choices: Choices | None = None) -> Preview:
    """Return the list. The number of queries does not rise with the number of workflows, but for the pieces, which are read 500 at once."""
    choices = choices or Choices()
    found, is_more = candidates(criteria, actor)
    facts = _Facts.of(found, actor)
    told = tell(
        [(row.workflow.state.published, row.target) for row in found if _is_pair(row)],  # type: ignore[misc]  # asked by _is_pair
        choices.schedule,
    )
    rows = [_row(candidate, facts, told, choices) for candidate in found]
    rows = _related(rows, told)
    offered = {row.workflow.pk: row for row in rows if row.is_offered}
    order = children_first(list(offered), {pk: row.uses for pk, row in offered.items()})
    return Preview(
        criteria=criteria,
        choices=choices,
        offered=[offered[pk] for pk in order.sequence],
        left_out=[row for row in rows if not row.is_offered],
        circles=[[offered[pk].workflow.key for pk in circle] for circle in order.circles],
        is_more=is_more,
    )


def _is_pair(candidate: Candidate) -> bool:
    state = getattr(candidate.workflow, "state", None)
    return candidate.target is not None and state is not None and state.published is not None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is asked once for all."""

    may_request: set[int]
    may_execute: set[int]
    approvals: dict[int, int]
    requests: dict[int, str]
    quarantines: list[ContentQuarantine]

    @classmethod
    def of(cls, found: list[Candidate], actor: Actor) -> "_Facts":
        workflows = [row.workflow for row in found]
        projects = {workflow.project_id for workflow in workflows}
        hashes = {row.target.content_hash for row in found if row.target is not None}
        mine = Project.objects.order_by().filter(pk__in=projects)
        open_ones = RollbackRequest.objects.open().filter(workflow__in=workflows)
        kept_out = ContentQuarantine.objects.open().filter(covering(workflows), content_hash__in=hashes)
        policies = RollbackPolicy.objects.filter(project__in=projects).values_list("project", "approvals_needed")
        return cls(
            may_request=set(mine.allowed_to(actor, REQUEST_ROLLBACK).values_list("pk", flat=True)),
            may_execute=set(mine.allowed_to(actor, EXECUTE_ROLLBACK).values_list("pk", flat=True)),
            approvals=dict(policies),
            requests=dict(open_ones.values_list("workflow", "requested_by_name")),
            quarantines=list(kept_out),
        )

    def quarantine_of(self, workflow: Workflow, target: Snapshot) -> ContentQuarantine | None:
        return next((row for row in self.quarantines if _covers(row, workflow, target)), None)


def _covers(row: ContentQuarantine, workflow: Workflow, target: Snapshot) -> bool:
    if row.content_hash != target.content_hash:
        return False
    return row.workflow_id == workflow.pk or (row.workflow_id is None and row.project_id == workflow.project_id)


def _row(candidate: Candidate, facts: _Facts, told: dict[int, Told], choices: Choices) -> Row:
    workflow, target = candidate.workflow, candidate.target
    state = getattr(workflow, "state", None)
    mine = told.get(target.pk) if target is not None else None
    reasons = _reasons(candidate, facts, choices)
    return Row(
        workflow=workflow,
        bad=[version.version for version in candidate.bad],
        newest=candidate.bad[-1],
        target=target,
        published=state.published if state else None,
        counts=mine.counts if mine else None,
        approvals=facts.approvals.get(workflow.project_id, 0),
        reasons=reasons,
        warnings=[] if reasons or state is None else _warnings(candidate, state, facts, choices, mine),
    )


def _reasons(candidate: Candidate, facts: _Facts, choices: Choices) -> list[Why]:
    workflow, target = candidate.workflow, candidate.target
    state = getattr(workflow, "state", None)
    found = []
    if workflow.project_id not in facts.may_request:
        found.append(Why("not_allowed"))
    if workflow.project.mode != Mode.PUBLISH:
        found.append(Why("project_off" if workflow.project.mode == Mode.OFF else "project_records"))
    if _is_missing(workflow, state):
        found.append(Why("missing_in_dolphin"))
    if workflow.pk in facts.requests:
        found.append(Why("already_requested", {"by": facts.requests[workflow.pk]}))
    if state is not None and state.lock_id is not None:
        found.append(Why("workflow_locked"))
    if target is None:
        return [*found, Why("never_live" if candidate.had_earlier else "nothing_before")]
    return found + _of_target(workflow, state, target, facts, choices)


def _is_missing(workflow: Workflow, state: WorkflowState | None) -> bool:
    is_gone = workflow.deleted_in_dolphin_at is not None or workflow.workflow_code is None
    return is_gone or state is None or state.published_id is None or state.live_state == LiveState.MISSING


def _of_target(
    workflow: Workflow, state: WorkflowState | None, target: Snapshot, facts: _Facts, choices: Choices
) -> list[Why]:
    found = []
    if (row := facts.quarantine_of(workflow, target)) is not None:
        found.append(Why("quarantined", {"version": target.version, "reason": row.reason}))
    if choices.schedule == ScheduleChoice.FROM_DEFINITION and target.schedule_id is None:
        found.append(Why("schedule_unknown", {"version": target.version}))
    if state is not None and state.published is not None and _is_back(state, state.published, target, choices):
        found.append(Why("already_back", {"version": state.published.version}))
    return found


def _is_back(state: WorkflowState, published: Snapshot, target: Snapshot, choices: Choices) -> bool:
    """As far as our rows tell: what is published is what was live before, and nobody was seen to have changed it."""
    if choices.schedule == ScheduleChoice.OFF and state.expected_schedule_online:
        return False
    same: list[str] = ["content_hash", "layout_hash"]
    if choices.schedule == ScheduleChoice.FROM_DEFINITION:
        same.append("schedule_hash")
    is_equal = all(getattr(published, name) == getattr(target, name) for name in same)
    return is_equal and state.live_state in _LOOKS_WELL


def _warnings(
    candidate: Candidate, state: WorkflowState, facts: _Facts, choices: Choices, told: Told | None
) -> list[Why]:
    found = []
    if candidate.later:
        versions = [f"v{row.version}" for row in candidate.later]
        people = list(dict.fromkeys(row.publisher for row in candidate.later))
        found.append(Why("others_since", {"versions": versions, "people": people}))
    if state.live_state not in _LOOKS_WELL:
        found.append(Why("overwrites_edit", {"state": str(state.live_state)}))
    if _keeps_another_schedule(state, candidate.target, choices):
        found.append(Why("schedule_kept"))
    if told is None:
        found.append(Why("order_unknown"))
    if candidate.workflow.project_id not in facts.may_execute:
        found.append(Why("may_not_execute"))
    return found


def _keeps_another_schedule(state: WorkflowState, target: Snapshot | None, choices: Choices) -> bool:
    if state.published is None or target is None or choices.schedule != ScheduleChoice.KEEP:
        return False
    hashes = {state.published.schedule_hash, target.schedule_hash}
    return len(hashes) == 2 and "" not in hashes


def _related(rows: list[Row], told: dict[int, Told]) -> list[Row]:
    """Name for each row the others that it uses."""
    by_code = {row.workflow.workflow_code: row.workflow.pk for row in rows if row.workflow.workflow_code is not None}
    for row in rows:
        mine: Any = told.get(row.target.pk) if row.target is not None else None
        if mine is not None:
            row.uses.extend(sorted({by_code[code] for code in mine.uses if code in by_code} - {row.workflow.pk}))
    return rows
