"""Places on our pages that apps above fill, in their `AppConfig.ready`: nothing here knows who they are.

A panel gets the workflow and returns safe HTML (by a template or `format_html`), "" for nothing. It reads only.
"""

from collections.abc import Callable
from typing import Final

from django.utils.safestring import SafeString

from audit.models import AuditEntry
from catalog.models import Workflow

Panel = Callable[[Workflow], SafeString | str]

workflow_panels: Final[list[Panel]] = []  # below the facts of a workflow's page, in the order they were added


def panels_of(workflow: Workflow) -> list[SafeString | str]:
    """Return what there is to show."""
    return [shown for panel in workflow_panels if (shown := panel(workflow))]


# Kinds of objects (app.model) whose name begins with a workflow's key and a blank: their entries are part of the workflow's history.
history_kinds: Final[list[str]] = ["catalog.workflow", "snapshotter.snapshot"]

# Addresses of objects in the trail by kind; "" for none. Apps above add theirs.
Address = Callable[[AuditEntry], str]
trail_addresses: Final[dict[str, Address]] = {}
