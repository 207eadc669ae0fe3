"""Reads of the catalogue. What a person may see starts from `visible_to`."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from guardian.shortcuts import get_objects_for_user

from audit.actors import Actor, System

if TYPE_CHECKING:
    from catalog.models import Project, Workflow  # noqa: F401  named as text in the base class

VIEW = "catalog.view_project"


def in_sight(actor: Actor, project: str = "project", *, for_list: bool = False) -> Q:
    """Return the condition that the project (a field's path) is one the actor may view; an empty one where all are.

    For a list the projects are looked up now, by a query of its own, and named: as a subquery beside `ORDER BY ... LIMIT` they make MariaDB
    sort all rows.
    """
    return allowed_in(actor, VIEW, project, for_list=for_list)


def allowed_in(actor: Actor, permission: str, project: str = "project", *, for_list: bool = False) -> Q:
    """Return the same condition for any permission."""
    if isinstance(actor, System) or (actor.is_active and actor.has_perm(permission)):
        return Q()
    from catalog.models import Project  # the models import this module

    codename = permission.rpartition(".")[2]  # by its bare name the content type, which is at hand, is not looked up
    allowed: Any = get_objects_for_user(actor, codename, klass=Project.objects.order_by()).values_list("pk", flat=True)
    return Q(**{f"{project}__in": list(allowed) if for_list else allowed})


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, actor: Actor) -> ProjectQuerySet:
        """Projects the actor may view."""
        return self.allowed_to(actor, VIEW)

    def allowed_to(self, actor: Actor, permission: str) -> ProjectQuerySet:
        """Projects the actor has a permission on, by a global one or one on the project."""
        return self.filter(allowed_in(actor, permission, "pk"))

    def seen_among(self, projects: Collection[int], actor: Actor) -> set[int]:
        """Return those of these ids that the actor may view. Asks nothing where there are none."""
        if not projects:
            return set()
        return set(self.order_by().filter(pk__in=projects).visible_to(actor).values_list("pk", flat=True))


class WorkflowQuerySet(models.QuerySet["Workflow"]):
    def visible_to(self, actor: Actor) -> WorkflowQuerySet:
        return self.filter(in_sight(actor))

    def listed_for(self, actor: Actor) -> WorkflowQuerySet:
        """The same for a list of many."""
        return self.filter(in_sight(actor, for_list=True))

    def with_key(self, key: str) -> WorkflowQuerySet:
        """The workflow of this key, if any, however the caller's keyboard composes its letters."""
        return self.filter(key=unicodedata.normalize("NFC", key))
