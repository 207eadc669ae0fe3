"""Who may act on which workflows of a batch: asked once a project, and refused as for a single rollback."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from audit.actors import Actor, user_of
from audit.record import record_refusal
from catalog.errors import InvalidRequest, NotAllowed, NotFound
from catalog.permissions import VIEW, may
from rollback.errors import NothingLeft
from rollback.many.submit_many import by_project
from rollback.models import BatchItem


def account_of(actor: Actor) -> int:
    """Return the key of the account that acts: a worker goes on with somebody's rights. Raises InvalidRequest for the service itself."""
    user = user_of(actor)
    if user is None:
        raise InvalidRequest(_("A rollback of many is done with an account's rights."), field="actor")
    return user.pk


def allowed(
    items: Sequence[BatchItem], actor: Actor, right: str, *, event: str, all_meant: bool = False
) -> list[BatchItem]:
    """Return those of projects the actor has the right on, by position.

    Where there are none, or `all_meant`, the others leave a refusal, one a project. Raises NothingLeft where there are no items, NotFound
    where the actor may view none of their projects, NotAllowed where they may act in none.
    """
    if not items:
        raise NothingLeft
    projects = by_project(items)
    mine = [item for project, rows in projects if may(actor, right, project) for item in rows]
    held = {item.workflow.project_id for item in mine}
    for project, _rows in projects if all_meant or not mine else ():
        if project.pk not in held:
            record_refusal(event, actor=actor, target=project, scope=project.scope, reason=f"lacks {right}")
    if mine:
        return sorted(mine, key=lambda item: item.position)
    if not any(may(actor, VIEW, project) for project, _rows in projects):
        raise NotFound
    raise NotAllowed(permission=right)
