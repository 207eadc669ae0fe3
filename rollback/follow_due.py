"""Following again: a request whose sync has ended, and was not told of it, must not hang. It should never be needed."""

from django.db import transaction

from rollback.choices import State
from rollback.follow import follow
from rollback.models import RollbackRequest
from snapshotter.choices import TERMINAL

_AT_ONCE = 100


def follow_due() -> int:
    """End the requests whose sync has ended; return how many."""
    behind = RollbackRequest.objects.filter(state=State.EXECUTING, sync__state__in=TERMINAL).select_related("sync")
    found = list(behind.order_by("id")[:_AT_ONCE])
    for request in found:
        assert request.sync is not None  # noqa: S101  joined
        with transaction.atomic():
            follow(None, sync=request.sync)
    return len(found)
