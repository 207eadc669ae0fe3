"""Submit: ask for a rollback. DolphinScheduler is read, what stands in the way is said, and the request is bound to what was seen."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import SYSTEM, Actor, user_of
from audit.context import current
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.models import Workflow
from catalog.permissions import OVERRIDE_FREEZE, require
from definitions.secrets import mask_text
from dolphin.observe import Observation
from rollback.act_rights import to_ask
from rollback.binding import bind, hash_of
from rollback.choices import Act, Category, Rule, State
from rollback.choices_of import AS_PUBLISHED, Choices
from rollback.errors import (
    AlreadyRequested,
    MissingInDolphin,
    NotAcknowledged,
    NothingToDo,
    SeenMoved,
    StillInDolphin,
    TargetRefused,
)
from rollback.impact.findings import Finding, as_asked, not_acknowledged, refused
from rollback.impact.impact import findings_of
from rollback.models import RollbackBatch, RollbackPolicy, RollbackRequest
from rollback.one_look import OneLook
from rollback.policy import Case, policy_of, rule_for
from rollback.void import void_if_moved
from snapshotter.accepting import accept
from snapshotter.errors import StaleBase, StateConflict
from snapshotter.lost.restore import require_restorable
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.republish import again, brings_nothing
from snapshotter.writing import require_writing

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a person asks for; who puts back chooses nothing. `acknowledged` are codes of findings.

    `override_freeze`: why a freeze does not count, "" where it does. `base`: the published version that the person saw, 0 none, None not
    said; `seen`: hash of all that they saw, as `bind` gives it.
    """

    workflow: Workflow
    target: Snapshot
    reason: str
    category: Category = Category.OTHER
    ticket: str = ""
    choices: Choices = field(default_factory=Choices)
    act: Act = Act.ROLLBACK
    wait_for_runs: bool = False
    acknowledged: tuple[str, ...] = ()
    override_freeze: str = ""
    base: int | None = None
    seen: str = ""
    batch: RollbackBatch | None = None
    batch_position: int = 0


def submit(ask: Ask, *, actor: Actor, look: OneLook | None = None) -> RollbackRequest:
    """Return the request, approved already where no approval is needed. Nothing is written to DolphinScheduler.

    `look` is of an act that looks at the workflow more than once.

    Raises NotAllowed, NotFound, InvalidRequest, AlreadyRequested, TargetRefused, NotAcknowledged, NothingToDo, MissingInDolphin,
    ProjectOff, ProjectRecords, DolphinError.
    """
    project = ask.workflow.project
    require(actor, to_ask(ask.act), project, event="rollback.request_refused")
    if ask.override_freeze:
        require(actor, OVERRIDE_FREEZE, project, event="rollback.request_refused")
    _check(ask)
    ask = _settled(ask)
    if ask.act == Act.RESTORE:
        require_restorable(ask.target)
    require_writing(project)
    if (standing := RollbackRequest.objects.open().filter(workflow=ask.workflow).first()) and not void_if_moved(
        standing
    ):
        raise _already(ask.workflow)
    live = (look or OneLook(ask.workflow)).now()
    require_place(ask.act, ask.workflow, live)
    found = findings_of(ask.workflow, ask.target, choices=ask.choices, live=live, reader=actor)
    findings = as_asked(found, ask.act)
    _check_findings(findings, ask.acknowledged)
    return _create(ask, live, findings, actor)


def require_place(act: Act, workflow: Workflow, live: Observation) -> None:
    """A restore needs the workflow gone from DolphinScheduler, all else needs it there. Raises MissingInDolphin, StillInDolphin."""
    if act != Act.RESTORE and live.state.code is None:
        raise MissingInDolphin(workflow=workflow.key)
    if act == Act.RESTORE and live.state.code is not None:
        raise StillInDolphin(workflow=workflow.key)


def _check(ask: Ask) -> None:
    if ask.target.workflow_id != ask.workflow.key:
        raise InvalidRequest(_("The version belongs to another workflow."), field="version")
    if not ask.reason.strip():
        raise InvalidRequest(_("A rollback needs a reason."), field="reason")
    if len(ask.reason) > LONGEST_REASON:
        raise InvalidRequest(_("A reason has at most %(most)s characters.") % {"most": LONGEST_REASON}, field="reason")


def _settled(ask: Ask) -> Ask:
    """Return the ask with the choices that count. Raises InvalidRequest where one who puts back has chosen something."""
    if ask.act != Act.PUT_BACK:
        return ask
    if ask.choices not in (Choices(), AS_PUBLISHED):
        raise InvalidRequest(_("Putting back leaves nothing to choose. Roll back to the version instead."), field="act")
    _check_is_published(ask, ask.workflow.state)
    return replace(ask, choices=AS_PUBLISHED)


def _check_is_published(ask: Ask, state: WorkflowState) -> None:
    if ask.target.pk != state.published_id:
        raise TargetRefused(_("Only the published version is put back. Roll back to any other one."))


