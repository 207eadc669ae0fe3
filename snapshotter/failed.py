"""Which version of a workflow failed last, kept in its state: a list must not look at a version for each workflow."""

from snapshotter.models import Sync, WorkflowState


def note_failed(sync: Sync) -> None:
    """Note the version of a sync that failed; a capture has none. Call inside the transaction that ends it."""
    if sync.snapshot is not None:
        WorkflowState.objects.filter(workflow_id=sync.workflow_id).update(failed_version=sync.snapshot.version)


def note_tried_again(workflow_id: int) -> None:
    """Note that the version that failed is a draft again."""
    WorkflowState.objects.filter(workflow_id=workflow_id).update(failed_version=None)
