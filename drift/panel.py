"""What drift adds to pages below it: how a workflow stands on its page, and on the start page what is open, and where nobody looks."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.models import AuditEntry
from catalog.models import Workflow
from drift.choices import ItemState, Severity
from drift.freshness import freshness
from drift.models import DriftItem
from drift.views import late_ones
from drift.words import verdict
from versions.slots import Figure


def workflow_panel(workflow: Workflow) -> SafeString | str:
    """Say that a drift stands, or when it was looked at last; with the button that looks now."""
    if workflow.state.published_id is None:
        return ""
    rows = DriftItem.objects.filter(open_key=workflow.pk, project=workflow.project_id)
    item = rows.select_related("workflow", "assignee").first()
    instance = workflow.project.instance
    return render_to_string(
        "drift/panel.html",
        {
            "workflow": workflow,
            "state": workflow.state,
            "item": item,
            "words": verdict(item) if item else "",
            "late": freshness(instance) if item is None else None,
        },
    )


def figures(reader: Actor) -> Iterable[Figure]:
    """Yield what nobody has taken note of yet, where anything is."""
    rows = DriftItem.objects.visible_to(reader).filter(open_key__isnull=False, state=ItemState.OPEN)
    count = rows.count()
    if count:
        is_grave = rows.filter(severity=Severity.HIGH).exists()
        yield Figure(_("new drift"), "bad" if is_grave else "warn", count, f"{reverse('drift:list')}?state=open")


def start_panel(reader: Actor) -> SafeString | str:
    """Say where nobody has looked in time, and which drift stands longest."""
    oldest = (
        DriftItem.objects.visible_to(reader)
        .filter(open_key__isnull=False)
        .exclude(state=ItemState.MUTED)
        .select_related("workflow", "project__instance")
        .order_by("first_seen_at", "pk")
        .first()
    )
    late = late_ones(reader)
    if oldest is None and not late:
        return ""
    return render_to_string(
        "drift/start.html", {"item": oldest, "words": verdict(oldest) if oldest else "", "late": late}
    )


def trail_address(entry: AuditEntry) -> str:
    """Return the address of the drift an entry of the trail is about."""
    return reverse("drift:item", args=[entry.object_pk])
