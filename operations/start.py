"""Asking for an inventory, a baseline or a back-fill. Nothing is called here; a worker does the run."""

from django.db import IntegrityError, transaction

from audit.actors import Actor, user_of
from audit.context import current
from audit.record import record
from catalog.choices import Mode
from catalog.errors import ProjectOff
from catalog.models import Instance, Project, Workflow
from catalog.permissions import PUBLISH, require, require_superuser
from operations import dispatch
from operations.choices import RunKind
from operations.models import OperationRun


def start(
    kind: RunKind,
    *,
    instance: Instance,
    project: Project | None = None,
    workflow: Workflow | None = None,
    actor: Actor,
) -> tuple[OperationRun, bool]:
    """Return (run, whether it is new): an open run of the same kind and scope is returned instead of a second one.

    A project's run needs the right to publish there; a whole instance's a superuser. Raises NotAllowed, NotFound, ProjectOff.
    """
    _check(kind, instance, project, actor)
    key = open_key(kind, instance, project, workflow)
    try:
        with transaction.atomic():
            run = OperationRun.objects.create(
                kind=kind,
                instance=instance,
                project=project,
                workflow=workflow,
                open_key=key,
                actor=user_of(actor),
                actor_name=str(actor),
                request_id=current().request_id,
            )
            scope = project.scope if project else ""
            record("run.accepted", actor=actor, target=run, scope=scope, detail={"kind": kind, "what": run.scope_name})
            dispatch.on_commit(run.pk)
    except IntegrityError:
        return OperationRun.objects.get(open_key=key), False
    return run, True


def open_key(kind: str, instance: Instance, project: Project | None, workflow: Workflow | None) -> str:
    """Return what only one open run may hold."""
    if workflow is not None:
        return f"{kind}:workflow:{workflow.pk}"
    return f"{kind}:project:{project.pk}" if project else f"{kind}:instance:{instance.pk}"


def _check(kind: str, instance: Instance, project: Project | None, actor: Actor) -> None:
    if project is not None:
        require(actor, PUBLISH, project, event="run.refused")
        if kind != RunKind.INVENTORY and project.mode == Mode.OFF:
            raise ProjectOff(project=project.scope)
    else:
        require_superuser(actor, event="run.refused", target=instance)
