"""Writing the trail: `record` for what was done, `record_refusal` for what was not allowed."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.actors import Actor, user_of
from audit.models import AuditEntry, Outcome


def record(
    event: str,
    *,
    actor: Actor,
    target: models.Model,
    scope: str = "",
    outcome: str = Outcome.OK,
    reason: str = "",
    changes: dict[str, tuple[Any, Any]] | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one row; `changes` is {field: (before, after)}, `detail` anything else worth keeping as JSON.

    Runs in the caller's transaction: an act that is rolled back leaves no row.
    """
    entry: AuditEntry = AuditEntry.objects.create(
        event=event,
        outcome=outcome,
        reason=reason,
        actor=user_of(actor),
        actor_name=str(actor),
        scope=scope[:190],
        content_type=ContentType.objects.get_for_model(target),
        object_pk=str(target.pk),
        object_id=target.pk if isinstance(target.pk, int) else None,
        object_repr=str(target),
        action=AuditEntry.Action.UPDATE,
        changes={field: [str(before), str(after)] for field, (before, after) in (changes or {}).items()} or None,
        additional_data=detail,
    )
    return entry


def record_refusal(event: str, *, actor: Actor, target: models.Model, scope: str = "", reason: str) -> AuditEntry:
    """Write what was not allowed. Call it outside the transaction of the act, or the refusal is rolled back with it."""
    return record(event, actor=actor, target=target, scope=scope, outcome=Outcome.REFUSED, reason=reason)
