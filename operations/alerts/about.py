"""What an entry of the trail is about: the object it names, as far as it is still there, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from audit.models import AuditEntry
from catalog.models import Instance, Project, Workflow
from snapshotter.models import Sync


@dataclass(frozen=True, slots=True)
class About:
    """`detail` is the entry's own. Any other may be None: objects go, and some events belong to no workflow or project."""

    obj: models.Model | None = None
    workflow: Workflow | None = None
    project: Project | None = None
    instance: Instance | None = None
    sync: Sync | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def about(entry: AuditEntry) -> About:
    """Look the object up; two to four small queries."""
    row: Any = entry
    detail = row.additional_data if isinstance(row.additional_data, dict) else {}
    obj = _object(row)
    workflow = _workflow(obj)
    project = _project(obj, workflow, entry.scope)
    instance = obj if isinstance(obj, Instance) else getattr(obj, "instance", None)
    return About(obj, workflow, project, project.instance if project else instance, _sync(obj, detail), detail)


def _object(row: Any) -> models.Model | None:
    model = row.content_type.model_class()
    if model is None:
        return None
    try:
        found: models.Model | None = model._base_manager.filter(pk=row.object_pk).first()
    except (ValueError, ValidationError):  # a key of another form, from before
        return None
    return found


def _workflow(obj: models.Model | None) -> Workflow | None:
    if isinstance(obj, Workflow):
        return obj
    found = getattr(obj, "workflow", None)
    return found if isinstance(found, Workflow) else None


def _project(obj: models.Model | None, workflow: Workflow | None, scope: str) -> Project | None:
    """The entry's own object knows; else the scope does, by the names of then."""
    found = obj if isinstance(obj, Project) else getattr(obj, "project", None)
    if isinstance(found, Project):
        return found
    if workflow is not None:
        return workflow.project
    instance, _slash, name = scope.partition("/")
    return Project.objects.select_related("instance").filter(instance__name=instance, name=name).first()


def _sync(obj: models.Model | None, detail: dict[str, Any]) -> Sync | None:
    if isinstance(obj, Sync):
        return obj
    number = detail.get("sync")
    rows = Sync.objects.select_related("snapshot", "workflow")
    return rows.filter(pk=number).first() if isinstance(number, int) else None
