"""Execute: bring the workflow back through the pipeline of every publish, once all that was agreed to still holds."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor, user_of
from audit.record import record, record_refusal
from catalog.errors import InvalidRequest
from catalog.permissions import BREAK_GLASS, OVERRIDE_FREEZE, require
from definitions.secrets import mask_text
from dolphin.observe import Observation
from rollback.act_rights import to_execute
from rollback.choices import EXECUTABLE, Act, State
from rollback.choices_of import Choices
from rollback.errors import NotApproved, RequestClosed, TargetRefused, Voided
from rollback.impact.findings import as_asked, not_acknowledged, refused
from rollback.impact.impact import findings_of
from rollback.models import RollbackRequest
from rollback.move import move
from rollback.one_look import OneLook
from rollback.policy import policy_of
from rollback.standing import Moved, Standing, moved, standing
from rollback.submit import require_place
from rollback.void import require_standing, void
from snapshotter.accepting import accept
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.errors import Frozen, Quarantined, StateConflict, WorkflowLocked
from snapshotter.lost.restore import Order, accept_restore
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync
from snapshotter.put_back import PutBack, accept_put_back
from snapshotter.republish import Republish, republish
from snapshotter.writing import require_writing

REFUSED = "rollback.execute_refused"
_FRESH: Final = timedelta(seconds=60)
_MAY_BEGIN: Final = (State.PENDING, *EXECUTABLE)


def execute(request: RollbackRequest, *, actor: Actor, look: OneLook | None = None) -> Sync:
    """Queue the sync of an approved request, or of one that failed and may be tried again. DolphinScheduler is read first.

    `look` is of an act that asked for it too, and has just seen the workflow.

    Raises NotAllowed, NotApproved, RequestClosed, Voided (then the request is closed), TargetRefused, WorkflowLocked, Frozen, Quarantined,
    ProjectOff, ProjectRecords, DolphinError.
    """
    require(actor, to_execute(request.act), request.project, event=REFUSED, about=request)
    _require_state(request)
    _check(request, actor, look or OneLook(request.workflow))
    stand = standing(request)
    if not stand.is_met:
        _refuse(request, actor, f"has {len(stand.approvals)} of {stand.needed} approvals")
        raise NotApproved(approvals=len(stand.approvals), needed=stand.needed)
    return _begin(request, actor, {})


def break_glass(request: RollbackRequest, *, actor: Actor, reason: str, look: OneLook | None = None) -> Sync:
    """Execute without the approvals: an emergency. It opens a review that has a deadline. Raises as `execute`, and InvalidRequest."""
    require(actor, BREAK_GLASS, request.project, event="rollback.break_glass_refused", about=request)
    _require_state(request)
    if not reason.strip():
        raise InvalidRequest(_("Breaking the glass needs a reason: why it can't wait."), field="reason")
    _check(request, actor, look or OneLook(request.workflow))
    if request.reviewed_at is not None:  # what was judged stays judged: another emergency is another request
        raise RequestClosed(state=request.state)
    due = timezone.now() + timedelta(hours=policy_of(request.project).review_hours)
    values = {"is_break_glass": True, "review_due_at": request.review_due_at or due}
    return _begin(request, actor, values, glass=mask_text(reason))


def _require_state(request: RollbackRequest) -> None:
    if request.state not in _MAY_BEGIN:
        raise RequestClosed(state=request.state)


def _check(request: RollbackRequest, actor: Actor, look: OneLook) -> None:
    """Ask everything again that was asked at the request: the world may have moved since."""
    if request.override_freeze:
        require(actor, OVERRIDE_FREEZE, request.project, event=REFUSED, about=request)
    require_writing(request.project)
    live = look.now()
    require_standing(request, live)
    require_place(Act(request.act), request.workflow, live)
    _check_target(request, live, actor)


def _check_target(request: RollbackRequest, live: Observation, actor: Actor) -> None:
    """What refuses it now, and what has come up since that somebody must agree to; a request of this very minute was just judged."""
    if timezone.now() - request.created_at < _FRESH:
        return
    judged = findings_of(request.workflow, request.target, choices=choices_of(request), live=live, reader=actor)
    found = as_asked(judged, request.act)
    if no := refused(found):
        _refuse(request, actor, ", ".join(row.code for row in no))
        raise TargetRefused(" ".join(row.text for row in no), findings=[row.as_json() for row in no])
    if new := not_acknowledged(found, request.acknowledged):
        why = Moved("impact_moved", "; ".join(row.code for row in new))
        void(request, why)
        raise Voided(moved=why.code, detail=why.detail, findings=[{**row.as_json(), "text": row.text} for row in new])


def _begin(request: RollbackRequest, actor: Actor, values: dict[str, Any], glass: str = "") -> Sync:
    try:
        return accept(lambda: _queue(request, actor, values, glass))
    except (Frozen, Quarantined, WorkflowLocked) as error:  # what was begun has been rolled back by now
        _refuse(request, actor, f"{error.code}: {error}")
        raise
    except StateConflict:
        require_standing(request)  # says what moved between the look and the lock, and closes the request for it
        raise


def _queue(request: RollbackRequest, actor: Actor, values: dict[str, Any], glass: str) -> Sync:
    """Request, sync, draft, lock and audit row begin together or not at all."""
    stand = _judge_again(request, glass)
    sync = _begun(request, actor)
    if sync.options["base"] != request.base_id:  # published while DolphinScheduler was read
        raise StateConflict
    part = [*request.took_part, str(actor)]
    move(request, _MAY_BEGIN, State.EXECUTING, sync=sync, executed_by_name=str(actor), took_part=part, **values)
    record(
        "rollback.glass_broken" if glass else "rollback.executed",
        actor=actor,
        target=request,
        scope=request.project.scope,
        reason=glass or request.reason,
        detail={
            "sync": sync.pk,
            "snapshot": sync.snapshot_id,
            "bound_hash": request.bound_hash,
            **_by(request, stand, actor),
        },
    )
    return sync


def _judge_again(request: RollbackRequest, glass: str) -> Standing:
    """DolphinScheduler was asked meanwhile: rights and rules may have changed since. The row is held until it has begun."""
    RollbackRequest.objects.select_for_update().get(pk=request.pk)
    stand = standing(request)
    if not glass and not stand.is_met:
        raise NotApproved(approvals=len(stand.approvals), needed=stand.needed)
    if moved(request) is not None:
        raise StateConflict
    return stand


def _begun(request: RollbackRequest, actor: Actor) -> Sync:
    if request.act == Act.RESTORE:
        return accept_restore(request.workflow, _restore(request), actor=actor, reason=request.reason)
    if request.act == Act.PUT_BACK:
        return accept_put_back(request.workflow, _put_back(request), actor=actor)
    return republish(request.workflow, _order(request), actor=actor)


def _by(request: RollbackRequest, stand: Standing, actor: Actor) -> dict[str, Any]:
    user = user_of(actor)
    return {
        "requested_by": request.requested_by_name,
        "approved_by": [row.approver_name for row in stand.approvals],
        "rule": request.rule,
        "executor": user.pk if user else None,
    }


def _origin(request: RollbackRequest) -> Origin:
    return Origin(
        trigger=Trigger.ROLLBACK,
        trigger_ref=request.ticket,
        message=request.reason,
        published_by=request.requested_by_name,
    )


def _restore(request: RollbackRequest) -> Order:
    return Order(
        version=request.target,
        origin=_origin(request),
        online=Online(request.online),
        schedule=ScheduleChoice(request.schedule),
        schedule_state=Online(request.schedule_state),
        with_name=request.with_name,
        override_freeze=request.override_freeze,
    )


def _put_back(request: RollbackRequest) -> PutBack:
    return PutBack(
        reason=request.reason,
        bound=request.bound["live"],
        wait_for_runs=request.wait_for_runs,
        override_freeze=request.override_freeze,
    )


def _order(request: RollbackRequest) -> Republish:
    return Republish(
        version=request.target,
        origin=_origin(request),
        bound=request.bound["live"],
        online=Online(request.online),
        schedule=ScheduleChoice(request.schedule),
        schedule_state=Online(request.schedule_state),
        with_name=request.with_name,
        with_layout=request.with_layout,
        wait_for_runs=request.wait_for_runs,
        override_freeze=request.override_freeze,
    )


def choices_of(request: RollbackRequest) -> Choices:
    """Return what was chosen."""
    return Choices.from_json(vars(request))


def _refuse(request: RollbackRequest, actor: Actor, reason: str) -> None:
    record_refusal(REFUSED, actor=actor, target=request, scope=request.project.scope, reason=reason)
