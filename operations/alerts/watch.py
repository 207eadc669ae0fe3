"""Find what no act of anybody tells: locks held for long, tokens that end soon, reviews that are overdue. Each is noted on the trail once.

A notice and its entry are one transaction, and a notice is unique: so of several workers one notes it. Nothing but our database is read.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from guardian.models import UserObjectPermission
from knox.models import AuthToken

from audit.actors import SYSTEM
from audit.models import Outcome
from audit.record import record
from catalog.models import Project
from catalog.service_accounts import PREFIX
from operations.alerts.models import AlertNotice
from rollback.models import RollbackRequest
from snapshotter.claim import in_seconds
from snapshotter.models import WorkflowState

TOKEN_DAYS: Final = 7
MOST: Final = 1_000  # of each kind in one look, those that came last first: what is old is known

Notice = tuple[str, Callable[[], Any]]


def watch() -> int:
    """Look once; return how many were noted. Safe to run by several at once."""
    return sum(_note([*found()]) for found in (_locks, _tokens, _reviews))


def _note(notices: list[Notice]) -> int:
    keys = [key for key, _record in notices]
    known = set(AlertNotice.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(_once(key, note) for key, note in notices if key not in known)


def _once(key: str, note: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            AlertNotice.objects.create(key=key)
            note()
    except IntegrityError:  # another worker was a moment earlier
        return False
    return True


def _locks() -> Iterator[Notice]:
    """One in need of a person was told when it came to that."""
    limit: float = settings.SNAPSHOTTER["LOCK_STUCK"]
    if limit <= 0:
        return
    held = WorkflowState.objects.filter(locked_at__lt=in_seconds(-limit), lock__isnull=False, attention="")
    for state in held.select_related("lock", "workflow__project__instance").order_by("-locked_at")[:MOST]:
        yield f"lock {state.lock_id}", _lock_noter(state)


def _lock_noter(state: WorkflowState) -> Callable[[], Any]:
    holder, since = state.lock, state.locked_at
    assert holder is not None and since is not None  # noqa: S101  by the filter on locked_at, set and cleared with the lock
    return lambda: record(
        "lock.stuck",
        actor=SYSTEM,
        target=state.workflow,
        scope=state.workflow.project.scope,
        outcome=Outcome.FAILED,
        reason=f"{holder.actor_name} holds it since {since:%Y-%m-%d %H:%M} UTC",
        detail={"sync": holder.pk, "state": holder.state, "since": since.isoformat()},
    )


def _tokens() -> Iterator[Notice]:
    """One notice a token and project that it reaches, so that each project's rules tell it."""
    now = timezone.now()
    ending = AuthToken.objects.filter(user__username__startswith=PREFIX, user__is_active=True)
    ending = ending.filter(expiry__gt=now, expiry__lt=now + timedelta(days=TOKEN_DAYS)).select_related("user")
    tokens = list(ending.order_by("-expiry")[:MOST])
    reached = _reached({token.user_id for token in tokens})
    for token in tokens:
        for project in reached.get(token.user_id, []):
            yield f"token {token.token_key} {token.user_id} {project.pk}", _token_noter(token, project)


def _reached(users: set[int]) -> dict[int, list[Project]]:
    rows = UserObjectPermission.objects.filter(
        user__in=users, content_type__app_label="catalog", content_type__model="project"
    )
    pairs = sorted({(user, int(pk)) for user, pk in rows.values_list("user_id", "object_pk")})
    projects = Project.objects.select_related("instance").in_bulk([pk for _user, pk in pairs])
    found: dict[int, list[Project]] = {}
    for user, pk in pairs:
        if pk in projects:
            found.setdefault(user, []).append(projects[pk])
    return found


def _token_noter(token: Any, project: Project) -> Callable[[], Any]:
    return lambda: record(
        "service_account.token_expiring",
        actor=SYSTEM,
        target=token.user,
        scope=project.scope,
        reason=f"the token that begins with {token.token_key} ends at {token.expiry:%Y-%m-%d %H:%M} UTC",
        detail={"begins": token.token_key, "expires": token.expiry.isoformat()},
    )


def _reviews() -> Iterator[Notice]:
    due = RollbackRequest.objects.filter(review_due_at__lt=Now(), reviewed_at=None)
    for request in due.select_related("project__instance", "workflow", "target").order_by("-review_due_at")[:MOST]:
        yield f"review {request.pk}", _review_noter(request)


def _review_noter(request: RollbackRequest) -> Callable[[], Any]:
    return lambda: record(
        "rollback.review_due",
        actor=SYSTEM,
        target=request,
        scope=request.project.scope,
        outcome=Outcome.FAILED,
        reason=f"nobody has reviewed it since {request.review_due_at:%Y-%m-%d %H:%M} UTC",
    )
