"""Unquarantine: a content may be published again."""

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from catalog.permissions import QUARANTINE, require
from snapshotter.models import ContentQuarantine


def unquarantine(row: ContentQuarantine, *, actor: Actor) -> bool:
    """Lift a quarantine; False when it was lifted already. Raises NotAllowed."""
    require(actor, QUARANTINE, row.project, event="quarantine.refused")
    with transaction.atomic():
        lifted = ContentQuarantine.objects.open().filter(pk=row.pk)
        if lifted.update(ended_at=timezone.now(), ended_by_name=str(actor)) != 1:
            return False
        record(
            "quarantine.lifted",
            actor=actor,
            target=row.workflow or row.project,
            scope=row.project.scope,
            reason=row.reason,
            detail={"content_hash": row.content_hash},
        )
    return True
