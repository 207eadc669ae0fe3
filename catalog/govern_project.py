"""Taking a DolphinScheduler project under governance."""

from django.db import IntegrityError, transaction

from audit.actors import Actor
from audit.record import record
from catalog.choices import Mode
from catalog.errors import Conflict
from catalog.models import Instance, Project
from catalog.permissions import require_superuser


def govern_project(instance: Instance, *, code: int, name: str, mode: Mode, actor: Actor) -> Project:
    """Return the new project. Only a superuser may; one DolphinScheduler under two addresses would mean two locks for one workflow."""
    require_superuser(actor, target=instance, event="instance.refused")
    try:
        with transaction.atomic():
            project = Project.objects.create(instance=instance, code=code, name=name, mode=mode)
            record("project.governed", actor=actor, target=project, scope=project.scope, detail={"mode": mode})
    except IntegrityError:
        raise Conflict("This project is governed already.", code=code) from None
    return project
