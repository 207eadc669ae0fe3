"""A worker's claim on an item of a rollback of many: a lease by the database's clock, fenced by the attempt number."""

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from catalog.release import fits
from rollback.choices import ItemState
from rollback.models import BatchItem
from snapshotter.claim import in_seconds

MAX_TRIES = 6
_FIRST_PAUSE = 5.0  # seconds; doubled with every try


def claim(item_id: int, state: ItemState) -> BatchItem | None:
    """Claim an item in this state, None when somebody has it, it has moved, its time has not come, or we are of another release."""
    if not fits():
        return None
    claimed = (
        BatchItem.objects.free()
        .filter(pk=item_id, state=state)
        .update(attempt=F("attempt") + 1, lease_until=in_seconds(settings.SNAPSHOTTER["LEASE"]))
    )
    if not claimed:
        return None
    return BatchItem.objects.select_related(
        "batch__created_by",
        "ordered_by",
        "workflow__project__instance",
        "workflow__state",
        "target",
        "seen",
        "request__project__instance",
        "request__workflow__project__instance",
        "request__target",
    ).get(pk=item_id)


def settle(item: BatchItem, state: ItemState, **values: object) -> bool:
    """End the claim with a new state; False when somebody else has moved it meanwhile: then what they wrote stands."""
    values = {"code": "", "text": "", "findings": [], "tries": 0, "due_at": None, **values}
    mine = BatchItem.objects.filter(pk=item.pk, attempt=item.attempt, state=item.state)
    return mine.update(state=state, lease_until=None, changed_at=timezone.now(), **values) == 1


def put_aside(item: BatchItem, code: str, text: str) -> bool:
    """Something passing stood in the way: try again later, longer each time. False when it was tried often enough."""
    if item.tries >= MAX_TRIES:
        return False
    settle(
        item,
        ItemState(item.state),
        code=code[:64],
        text=text,
        tries=item.tries + 1,
        due_at=in_seconds(_FIRST_PAUSE * 2**item.tries),
    )
    return True
