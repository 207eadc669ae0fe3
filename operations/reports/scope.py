"""Whose rows a report counts: projects that the reader may view, all of them, those of an instance, or one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.actors import Actor
from catalog.errors import NotFound
from catalog.managers import in_sight
from catalog.models import Instance, Project


@dataclass(frozen=True, slots=True)
class Scope:
    """`projects` are ids, None for all there are; `scopes` the same as the trail names them. `name` says to the reader what is counted.

    `sees_all`: the reader may view whatever project there is, also those that nobody governs.
    """

    projects: list[int] | None
    scopes: list[str] | None
    name: str
    project: Project | None = None
    instance: Instance | None = None
    sees_all: bool = False

    def of(self, field: str = "project") -> Q:
        """Return the condition that a row is of them."""
        return Q() if self.projects is None else Q(**{f"{field}__in": self.projects})

    def of_trail(self) -> Q:
        return Q() if self.scopes is None else Q(scope__in=self.scopes)


def scope_of(actor: Actor, *, project: int | None = None, instance: int | None = None) -> Scope:
    """Return what a reader may count; `project` and `instance` are ids. Raises NotFound, also where the reader may not see it."""
    visible = Project.objects.visible_to(actor).select_related("instance").order_by("pk")
    if project is not None:
        found: Project | None = visible.filter(pk=project).first()
        if found is None:
            raise NotFound
        return Scope([found.pk], [found.scope], str(found), project=found)
    if instance is not None:
        mine = list(visible.filter(instance=instance))
        if not mine:
            raise NotFound
        owner = mine[0].instance
        return _several(mine, _all_of(owner, len(mine)), instance=owner, sees_all=not in_sight(actor))
    if not in_sight(actor):
        return Scope(None, None, _("all projects"), sees_all=True)
    mine = list(visible)
    text = ngettext("the %(count)d project that you may view", "the %(count)d projects that you may view", len(mine))
    return _several(mine, text % {"count": len(mine)})


def _all_of(instance: Instance, count: int) -> str:
    text = ngettext(
        "%(count)d project of %(instance)s that you may view",
        "%(count)d projects of %(instance)s that you may view",
        count,
    )
    return text % {"count": count, "instance": instance}


def _several(projects: list[Project], name: str, **more: Any) -> Scope:
    return Scope([row.pk for row in projects], [row.scope for row in projects], name, **more)
