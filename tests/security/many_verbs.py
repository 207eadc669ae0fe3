"""The verbs of rollbacks of many, for the table."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from catalog.permissions import APPROVE_ROLLBACK, EXECUTE_ROLLBACK, REQUEST_ROLLBACK
from rollback.choices import ItemState, State
from rollback.choices_of import Choices
from rollback.many.approve_many import approve_many
from rollback.many.cancel_many import cancel_many
from rollback.many.criteria import criteria_of
from rollback.many.execute_many import execute_many
from rollback.many.submit_many import AskMany, submit_many
from rollback.models import BatchItem, RollbackBatch, RollbackRequest
from tests.security.world import Verb, World

_HASH = "b" * 64
_CRITERIA = {"publisher": "nobody"}


def _batch(w: World, state: State = State.APPROVED) -> RollbackBatch:
    """Return a batch that nobody in the table has made, with one request in this state."""
    now, version = timezone.now(), w.snapshot()
    window = {"since": now.isoformat(), "until": now.isoformat(), "publisher": "x", "text": "", "project": None}
    batch = RollbackBatch.objects.create(
        criteria={**window, "project_name": "", "workflows": []},
        choices=Choices().as_json(),
        category="other",
        reason="why",
        created_by_name="somebody",
    )
    request = RollbackRequest.objects.create(
        workflow=w.workflow(),
        project=w.project,
        target=version,
        base=version,
        bound={"workflow_code": 7001, "published": 1, "live": {}},
        bound_hash=_HASH,
        reason="why",
        category="other",
        requested_by_name="somebody",
        expires_at=now + timedelta(days=1),
        state=state,
        batch=batch,
    )
    BatchItem.objects.create(
        batch=batch,
        workflow=w.workflow(),
        position=1,
        target=version,
        seen=version,
        state=ItemState.SUBMITTED,
        request=request,
    )
    return batch


def _seen(batch: RollbackBatch) -> dict[int, str]:
    return dict(RollbackRequest.objects.filter(batch=batch).values_list("pk", "bound_hash"))


def _approve(w: World) -> Any:
    batch = _batch(w, State.PENDING)
    requests = [{"id": pk, "bound_hash": bound_hash} for pk, bound_hash in _seen(batch).items()]
    return f"rollback-batches/{batch.pk}/approve", {"requests": requests}


def _approve_page(w: World) -> Any:
    batch = _batch(w, State.PENDING)
    seen = " ".join(f"{pk}:{bound_hash}" for pk, bound_hash in _seen(batch).items())
    return f"/rollbacks/many/{batch.pk}/act/", {"act": "approve", "seen": seen}


def _submit(w: World, who: User) -> Any:
    criteria = criteria_of(publisher="nobody", project=w.project)
    return submit_many(AskMany(criteria=criteria, reason="why"), actor=who)


def _at(act: str, state: State = State.APPROVED) -> Any:
    return lambda w: (f"rollback-batches/{_batch(w, state).pk}/{act}", {})


def _page(act: str, state: State = State.APPROVED) -> Any:
    return lambda w: (f"/rollbacks/many/{_batch(w, state).pk}/act/", {"act": act})


MANY = [
    Verb(
        *("ask for many rollbacks", (REQUEST_ROLLBACK,), "rollback.many_request_refused"),
        _submit,
        lambda w: ("rollback-batches", {"criteria": {**_CRITERIA, "project": w.project.code}, "reason": "why"}),
    ),
    Verb(
        *("execute many", (EXECUTE_ROLLBACK,), "rollback.many_execute_refused"),
        lambda w, who: execute_many(_batch(w), actor=who),
        _at("execute"),
        _page("execute"),
    ),
    Verb(
        *("approve many", (APPROVE_ROLLBACK,), "rollback.decision_refused"),
        lambda w, who: approve_many(batch := _batch(w, State.PENDING), actor=who, seen=_seen(batch)),
        _approve,
        _approve_page,
    ),
    Verb(
        *("cancel the rest of many", (EXECUTE_ROLLBACK,), "rollback.many_cancel_refused"),
        lambda w, who: cancel_many(_batch(w), actor=who),
        _at("cancel"),
        _page("cancel"),
    ),
]
