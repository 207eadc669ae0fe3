"""Adopt the database: a person confirms that this deployment, and no other, may write DolphinScheduler from it."""

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.deployment import ROW, own_identity
from catalog.models import Deployment
from catalog.permissions import require_superuser


def adopt_deployment(*, actor: Actor, by: str = "") -> bool:
    """Take the database over; False when it is ours already. `by` names the person where a command acts. Only a superuser may."""
    row = Deployment.objects.filter(pk=ROW).first() or Deployment(pk=ROW, identity="")
    require_superuser(actor, event="deployment.refused", target=row)
    before, own = row.identity, own_identity()
    if before == own:
        return False
    with transaction.atomic():
        row.identity, row.adopted_by = own, by or str(actor)
        row.save()
        record(
            "deployment.adopted",
            actor=actor,
            target=row,
            reason=f"adopted by {row.adopted_by}",
            changes={"identity": (before, own)},
        )
    return True
