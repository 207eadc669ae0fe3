"""Moves of a request: by conditional update, so that of two at once one wins and the other is told."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone

from rollback.choices import OPEN, State
from rollback.errors import AlreadyRequested, RequestClosed
from rollback.models import RollbackRequest


def move(request: RollbackRequest, states: Collection[State], state: State, **values: object) -> None:
    """Move a request that is still in one of the states, or raise RequestClosed. A closed one frees the workflow for the next request.

    Raises AlreadyRequested where it opens again beside another one. Call inside the act's transaction.
    """
    is_open = state in OPEN
    values |= {"open_key": request.workflow_id if is_open else None, "closed_at": None if is_open else timezone.now()}
    try:
        with transaction.atomic(
            savepoint=is_open and not request.is_open
        ):  # only one that opens can stand beside another
            moved = RollbackRequest.objects.filter(pk=request.pk, state__in=states).update(state=state, **values)
    except IntegrityError:
        raise AlreadyRequested from None
    if moved != 1:
        current = RollbackRequest.objects.values_list("state", flat=True).get(pk=request.pk)
        raise RequestClosed(state=current)
    request.refresh_from_db(fields=["state", *values])  # all of it would forget workflow, project and version too
