"""Putting back without a request passes only where nobody must approve."""

from django.utils.translation import gettext as _

from audit.actors import Actor
from catalog.models import Workflow
from rollback.errors import NotApproved
from rollback.policy import policy_of
from snapshotter.models import Snapshot


def guard_put_backs(workflow: Workflow, _version: Snapshot | None, _actor: Actor) -> None:
    """Raise NotApproved where somebody must approve first: then it is asked for, as a rollback is."""
    needed = policy_of(workflow.project).approvals_needed
    if needed:
        text = _(
            "Somebody must approve it first. Ask for it: “Put back…” on the workflow's page, or POST workflows/{key}/rollbacks "
            "with the act put_back."
        )
        raise NotApproved(text, approvals=0, needed=needed)
