"""What drift adds to pages below it: how a workflow stands on its page, and on the start page what is open, and where nobody looks."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from audit.actors import Actor
from audit.models import AuditEntry
from catalog.models import Workflow
from drift.choices import ItemState
from drift.inspection.late import is_long_ago, late_ones
from drift.models import DriftItem
from drift.reach import hide_elsewhere
from drift.words import verdict


def workflow_panel(workflow: Workflow) -> SafeString | str:
    """Say that a drift stands, or when it was looked at last; with the button that looks now."""
    if workflow.state.published_id is None:
        return ""
    rows = DriftItem.objects.filter(open_key=workflow.pk, project=workflow.project_id)
    item = rows.select_related("workflow", "assignee").first()
    return render_to_string(
        "drift/panel.html",
        {
            "workflow": workflow,
            "state": workflow.state,
            "item": item,
            "words": verdict(item) if item else "",
            "is_late": is_long_ago(workflow.state.checked_at),
        },
    )


def start_panel(reader: Actor) -> SafeString | str:
    """Say where nobody has looked in time, and which drift stands longest."""
    oldest = (
        DriftItem.objects.visible_to(reader)
        .filter(open_key__isnull=False)
        .exclude(state=ItemState.MUTED)
        .select_related("workflow", "project__instance", "published")
        .order_by("first_seen_at", "pk")
        .first()
    )
    hide_elsewhere([oldest] if oldest else [], reader)
    late = late_ones(reader)
    if oldest is None and not late:
        return ""
    return render_to_string(
        "drift/start.html", {"item": oldest, "words": verdict(oldest) if oldest else "", "late": late}
    )


def trail_address(entry: AuditEntry) -> str:
    """Return the address of the drift an entry of the trail is about."""
    return reverse("drift:item", args=[entry.object_pk])
