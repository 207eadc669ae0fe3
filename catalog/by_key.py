"""Finding a workflow by the key a person typed on the command line."""

from django.core.management.base import CommandError
from django.db.models import Q

from catalog.models import Workflow

_NEAR = 5


def workflow_by_key(key: str) -> Workflow:
    """Return the workflow with its project and state. Raises CommandError (2), naming those whose key or name holds the text."""
    found: Workflow | None = (
        Workflow.objects.select_related("project__instance", "state__published").with_key(key).first()
    )
    if found is not None:
        return found
    near = Workflow.objects.filter(Q(key__icontains=key) | Q(name__icontains=key)).order_by("key")
    keys = ", ".join(near.values_list("key", flat=True)[:_NEAR])
    listed = f"Near it: {keys}." if keys else "The page of workflows and GET /api/v1/workflows list them."
    raise CommandError(f"No workflow has the key {key}. {listed}", returncode=2)
