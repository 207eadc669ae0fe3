"""The verbs of rollback, for the table."""

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from catalog.permissions import (
    APPROVE_ROLLBACK,
    BREAK_GLASS,
    EXECUTE_ROLLBACK,
    MANAGE_POLICY,
    OVERRIDE_FREEZE,
    REQUEST_ROLLBACK,
)
from rollback.approve import approve
from rollback.cancel import cancel
from rollback.choices import State, Verdict
from rollback.execute import break_glass, execute
from rollback.models import RollbackRequest
from rollback.reject import reject
from rollback.review import review
from rollback.set_policy import set_policy
from rollback.submit import Ask, submit
from snapshotter.lost.rebind import Rebinding, rebind
from snapshotter.lost.restore import restore
from tests.security.world import WHY, Verb, World

_RELATED = ("workflow__project__instance", "project__instance", "target")
_FORM = {"reason": "why", "category": "other", "online": "keep", "schedule": "keep", "schedule_state": "keep"}
_RULES = {"approvals_needed": 1, "expires_hours": 1, "review_hours": 1, "same_author_minutes": 0}
_ASK = {"version": 1, "reason": "why"}


def _made(w: World, **values: Any) -> RollbackRequest:
    """Return a request that nobody in the table has made; written by hand, since nobody answers here."""
    fields = {"workflow": w.workflow(), "project": w.project, "target": w.snapshot(), "base": w.snapshot()}
    fields |= {"bound": {"workflow_code": 7001, "published": 1, "live": {}}, "reason": "why", "category": "other"}
    fields |= {"requested_by_name": "somebody", "expires_at": timezone.now() + timezone.timedelta(days=1)}
    row = RollbackRequest.objects.create(**fields, **{"state": State.APPROVED, **values})
    return RollbackRequest.objects.select_related(*_RELATED).get(pk=row.pk)


def _reviewed(w: World) -> RollbackRequest:
    return _made(w, state=State.DONE, is_break_glass=True, review_due_at=timezone.now())


def _ask(w: World, who: User, **more: Any) -> Any:
    return submit(Ask(workflow=w.workflow(), target=w.snapshot(), reason="why", **more), actor=who)


def _at(verb: str, body: dict[str, Any] | None = None) -> Any:
    return lambda w: (f"rollbacks/{(_reviewed(w) if verb == 'review' else _made(w)).pk}/{verb}", body or {})


def _page(act: str, **data: Any) -> Any:
    return lambda w: (f"/rollbacks/{(_reviewed(w) if act == 'review' else _made(w)).pk}/{act}/", data)


_GLASS = {"break_glass": True, "reason": "why"}
_JUDGED = {"verdict": "right", "text": "why"}
ROLLBACK = [
    Verb(
        *("ask for a rollback", (REQUEST_ROLLBACK,), "rollback.request_refused"),
        _ask,
        lambda w: ("workflows/orders/rollbacks", _ASK),
        lambda w: ("/workflows/orders/rollback/?version=1", {**_FORM, "step": "do"}),
    ),
    Verb(
        *("ask in a freeze", (REQUEST_ROLLBACK, OVERRIDE_FREEZE), "rollback.request_refused"),
        lambda w, who: _ask(w, who, override_freeze="urgent"),
        lambda w: ("workflows/orders/rollbacks", {**_ASK, "override_freeze": "urgent"}),
    ),
    Verb(
        *("approve a rollback", (APPROVE_ROLLBACK,), "rollback.decision_refused"),
        lambda w, who: approve(_made(w), actor=who),
        _at("approve"),
        _page("approve"),
    ),
    Verb(
        *("reject a rollback", (APPROVE_ROLLBACK,), "rollback.decision_refused"),
        lambda w, who: reject(_made(w), actor=who, comment="why"),
        _at("reject", {"comment": "why"}),
        _page("reject", comment="why"),
    ),
    Verb(
        *("cancel somebody's rollback", (EXECUTE_ROLLBACK,), "rollback.cancel_refused"),
        lambda w, who: cancel(_made(w), actor=who),
        _at("cancel"),
        _page("cancel"),
    ),
    Verb(
        *("execute a rollback", (EXECUTE_ROLLBACK,), "rollback.execute_refused"),
        lambda w, who: execute(_made(w), actor=who),
        _at("execute"),
        _page("execute"),
    ),
    Verb(
        *("break the glass", (BREAK_GLASS,), "rollback.break_glass_refused"),
        lambda w, who: break_glass(_made(w), actor=who, reason="why"),
        _at("execute", _GLASS),
        _page("break-glass", comment="why"),
    ),
    Verb(
        *("review a broken glass", (APPROVE_ROLLBACK,), "rollback.review_refused"),
        lambda w, who: review(_reviewed(w), actor=who, verdict=Verdict.RIGHT, text="why"),
        _at("review", _JUDGED),
        _page("review", **_JUDGED),
    ),
    Verb(
        *("restore a workflow", (EXECUTE_ROLLBACK,), "restore.refused"),
        lambda w, who: restore(w.workflow(), version=w.snapshot(), actor=who, reason="why", origin=WHY),
        lambda w: ("workflows/orders/restore", {"version": 1, "reason": "why"}),
        lambda w: (
            "/workflows/orders/restore/",
            {"version": 1, "reason": "why", "online": "keep", "schedule": "keep"},
        ),
    ),
    Verb(
        *("bind a key anew", (EXECUTE_ROLLBACK,), "rebind.refused"),
        lambda w, who: rebind(w.workflow(), Rebinding(code=8004), actor=who, reason="why"),
        lambda w: ("workflows/orders/rebind", {"workflow_code": 8004, "reason": "why"}),
        lambda w: ("/workflows/orders/rebind/", {"workflow_code": 8004, "reason": "why"}),
    ),
    Verb(
        *("set the rules", (MANAGE_POLICY,), "policy.refused"),
        lambda w, who: set_policy(w.project, {"approvals_needed": 1}, actor=who),
        page=lambda w: (f"/projects/{w.project.pk}/rollback-policy/", _RULES),
    ),
]
