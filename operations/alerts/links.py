"""Where a message leads: the page on which one sees what happened, and does what is to be done next."""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from audit.models import AuditChain, AuditEntry
from catalog.models import Instance
from operations.alerts.about import About
from operations.alerts.choices import Kind
from operations.alerts.difference import Difference
from rollback.models import RollbackBatch
from snapshotter.models import WebhookEndpoint
from versions.trail_rows import rows_of

_COMPARED: Final = (Kind.PUBLISH_DONE, Kind.ROLLBACK_DONE)  # of a failure the page that offers to try again is wanted
_ON_THE_WORKFLOW: Final = (Kind.LOCK_STUCK, Kind.FIRE_MISSED, Kind.ATTENTION, Kind.OVERWROTE_UNSEEN)


def link_of(kind: Kind, entry: AuditEntry, found: About, different: Difference) -> str:
    """Return the address as people reach it; "" where the settings don't say it."""
    if kind in _COMPARED and different.path:
        return link_to(different.path)
    if kind in _ON_THE_WORKFLOW and found.workflow is not None:
        return link_to(reverse("versions:workflow", args=[found.workflow.key]))
    return link_to(_page(found) or rows_of([entry])[0].address or reverse("versions:trail-entry", args=[entry.pk]))


def link_to(path: str) -> str:
    """Return the address of a page of ours; "" where the settings don't say ours."""
    base: str = settings.SNAPSHOTTER["PUBLIC_URL"]
    return f"{base.rstrip('/')}{path}" if base and path else ""


def _page(found: About) -> str:
    """Of what the trail itself has no page for."""
    obj: Any = found.obj
    match obj:
        case Instance():
            return reverse("admin:catalog_instance_change", args=[obj.pk])
        case WebhookEndpoint():
            return reverse("snapshotter:webhook", args=[obj.pk])
        case RollbackBatch():
            return reverse("rollback-many:batch", args=[obj.pk])
        case AuditChain():
            return reverse("versions:trail")
        case User() if found.project is not None:
            return reverse("catalog:service-accounts", args=[found.project.pk])
    return ""
