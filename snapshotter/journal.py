"""The journal of a sync: a write's line is committed before the call is sent, and completed when its answer is known.

A line without an answer means that nobody knows whether DolphinScheduler did it. A read does nothing that could be lost: its line is made
when it was answered, and goes in with the next line or with the sync's end.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
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
from snapshotter.claim import LeaseLost, in_seconds, renew
from snapshotter.models import Sync, SyncStep

T = TypeVar("T")
CONTENT_WRITES = (Action.CREATE, Action.WRITE, Action.CURE)
NO_EFFECT = "no_effect"
SETTLED = "settled"  # its answer never came, and looking has shown since what DolphinScheduler made of it
# A 401 is not among them: something between us and DolphinScheduler may have answered it after the call was carried out.
_WITHOUT_EFFECT = (NO_EFFECT, DolphinRejected.code, DolphinUnavailable.code)


@dataclass(frozen=True, slots=True)
class _Read:
    """A read that is not written down yet; moments of `time.monotonic`."""

    step: SyncStep
    sent: float
    answered: float | None

    def line(self, now: float) -> SyncStep:
        """Return its line, with moments by the database's clock, as all lines have them."""
        self.step.sent_at = in_seconds(self.sent - now)
        self.step.answered_at = None if self.answered is None else in_seconds(self.answered - now)
        return self.step


class Journal:
    """Writes the lines of one sync. Call `flush` before the sync ends or waits."""

    def __init__(self, sync: Sync) -> None:
        self.sync = sync
        self._calls: list[transport.Call] = []
        self._reads: list[_Read] = []
        # Of this claim or an earlier one; without any, none needs to be judged.
        self._number, self.has_writes, self.has_settled = _lines(sync)
        self.wrote_now = False  # by this claim

    def note(self, call: transport.Call) -> None:
        """Take down a call of the client, for the line under way."""
        self._calls.append(call)

    def read(self, call: Callable[[], T]) -> T:
        """Do a read and note it."""
        step, sent = self._line("read"), time.monotonic()
        try:
            with expected():
                result = call()
        except DolphinError as error:
            self._answered(step, error)
            never = _was_never_answered(error)
            self._reads.append(_Read(step, sent, None if never else time.monotonic()))
            self.flush()
            raise
        self._answered(step)
        self._reads.append(_Read(step, sent, time.monotonic()))
        return result

    def write(self, action: str, reason: str, call: Callable[[], T]) -> T:
        """Do one write, if the lease is still ours. The line stands before the call leaves."""
        step = self._line(action, is_write=True, reason=reason[:255])
        step.sent_at = Now()  # the database's clock: another host may take over and judge by it
        with transaction.atomic():
            renew(self.sync)
            self._insert(step)
        self.has_writes = self.wrote_now = True
        try:
            result = call()
        except DolphinError as error:
            self._complete(step, error)
            raise
        self._complete(step)
        return result

    def flush(self) -> None:
        """Write down the reads that are not yet. Raises LeaseLost where another worker's lines stand there already."""
        if self._reads:
            self._insert()

    def note_no_effect(self) -> None:
        """The last write was answered without saying whether it was done; looking showed that it was not."""
        step = self.sync.steps.filter(is_write=True).latest("number")
        SyncStep.objects.filter(pk=step.pk).update(outcome=NO_EFFECT)

    def note_settled(self) -> None:
        """What became of the write without an answer is known now, by looking."""
        self.sync.steps.filter(is_write=True, answered_at=None).update(outcome=SETTLED)
        self.has_settled = True

    def _line(self, action: str, *, is_write: bool = False, reason: str = "") -> SyncStep:
        self._number += 1
        self._calls.clear()
        return SyncStep(
            sync=self.sync,
            number=self._number,
            direction=self.sync.direction,
            action=action,
            is_write=is_write,
            reason=reason,
        )

    def _insert(self, *steps: SyncStep) -> None:
        now = time.monotonic()
        lines = [*(read.line(now) for read in self._reads), *steps]
        try:
            SyncStep.objects.bulk_create(lines)
        except IntegrityError:
            raise LeaseLost(sync=self.sync.pk) from None
        self._reads.clear()

    def _answered(self, step: SyncStep, error: DolphinError | None = None) -> None:
        step.outcome = error.code if error else "ok"
        step.dolphin_code = error.dolphin_code if error else 0
        step.text = mask_text(str(error)) if error else ""
        step.summary = {"calls": [_summary(call) for call in self._calls[:20]], "count": len(self._calls)}

    def _complete(self, step: SyncStep, error: DolphinError | None = None) -> None:
        self._answered(step, error)
        SyncStep.objects.filter(sync=self.sync, number=step.number).update(
            answered_at=None if error is not None and _was_never_answered(error) else Now(),
            outcome=step.outcome,
            dolphin_code=step.dolphin_code,
            text=step.text,
            summary=step.summary,
        )


def _lines(sync: Sync) -> tuple[int, bool, bool]:
    """Return the last number, whether there are writes, and whether one was settled. The first claim of a sync has no line yet."""
    if sync.attempt <= 1:
        return 0, False, False
    found = sync.steps.aggregate(
        last=Max("number"),
        writes=Count("pk", filter=Q(is_write=True)),
        settled=Count("pk", filter=Q(is_write=True, outcome=SETTLED)),
    )
    return found["last"] or 0, found["writes"] > 0, found["settled"] > 0


def _was_never_answered(error: DolphinError) -> bool:
    return isinstance(error, DolphinUnknownOutcome) and error.dolphin_code is None


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
