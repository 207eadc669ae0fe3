"""How a rollback of many stands: of each item what a reader is told, and what it waits for. Pure questions over rows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rollback.choices import WAITING, ItemState, State
from rollback.models import BatchItem, RollbackBatch

_AS_GOOD_AS_BACK: Final = ("nothing_to_do", "already_back")  # it holds the target's content already
# Worst first, as the page counts them; (word, tone of the chip, sign).
WORDS: Final[dict[str, tuple[str | Promise, str, str]]] = {
    "stopped": (_("waits for one that failed"), "bad", "✖"),
    "refused": (_("not executed"), "bad", "✖"),
    "failed": (_("failed"), "bad", "✖"),
    "left_out": (_("left out"), "warn", "⊘"),
    "voided": (_("voided"), "warn", "⊘"),
    "expired": (_("expired"), "warn", "⊘"),
    "rejected": (_("rejected"), "warn", "⊘"),
    "cancelled": (_("cancelled"), "", "⊘"),
    "waiting": (_("to be asked for"), "info", "…"),
    "pending": (_("waiting for approval"), "info", "…"),
    "approved": (_("approved"), "info", "✓"),
    "waits": (_("waits for others"), "info", "…"),
    "ordered": (_("to be executed"), "info", "…"),
    "executing": (_("being executed"), "info", "↻"),
    "done": (_("rolled back"), "ok", "✓"),
}
MOVING: Final = ("waiting", "ordered", "waits", "executing")  # something goes on by itself


@dataclass(frozen=True, slots=True)
class Standing:
    """`stage` is one of WORDS; `holder` the workflow it waits for, and `holder_stage` how that one stands, "" where there is none."""

    stage: str
    holder: int | None = None
    holder_stage: str = ""

    @property
    def is_back(self) -> bool:
        return self.stage == "done"


def standings(items: Iterable[BatchItem]) -> dict[int, Standing]:
    """Return {workflow: how it stands}. Give all items of one batch by position, with their requests."""
    found: dict[int, Standing] = {}
    back: set[int] = set()
    for item in items:
        found[item.workflow_id] = _standing(item, found, back)
        if found[item.workflow_id].is_back or (item.state == ItemState.LEFT_OUT and item.code in _AS_GOOD_AS_BACK):
            back.add(item.workflow_id)
    return found


def of_batch(batch: RollbackBatch) -> tuple[list[BatchItem], dict[int, Standing]]:
    """Return (items by position with their requests, how each stands)."""
    items = list(batch.items.select_related("request").order_by("position"))
    return items, standings(items)


def counted(found: Iterable[Standing]) -> list[tuple[str, int]]:
    """Return (stage, how many), in the order of WORDS."""
    counts = Counter(one.stage for one in found)
    return [(stage, counts[stage]) for stage in WORDS if counts[stage]]


def _standing(item: BatchItem, found: dict[int, Standing], back: set[int]) -> Standing:
    request = item.request
    if request is None:
        return Standing("cancelled" if item.code == "cancelled" else item.state)
    if item.state == ItemState.ORDERED and request.state in (*WAITING, State.FAILED):  # one that failed is tried again
        return _held(item, found, back) or Standing("ordered")
    if item.state == ItemState.REFUSED and request.state in (*WAITING, State.FAILED):
        return Standing("refused")
    return Standing(request.state)


def _held(item: BatchItem, found: dict[int, Standing], back: set[int]) -> Standing | None:
    """What an ordered item waits for: the worst of what it uses. None where it may go."""
    if item.goes_alone:
        return None
    holders = [(pk, found[pk].stage) for pk in item.uses if pk in found and pk not in back]
    stopped = [holder for holder in holders if holder[1] not in (*MOVING, "pending", "approved")]
    if stopped:
        return Standing("stopped", *stopped[0])
    return Standing("waits", *holders[0]) if holders else None
