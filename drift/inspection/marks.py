"""What a whole reading leaves behind, so that the next inspection need not read again."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from drift.models import InspectionMark

_FIRST_PAUSE: Final = timedelta(minutes=5)
_LONGEST_PAUSE: Final = timedelta(hours=6)
_SPREAD: Final = 0.6180339887  # of the golden ratio: neighbouring ids fall far apart


def mark_read(workflow_id: int, *, probe: str, published: int | None, at: datetime) -> None:
    """Note a whole reading. Call in the transaction that notes what it found."""
    _write(
        workflow_id,
        probe=probe,
        published=published,
        full_due_at=next_full(workflow_id, at),
        failures=0,
        due_at=None,
        error_code="",
    )


def mark_failed(workflow_id: int, code: str, *, at: datetime) -> None:
    """Note a reading that failed: each one in a row doubles the pause."""
    failures = InspectionMark.objects.filter(pk=workflow_id).values_list("failures", flat=True).first() or 0
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(failures, 10))
    _write(
        workflow_id,
        probe="",
        full_due_at=at,
        failures=min(failures + 1, 1_000),
        due_at=at + pause,
        error_code=code[:64],
    )


def distrust(workflow_id: int) -> None:
    """Have the next inspection read whole: somebody else has looked or changed since the lists that the mark stands for.

    Those lists may come back to the letter, since a release changes neither version nor time of saving. Call in the transaction of the act.
    """
    InspectionMark.objects.filter(pk=workflow_id).update(probe="")


def next_full(workflow_id: int, at: datetime) -> datetime:
    """Return when it is read whole again, whatever the lists say: each workflow has its own moment of the period, evenly spread."""
    period = settings.SNAPSHOTTER["INSPECT_FULL"]
    if period <= 0:
        return at
    phase = (workflow_id * _SPREAD) % 1 * period
    waits = (phase - at.timestamp()) % period
    return at + timedelta(seconds=waits or period)


def _write(workflow_id: int, **values: object) -> None:
    if not InspectionMark.objects.filter(pk=workflow_id).update(**values):
        InspectionMark.objects.create(pk=workflow_id, **values)
