"""Verify the chain: at once, for the command, or in slices by a worker, for the page. What was found stays as a row."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from audit.access import require_reader, trail
from audit.actors import SYSTEM, Actor, user_of
from audit.findings import SHOWN, Finding
from audit.models import AuditVerification, Outcome
from audit.record import record
from audit.walk import Head, Walk, doubled_findings, head_findings

LEASE: Final = timedelta(seconds=120)
_OPEN: Final = 1
_FORMER: Final = 5  # verifications whose ends must still be in the chain


def ask(*, actor: Actor) -> AuditVerification:
    """Ask a worker to verify the whole chain; while one is open that one is returned. Raises PermissionDenied."""
    require_reader(actor)
    try:
        with transaction.atomic():
            row = _made(actor, open_key=_OPEN)
            record("audit.verification_asked", actor=actor, target=trail())
    except IntegrityError:
        return AuditVerification.objects.filter(open_key=_OPEN).first() or ask(actor=actor)  # it has just ended
    return row


def verify(*, actor: Actor, start: int = 1, known: Iterable[Head] = ()) -> AuditVerification:
    """Verify from a seal on, now. `known` are heads told from outside the database."""
    row = _made(actor, start=max(start, 1), reached=max(start, 1) - 1)
    walk = Walk(row.start)
    while _step(row, walk):
        pass
    return _end(row, walk, known)


def go_on(seconds: float) -> int:
    """Work on an open verification for a slice of time; 1 if there was one. A dead worker's is taken over when its lease has run out."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    row = AuditVerification.objects.filter(free, open_key=_OPEN).first()
    if row is None or not _leased(row, row.lease_until, now + LEASE):
        return 0
    walk, until = Walk(row.reached + 1), monotonic() + seconds
    while more := _step(row, walk):
        held = row.lease_until
        if not _leased(row, held, timezone.now() + LEASE):
            return 1  # slower than its lease: somebody else has it now
        if monotonic() >= until:
            break
    if more:
        _leased(row, row.lease_until, None)
    else:
        _end(row, walk, ())
    return 1


def _made(actor: Actor, **values: int) -> AuditVerification:
    return AuditVerification.objects.create(
        asked_at=timezone.now(), asked_by=user_of(actor), asked_by_name=str(actor), **values
    )


def _step(row: AuditVerification, walk: Walk) -> bool:
    """Check one batch and note it on the row; False at the end of the chain."""
    checked = walk.checked
    findings = walk.batch()
    if findings is None:
        return False
    _note(row, findings)
    row.checked += walk.checked - checked
    row.reached, row.reached_hash = walk.reached, walk.before
    row.newest_entry = max(row.newest_entry, walk.newest_entry)
    return True


def _note(row: AuditVerification, findings: Iterable[Finding]) -> None:
    for finding in findings:
        row.found += 1
        if len(row.findings) < SHOWN:
            row.findings.append(finding.as_dict())


def _leased(row: AuditVerification, held: datetime | None, until: datetime | None) -> bool:
    """Move the lease and write what the row holds, if it is still ours."""
    names = ("reached", "reached_hash", "newest_entry", "checked", "found", "findings")
    mine = AuditVerification.objects.filter(pk=row.pk, open_key=_OPEN, lease_until=held)
    row.lease_until = until
    return mine.update(lease_until=until, **{name: getattr(row, name) for name in names}) == 1


def _end(row: AuditVerification, walk: Walk, known: Iterable[Head]) -> AuditVerification:
    _note(row, walk.unsealed())
    _note(row, doubled_findings())
    former = AuditVerification.objects.filter(ended_at__isnull=False).order_by("-reached")[:_FORMER]
    _note(row, head_findings([*known, *(Head(one.reached, one.reached_hash) for one in former)]))
    row.ended_at = timezone.now()
    with transaction.atomic():
        if row.is_open and not _closed(row):
            return row
        row.open_key = row.lease_until = None
        row.save()
        record(
            "audit.verified",
            actor=_who(row),
            target=trail(),
            outcome=Outcome.FAILED if row.found else Outcome.OK,
            reason=f"{row.found} findings" if row.found else "",
            detail={"from": row.start, "to": row.reached, "hash": row.reached_hash, "entries": row.checked},
        )
    return row


def _who(row: AuditVerification) -> Actor:
    """Return who asked, the service itself where that person is gone."""
    people = User.objects.filter(pk=row.asked_by_id) if row.asked_by_id else User.objects.none()
    return people.first() or SYSTEM


def _closed(row: AuditVerification) -> bool:
    mine = AuditVerification.objects.filter(pk=row.pk, open_key=_OPEN, lease_until=row.lease_until)
    return mine.update(open_key=None, lease_until=None) == 1
