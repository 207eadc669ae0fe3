"""Who reads the whole trail: holders of `audit.view_auditentry`. Views of single objects ask the object's own permission instead."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from audit.actors import Actor, System
from audit.models import AuditChain
from audit.record import record_refusal

READ: Final = "audit.view_auditentry"


def may_read(actor: Actor) -> bool:
    """Whether the actor may read every entry."""
    return isinstance(actor, System) or bool(actor.is_active and actor.has_perm(READ))


def require_reader(actor: Actor) -> None:
    """Raise PermissionDenied unless the actor may read the trail; the refused attempt is an entry. Call it outside a transaction."""
    if not may_read(actor):
        record_refusal("audit.refused", actor=actor, target=trail(), reason=f"lacks {READ}")
        raise PermissionDenied(f"lacks {READ}")


def trail() -> Model:
    """Return what stands for the trail itself as an entry's target."""
    return AuditChain.objects.get_or_create(pk=AuditChain.ONLY)[0]
