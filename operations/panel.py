"""What is shown on pages below: on a workflow's, how far back one can go with it (P0.4); on the trail's, where a run is."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from audit.keyset import counted
from audit.models import AuditEntry
from catalog.models import Workflow
from operations.inventory.limits import in_words
from operations.models import InventoryRow
from snapshotter.backfill import held_versions
from snapshotter.models import Snapshot


def limits_panel(workflow: Workflow) -> SafeString:
    """Say what the newest inventory found, less what has been captured or recovered since; nothing before the first inventory."""
    newest = InventoryRow.objects.filter(workflow=workflow).select_related("item").order_by("-pk").first()
    if newest is None:
        return SafeString("")
    missing = {key: set(value) for key, value in newest.limits.items() if key != "snapshots"}
    wanted: set[int] = set().union(*missing.values())
    held = held_versions(workflow, among=wanted) if wanted else set()
    limits: dict[str, Any] = {key: sorted(numbers - held) for key, numbers in missing.items()}
    limits["snapshots"], limits["is_more"] = counted(Snapshot.objects.for_workflow(workflow).published())
    context = {"limits": in_words(limits), "found": newest, "run_id": newest.item.run_id}
    return render_to_string("operations/limits.html", context)


def address_of_run(entry: AuditEntry) -> str:
    """Return the page of the run that an entry of the trail names."""
    row: Any = entry
    return reverse("operations:run", args=[row.object_pk])
