"""Announce: tell a project's webhooks how a sync ended. The message is a row of the transaction that ends it; sending comes later."""

import json
import uuid
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from snapshotter import dispatch
from snapshotter.models import Snapshot, Sync, WebhookDelivery, WebhookEndpoint
from snapshotter.webhooks.address import may_send


def announce(sync: Sync, event: str) -> None:
    """Put one message an endpoint into the outbox. Call last inside the ending transaction; `event` as in the audit trail.

    One small query where a project has no webhook. Nothing is sent here, so no receiver can hold up or break an end.
    """
    endpoints = [row for row in WebhookEndpoint.objects.in_use(sync.workflow.project_id) if may_send(row)]
    if not endpoints:
        return
    told = Sync.objects.select_related("snapshot", "workflow__project__instance").get(pk=sync.pk)
    for endpoint in endpoints:
        put(endpoint, event, sync=told, facts=_facts(told))


def put(
    endpoint: WebhookEndpoint, event: str, *, sync: Sync | None = None, facts: dict[str, Any] | None = None
) -> WebhookDelivery:
    """Write one message and wake a sender when the transaction has committed."""
    now = timezone.now()
    delivery = uuid.uuid4()
    body = {"delivery": str(delivery), "event": event, "created_at": now.isoformat(), **(facts or {})}
    row = WebhookDelivery.objects.create(
        endpoint=endpoint,
        sync=sync,
        delivery_id=delivery,
        event=event,
        body=json.dumps(body, ensure_ascii=False),
        due_at=Now(),  # senders ask by the database's clock
    )
    row.refresh_from_db(fields=["due_at"])
    dispatch.delivery_on_commit(row)
    return row


def _facts(sync: Sync) -> dict[str, Any]:
    """Names, states and hashes; no definition, no free text of people."""
    project = sync.workflow.project
    return {
        "instance": project.instance.name,
        "project": project.code,
        "workflow": sync.workflow.key,
        "workflow_code": sync.workflow.workflow_code,
        "request_id": sync.request_id,
        "sync": {
            "id": sync.pk,
            "kind": sync.kind,
            "state": sync.state,
            "error_code": sync.error_code,
            "error_text": sync.error_text,
        },
        "snapshot": _snapshot(sync.snapshot) if sync.snapshot else None,
    }


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    names = ("id", "version", "status", "content_hash", "trigger", "trigger_ref", "dolphin_version", "live_effect")
    return {name: getattr(snapshot, name) for name in names} | {"rollback_of": snapshot.rollback_of_id}
