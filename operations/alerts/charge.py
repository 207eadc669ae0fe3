"""Who may set alerts: of a project who manages it, of all projects and the channels a superuser."""

from django.db.models import Model

from audit.access import trail
from audit.actors import Actor
from catalog.models import Project
from catalog.permissions import MANAGE, require, require_superuser


def require_charge(actor: Actor, project: Project | None, *, event: str, about: Model | None = None) -> None:
    """Raise NotAllowed or NotFound unless the actor may set this project's rules, or everybody's; the refusal is an audit row."""
    if project is not None:
        require(actor, MANAGE, project, event=event, about=about)
    else:
        require_superuser(actor, event=event, target=about or trail())
