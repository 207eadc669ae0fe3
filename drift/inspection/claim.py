"""A worker's claim on an inspection: one of an instance at a time, a lease by the database's clock, fenced by the attempt number.

It is worked in slices and then given back. Nothing is waited for: a DolphinScheduler that is away ends the inspection, the next one begins
an interval later.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from audit.actors import SYSTEM
from audit.record import record
from catalog.choices import Mode
from catalog.models import Instance, Project
from catalog.release import fits
from definitions.secrets import mask_text
from drift.choices import RunKind, RunState
from drift.models import InspectionRun
from snapshotter.claim import LeaseLost, in_seconds

_FREE = Q(lease_until=None) | Q(lease_until__lt=Now())


def begin(
    instance: Instance, *, kind: RunKind, project: Project | None = None, is_full: bool = False
) -> tuple[InspectionRun, bool]:
    """Return (run, whether it is new): the one that is open stands in for another."""
    try:
        with transaction.atomic():
            run = InspectionRun.objects.create(
                instance=instance, project=project, kind=kind, is_full=is_full, open_key=instance.pk
            )
    except IntegrityError:
        open_one = InspectionRun.objects.filter(open_key=instance.pk).first()
        return (
            (open_one, False) if open_one is not None else begin(instance, kind=kind, project=project, is_full=is_full)
        )
    return run, True


def begin_due() -> int:
    """Begin what is due: an instance that may be called, and of which no inspection has ended within the interval. Return how many."""
    every = settings.SNAPSHOTTER["INSPECT_EVERY"]
    if every <= 0:
        return 0
    fresh = InspectionRun.objects.filter(project=None, finished_at__gt=in_seconds(-every))
    at_work = InspectionRun.objects.filter(open_key__isnull=False)
    due = inspected().exclude(pk__in=fresh.values("instance")).exclude(pk__in=at_work.values("instance"))
    return sum(begin(instance, kind=RunKind.SCHEDULED)[1] for instance in due)


def inspected() -> QuerySet[Instance]:
    """Return the instances that may be called now."""
    return watched().filter(paused_because="")


def watched() -> QuerySet[Instance]:
    """Return the instances that are meant to be inspected: in use, with a project that is not off."""
    governed = Project.objects.exclude(mode=Mode.OFF).values("instance")
    return Instance.objects.filter(enabled=True, pk__in=governed)


def free() -> list[int]:
    """Return ids of inspections that nobody is at work on, oldest first."""
    rows = InspectionRun.objects.filter(_FREE, state=RunState.WORKING).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:20])


def claim(run_id: int) -> InspectionRun | None:
    """Claim an inspection, None when somebody has it, it has ended, or this process is of another release than the database."""
    if not fits():
        return None
    rows = InspectionRun.objects.filter(_FREE, pk=run_id, state=RunState.WORKING)
    claimed = rows.update(attempt=F("attempt") + 1, lease_until=in_seconds(settings.SNAPSHOTTER["LEASE"]))
    return InspectionRun.objects.select_related("instance", "project").get(pk=run_id) if claimed else None


def renew(run: InspectionRun, **values: object) -> None:
    """Prolong the lease and write `values`, or raise LeaseLost: another worker took over."""
    if _mine(run).update(lease_until=in_seconds(settings.SNAPSHOTTER["LEASE"]), **values) != 1:
        raise LeaseLost(run=run.pk)


def give_back(run: InspectionRun) -> None:
    """The slice is over; anybody may go on. The lease that has just ended says when it was last at work."""
    _move(run, lease_until=in_seconds(-1))


def succeed(run: InspectionRun) -> None:
    """Where it was told that none ends well any more, it is told that one has."""
    with transaction.atomic():
        _move(run, state=RunState.DONE, finished_at=Now(), open_key=None, lease_until=None)
        if InspectionRun.objects.ended_well().filter(pk=run.pk).exists():
            late = InspectionRun.objects.filter(instance=run.instance_id, told_late_at__isnull=False)
            if late.update(told_late_at=None):
                record("inspection.resumed", actor=SYSTEM, target=run.instance, detail={"run": run.pk})


def fail(run: InspectionRun, code: str, text: str) -> None:
    """It could not go on. What was noted stays."""
    said = {"error_code": code[:64], "error_text": mask_text(text)}
    _move(run, state=RunState.FAILED, finished_at=Now(), open_key=None, lease_until=None, **said)


def _move(run: InspectionRun, **values: object) -> None:
    if _mine(run).update(**values) != 1:
        raise LeaseLost(run=run.pk)


def _mine(run: InspectionRun) -> QuerySet[InspectionRun]:
    return InspectionRun.objects.filter(pk=run.pk, attempt=run.attempt, state=RunState.WORKING)
