"""What may stop a publish although nothing is wrong with it: the project's mode, a copied database, a freeze window, a quarantined content.

Asked when a publish or draft is accepted and again when a worker begins; never after the first write, since a half-done publish must be
ended whatever the calendar says. Restoring is exempt.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import SYSTEM, Actor
from audit.record import record, record_refusal
from catalog.choices import Mode
from catalog.errors import DeploymentChanged, ProjectOff
from catalog.models import Project
from snapshotter.choices import Direction, SyncKind
from snapshotter.claim import wait
from snapshotter.errors import Frozen, ProjectRecords, Quarantined
from snapshotter.gates.freeze_times import active_until, begins_next
from snapshotter.journal import has_written
from snapshotter.models import ContentQuarantine, FreezeWindow, Sync

Moment = tuple[FreezeWindow, datetime]
_HOLD = 60.0  # seconds between looks whether the database was adopted


def check_gates(sync: Sync) -> None:
    """Raise what stands in the way: ProjectOff, ProjectRecords, DeploymentChanged, Frozen or Quarantined (all Conflict)."""
    if sync.direction == Direction.RESTORING or (sync.attempt > 1 and has_written(sync)):
        return
    _check_mode(sync)
    if sync.kind != SyncKind.CAPTURE:
        _check_freeze(sync)
        _check_quarantine(sync)


@contextmanager
def refusals_recorded(event: str, project: Project, actor: Actor) -> Iterator[None]:
    """Let Frozen and Quarantined pass on, as an audit row: the accepting transaction inside has been rolled back by then."""
    try:
        yield
    except (Frozen, Quarantined) as error:
        record_refusal(event, actor=actor, target=project, scope=project.scope, reason=f"{error.code}: {error}")
        raise


def hold(sync: Sync) -> None:
    """Put a claimed publish aside, in either direction, until the database is adopted: only its owner may write DolphinScheduler."""
    wait(sync, _HOLD, error_code=DeploymentChanged.code, error_text=str(DeploymentChanged()))


def active_freeze(project: Project) -> Moment | None:
    """Return the window that freezes a project now and until when, the one that ends last; None when it is free."""
    return _active(_windows(project))


def freezes(project: Project, within: timedelta) -> tuple[Moment | None, Moment | None]:
    """Return (what `active_freeze` tells, else the window that begins next within that time and when), by one query."""
    windows = _windows(project)
    found = _active(windows)
    return found, None if found else _ahead(windows, within)


def _windows(project: Project) -> list[Moment]:
    """Return (window, now) by the database's clock, which is one for all workers."""
    windows = FreezeWindow.objects.open().covering(project).annotate(now=Now())
    return [(window, window.now) for window in windows]  # type: ignore[attr-defined]  # annotated


def _active(windows: list[Moment]) -> Moment | None:
    found = [(window, until) for window, now in windows if (until := active_until(window, now)) is not None]
    return max(found, key=lambda row: row[1], default=None)


def _ahead(windows: list[Moment], within: timedelta) -> Moment | None:
    found = [
        (window, begins)
        for window, now in windows
        if (begins := begins_next(window, now)) is not None and begins - now < within
    ]
    return min(found, key=lambda row: (row[1], row[0].pk), default=None)


def _check_mode(sync: Sync) -> None:
    project = sync.workflow.project
    if project.mode == Mode.OFF:
        raise ProjectOff(project=project.scope)
    if sync.kind != SyncKind.PUBLISH:
        return
    if project.mode == Mode.RECORD:
        raise ProjectRecords(project=project.scope)


def _check_freeze(sync: Sync) -> None:
    project = sync.workflow.project
    found = active_freeze(project)
    if found is None:
        return
    window, until = found
    reason = sync.options.get("override_freeze", "")
    if not reason:
        shown = timezone.localtime(until).strftime("%Y-%m-%d %H:%M %Z")
        text = _("Frozen until %(until)s: %(reason)s") % {"until": shown, "reason": window.reason}
        raise Frozen(text, window=window.pk, until=until.isoformat(), reason=window.reason)
    if sync.attempt == 0:
        record(
            "freeze.overridden",
            actor=sync.actor or SYSTEM,
            target=sync.workflow,
            scope=project.scope,
            reason=reason,
            detail={"window": window.pk, "until": until.isoformat(), "sync": sync.pk},
        )


def _check_quarantine(sync: Sync) -> None:
    assert sync.snapshot is not None  # noqa: S101  publishes and drafts have theirs from the start
    row = (
        ContentQuarantine.objects.open().covering(sync.workflow).filter(content_hash=sync.snapshot.content_hash).first()
    )
    if row is not None:
        text = _("This content is in quarantine: %(reason)s (%(who)s)") % {
            "reason": row.reason,
            "who": row.created_by_name,
        }
        raise Quarantined(text, quarantine=row.pk, content_hash=row.content_hash, reason=row.reason)
