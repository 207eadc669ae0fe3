"""Restores that come without a request pass only where the project's rules need no approval."""

from audit.actors import Actor
from catalog.models import Workflow
from rollback.errors import NotApproved
from rollback.policy import policy_of
from snapshotter.models import Snapshot


def guard_restores(workflow: Workflow, version: Snapshot, actor: Actor) -> None:
    """Raise NotApproved where somebody must approve first: then a restore is asked for, as a rollback is."""
    needed = policy_of(workflow.project).approvals_needed
    if needed:
        raise NotApproved(approvals=0, needed=needed)
