"""Reads of the catalogue. What a person may see starts from `visible_to`."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import models
from guardian.shortcuts import get_objects_for_user

from audit.actors import Actor, System

if TYPE_CHECKING:
    from catalog.models import Project, Workflow  # noqa: F401  named as text in the base class

VIEW = "catalog.view_project"


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, actor: Actor) -> ProjectQuerySet:
        """Projects the actor may view."""
        return self.allowed_to(actor, VIEW)

    def allowed_to(self, actor: Actor, permission: str) -> ProjectQuerySet:
        """Projects the actor has a permission on, by a global one or one on the project."""
        if isinstance(actor, System):
            return self
        allowed: Any = get_objects_for_user(actor, permission, klass=self)
        return self.filter(pk__in=allowed.values("pk"))


class WorkflowQuerySet(models.QuerySet["Workflow"]):
    def visible_to(self, actor: Actor) -> WorkflowQuerySet:
        from catalog.models import Project  # the models import this module

        return self.filter(project__in=Project.objects.visible_to(actor))

    def with_key(self, key: str) -> WorkflowQuerySet:
        """The workflow of this key, if any, however the caller's keyboard composes its letters."""
        return self.filter(key=unicodedata.normalize("NFC", key))
