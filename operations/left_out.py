"""Which workflows a run leaves out: temporary ones, as long as nothing of them is published."""

from catalog.temporary import is_temporary
from operations.models import OperationItem
from snapshotter.models import WorkflowState


def is_left_out(item: OperationItem) -> bool:
    """Whether its name matches the project's patterns and no version of it is published: one that is covered goes on as any other.

    No query where the name does not match.
    """
    if item.project is None or not is_temporary(item.project, item.name):
        return False
    states = WorkflowState.objects.filter(workflow__workflow_code=item.workflow_code)
    return not states.exclude(published=None).exists()