def _check_findings(findings: list[Finding], acknowledged: tuple[str, ...]) -> None:
    """All that refuses is said at once, and so is all that nobody has agreed to."""
    if no := refused(findings):
        raise TargetRefused(" ".join(row.text for row in no), findings=[row.as_json() for row in no])
    if left := not_acknowledged(findings, acknowledged):
        raise NotAcknowledged(
            _("Agree to each of these by its name, or choose otherwise: %(codes)s.")
            % {"codes": ", ".join(row.code for row in left)},
            findings=[{**row.as_json(), "text": row.text} for row in left],
        )


def _create(ask: Ask, live: Observation, findings: list[Finding], actor: Actor) -> RollbackRequest:
    policy = policy_of(ask.workflow.project)
    try:
        return accept(lambda: _kept(ask, live, findings, policy, actor))
    except IntegrityError:
        raise _already(ask.workflow) from None


def _kept(
    ask: Ask, live: Observation, findings: list[Finding], policy: RollbackPolicy, actor: Actor
) -> RollbackRequest:
    # The row lock makes the published version that is bound the one that is published.
    state = WorkflowState.objects.select_for_update().select_related("published").get(workflow=ask.workflow)
    _check_base(ask, state)
    if ask.act == Act.PUT_BACK:  # again, now that it can't move
        _check_is_published(ask, state)
    if ask.act != Act.RESTORE:
        _check_there_is_something_to_do(ask, state, live)
    case = Case(state=state, target=ask.target, live=live, choices=ask.choices, actor=actor)
    bound = bind(ask.workflow, ask.target, state=state, live=live, choices=ask.choices)
    if ask.seen not in ("", hash_of(bound)):
        raise SeenMoved
    request = _row(ask, case, policy, findings, bound)
    request.save(force_insert=True)
    _audit(request, actor)
    return request


def _check_base(ask: Ask, state: WorkflowState) -> None:
    published = state.published.version if state.published else 0
    if ask.base not in (None, published):
        raise StaleBase(base=ask.base, published=published)


def _check_there_is_something_to_do(ask: Ask, state: WorkflowState, live: Observation) -> None:
    choices = ask.choices
    wanted = again(ask.target, state.published, with_name=choices.with_name, with_layout=choices.with_layout)
    if brings_nothing(
        wanted, live, state, online=choices.online, schedule=choices.schedule, schedule_state=choices.schedule_state
    ):
        raise NothingToDo


def _row(
    ask: Ask, case: Case, policy: RollbackPolicy, findings: list[Finding], seen: dict[str, Any]
) -> RollbackRequest:
    choices, base, rule = ask.choices, case.state.published, rule_for(policy, case)
    override = mask_text(ask.override_freeze)
    bound = {**seen, "act": ask.act, "wait_for_runs": ask.wait_for_runs, "override_freeze": override}
    passes = rule != Rule.NONE or policy.approvals_needed == 0
    return RollbackRequest(
        workflow=ask.workflow,
        project=ask.workflow.project,
        act=ask.act,
        target=ask.target,
        base=base,
        state=State.APPROVED if passes else State.PENDING,
        open_key=ask.workflow.pk,
        online=choices.online,
        schedule=choices.schedule,
        schedule_state=choices.schedule_state,
        with_name=choices.with_name,
        with_layout=choices.with_layout,
        wait_for_runs=ask.wait_for_runs,
        override_freeze=override,
        bound=bound,
        bound_hash=hash_of(bound),
        findings=[row.as_json() for row in findings],
        acknowledged=sorted(set(ask.acknowledged) & {row.code for row in findings}),
        category=ask.category,
        ticket=mask_text(ask.ticket)[:190],
        reason=mask_text(ask.reason),
        batch=ask.batch,
        batch_position=ask.batch_position,
        approvals_needed=policy.approvals_needed,
        approver_groups=policy.approver_groups,
        rule=rule if policy.approvals_needed else Rule.NONE,
        requested_by=user_of(case.actor),
        requested_by_name=str(case.actor),
        expires_at=_expiry(policy, rule, base),
        request_id=current().request_id,
    )


def _expiry(policy: RollbackPolicy, rule: Rule, base: Snapshot | None) -> datetime:
    """A rule that holds for some minutes holds no longer once it was asked for."""
    until = timezone.now() + timedelta(hours=policy.expires_hours)
    if rule == Rule.SAME_AUTHOR and policy.approvals_needed and base is not None and base.live_from is not None:
        until = min(until, base.live_from + timedelta(minutes=policy.same_author_minutes))
    return until


def _audit(request: RollbackRequest, actor: Actor) -> None:
    record(
        "rollback.requested",
        actor=actor,
        target=request,
        scope=request.project.scope,
        reason=request.reason,
        changes={"version": (request.bound["published"], request.bound["target"]["version"])},
        detail={"bound": request.bound, "acknowledged": request.acknowledged, "approvals": request.approvals_needed},
    )
    if request.rule != Rule.NONE:
        record("rollback.rule_applied", actor=SYSTEM, target=request, scope=request.project.scope, reason=request.rule)


def _already(workflow: Workflow) -> Exception:
    standing = RollbackRequest.objects.open().filter(workflow=workflow).first()
    if standing is None:  # closed at this very moment
        return StateConflict()
    return AlreadyRequested(request=standing.pk, by=standing.requested_by_name, state=standing.state)
