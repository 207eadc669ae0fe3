"""On a workflow's page: how far back one can go with it (P0.4)."""

from typing import Any

from django.db.models import Count, Subquery
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.models import Workflow
from operations.limits import in_words
from operations.models import InventoryRow
from snapshotter.backfill import held_versions
from snapshotter.models import Snapshot


def limits_panel(workflow: Workflow) -> SafeString:
    """Say what the newest inventory found, less what has been captured or recovered since; nothing before the first inventory."""
    published = Snapshot.objects.for_workflow(workflow).published().order_by()
    held_now = Subquery(published.values("workflow").annotate(number=Count("pk")).values("number"))
    rows = InventoryRow.objects.filter(workflow=workflow).annotate(held_now=held_now)
    newest = rows.select_related("item").order_by("-pk").first()
    if newest is None:
        return SafeString("")
    lists = {key: value for key, value in newest.limits.items() if key != "snapshots"}
    held = held_versions(workflow) if any(lists.values()) else set()
    limits: dict[str, Any] = {key: sorted(set(value) - held) for key, value in lists.items()}
    limits["snapshots"] = newest.held_now or 0
    context = {"limits": in_words(limits), "found": newest, "run_id": newest.item.run_id}
    return render_to_string("operations/limits.html", context)
