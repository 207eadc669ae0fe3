"""On a workflow's page: how far back one can go with it (P0.4)."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.models import Workflow
from operations.limits import in_words
from operations.models import InventoryRow
from snapshotter.backfill import held_versions
from snapshotter.models import Snapshot


def limits_panel(workflow: Workflow) -> SafeString:
    """Say what the newest inventory found, less what has been captured or recovered since; nothing before the first inventory."""
    newest = InventoryRow.objects.filter(workflow=workflow).select_related("item").order_by("-pk").first()
    if newest is None:
        return SafeString("")
    held = held_versions(workflow)
    limits = {key: value if key == "snapshots" else sorted(set(value) - held) for key, value in newest.limits.items()}
    limits["snapshots"] = Snapshot.objects.for_workflow(workflow).published().count()
    context = {"limits": in_words(limits), "found": newest, "run_id": newest.item.run_id}
    return render_to_string("operations/limits.html", context)
