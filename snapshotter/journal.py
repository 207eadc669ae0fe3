"""The journal of a sync: a line is committed before a call is sent, and completed when its answer is known.

A line without an answer means that nobody knows whether DolphinScheduler did it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Count, Max, Q
from django.db.models.functions import Now

from definitions.secrets import mask_text
from dolphin import transport
from dolphin.errors import (
    DolphinError,
    DolphinRejected,
    DolphinUnavailable,
    DolphinUnknownOutcome,
)
from dolphin.plan import Action
from dolphin.shape import expected
from snapshotter.claim import renew
from snapshotter.models import Sync, SyncStep

T = TypeVar("T")
CONTENT_WRITES = (Action.CREATE, Action.WRITE, Action.CURE)
NO_EFFECT = "no_effect"
SETTLED = "settled"  # its answer never came, and looking has shown since what DolphinScheduler made of it
# A 401 is not among them: something between us and DolphinScheduler may have answered it after the call was carried out.
_WITHOUT_EFFECT = (NO_EFFECT, DolphinRejected.code, DolphinUnavailable.code)


class Journal:
    """Writes the lines of one sync."""

    def __init__(self, sync: Sync) -> None:
        self.sync = sync
        self._calls: list[transport.Call] = []
        found = sync.steps.aggregate(last=Max("number"), writes=Count("pk", filter=Q(is_write=True)))
        self._number: int = found["last"] or 0
        self.has_writes = (
            found["writes"] > 0
        )  # lines of this claim or an earlier one; without any, none needs to be judged

    def note(self, call: transport.Call) -> None:
        """Take down a call of the client, for the line under way."""
        self._calls.append(call)

    def read(self, call: Callable[[], T]) -> T:
        """Do a read and note it."""

        def reading() -> T:
            with expected():
                return call()

        return self._do("read", reading, is_write=False, reason="")

    def write(self, action: str, reason: str, call: Callable[[], T]) -> T:
        """Do one write, if the lease is still ours. The line stands before the call leaves."""
        renew(self.sync)
        self.has_writes = True
        return self._do(action, call, is_write=True, reason=reason)

    def note_no_effect(self) -> None:
        """The last write was answered without saying whether it was done; looking showed that it was not."""
        step = self.sync.steps.filter(is_write=True).latest("number")
        SyncStep.objects.filter(pk=step.pk).update(outcome=NO_EFFECT)

    def note_settled(self) -> None:
        """What became of the write without an answer is known now, by looking."""
        self.sync.steps.filter(is_write=True, answered_at=None).update(outcome=SETTLED)

    def _do(self, action: str, call: Callable[[], T], *, is_write: bool, reason: str) -> T:
        self._number += 1
        self._calls.clear()
        step = SyncStep.objects.create(
            sync=self.sync,
            number=self._number,
            direction=self.sync.direction,
            action=action,
            is_write=is_write,
            reason=reason[:255],
            sent_at=Now(),  # the database's clock: another host may take over and judge by it
        )
        try:
            result = call()
        except DolphinError as error:
            self._complete(step, error)
            raise
        self._complete(step)
        return result

    def _complete(self, step: SyncStep, error: DolphinError | None = None) -> None:
        never_answered = isinstance(error, DolphinUnknownOutcome) and error.dolphin_code is None
        SyncStep.objects.filter(pk=step.pk).update(
            answered_at=None if never_answered else Now(),
            outcome=error.code if error else "ok",
            dolphin_code=error.dolphin_code if error else 0,
            text=mask_text(str(error)) if error else "",
            summary={"calls": [_summary(call) for call in self._calls[:20]], "count": len(self._calls)},
        )


def _summary(call: transport.Call) -> dict[str, Any]:
    """Return what a journal keeps of a call: no body, no secret."""
    milliseconds = round((call.answered_at - call.sent_at) * 1000)
    return {
        "method": call.method,
        "path": call.path,
        "bytes": call.sent_bytes,
        "status": call.status,
        "milliseconds": milliseconds,
    }


def unanswered_write(sync: Sync) -> SyncStep | None:
    """Return the latest write if its answer never came and nobody has looked since, else None."""
    latest = sync.steps.filter(is_write=True).order_by("-number").first()
    if latest is None or latest.answered_at is not None or latest.outcome == SETTLED:
        return None
    return latest


def unanswered_times(sync: Sync, action: str) -> int:
    """Return how often this step was sent in the present direction without an answer, and looking has settled it since."""
    sent = sync.steps.filter(is_write=True, action=action, direction=sync.direction, outcome=SETTLED)
    return sent.count()


def has_written(sync: Sync, *actions: Action) -> bool:
    """Whether any write (of these kinds) may have changed something: one that was done, or whose answer never came."""
    writes = sync.steps.filter(is_write=True).exclude(outcome__in=_WITHOUT_EFFECT)
    return (writes.filter(action__in=actions) if actions else writes).exists()
