"""What the version itself says about going back to it. No question to DolphinScheduler."""

from collections.abc import Iterator
from typing import Final

from definitions.canonical import SCHEME
from definitions.secrets import has_masked_values
from rollback.impact.findings import Finding, Weight, some
from rollback.impact.prospect import Prospect
from snapshotter.choices import Status, Trigger
from snapshotter.models import ContentQuarantine, Snapshot

OLD_DAYS: Final = 90
OLD_VERSIONS: Final = 20


def target_findings(prospect: Prospect) -> Iterator[Finding]:
    """Raises ContentDamaged."""
    yield from _quarantine(prospect)
    yield from _never_live(prospect.target)
    yield from _old(prospect)
    if prospect.target.scheme != SCHEME:
        yield Finding("another_scheme", Weight.NOTE, {"scheme": prospect.target.scheme})
    yield from _name(prospect)
    if paths := has_masked_values(prospect.target_document):
        yield Finding("masked_values", Weight.REFUSED, {"names": some(paths), "count": len(paths)})


def _quarantine(prospect: Prospect) -> Iterator[Finding]:
    rows = (
        ContentQuarantine.objects.open().covering(prospect.workflow).filter(content_hash=prospect.target.content_hash)
    )
    if (row := rows.first()) is not None:
        yield Finding("quarantined", Weight.REFUSED, {"reason": row.reason, "who": row.created_by_name})


def _never_live(target: Snapshot) -> Iterator[Finding]:
    if target.status == Status.PUBLISHED and target.was_live:
        return
    why: str = target.status if target.status != Status.PUBLISHED else target.trigger
    known = (Status.DRAFT, Status.FAILED, Status.UNCONFIRMED, Trigger.IMPORT, Trigger.BACKFILL, Trigger.CURE)
    yield Finding("never_live", Weight.ACKNOWLEDGE, {"why": why if why in known else "unproven"})


def _old(prospect: Prospect) -> Iterator[Finding]:
    """Age counts from the end of its time: what was live until yesterday is not old."""
    target, published = prospect.target, prospect.published
    if published is None or target.pk == published.pk:
        return
    days = (prospect.now - (target.live_to or target.live_from or target.created_at)).days
    back = 0 if target.is_recovered else published.version - target.version
    if days > OLD_DAYS or back > OLD_VERSIONS:
        yield Finding("old", Weight.NOTE, {"days": days, "versions": max(0, back)})


def _name(prospect: Prospect) -> Iterator[Finding]:
    present = prospect.label_now
    if prospect.is_renamed:
        yield Finding("renamed", Weight.NOTE, {"name": prospect.label, "present": present})
    elif prospect.target.label != present:
        yield Finding("name_stays", Weight.NOTE, {"name": prospect.target.label, "present": present})
