"""Places on our pages that apps above fill, in their `AppConfig.ready`: nothing here knows who they are.

A panel gets the workflow and returns safe HTML (by a template or `format_html`), "" for nothing. It reads only.
"""

from collections.abc import Callable
from typing import Final

from django.utils.safestring import SafeString

from catalog.models import Workflow

Panel = Callable[[Workflow], SafeString | str]

workflow_panels: Final[list[Panel]] = []  # below the facts of a workflow's page, in the order they were added


def panels_of(workflow: Workflow) -> list[SafeString | str]:
    """Return what there is to show."""
    return [shown for panel in workflow_panels if (shown := panel(workflow))]
