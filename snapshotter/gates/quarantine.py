"""Quarantine: a content that turned out to be bad is not published again, whoever sends it and whatever version holds it."""

from django.db import transaction

from audit.actors import Actor, user_of
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.models import Project
from catalog.permissions import QUARANTINE, require
from snapshotter.models import ContentQuarantine, Snapshot


def quarantine(snapshot: Snapshot, *, reason: str, whole_project: bool = False, actor: Actor) -> ContentQuarantine:
    """Keep a version's content out of its workflow, or of the whole project; return the row that stands, an older one if there is one.

    What is live stays live. Raises InvalidRequest, NotAllowed.
    """
    project = snapshot.project
    require(actor, QUARANTINE, project, event="quarantine.refused")
    if not reason.strip():
        raise InvalidRequest("A quarantine needs a reason.", field="reason")
    place = {
        "project": project,
        "workflow": None if whole_project else snapshot.workflow,
        "content_hash": snapshot.content_hash,
    }
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)  # two at the same moment make one row
        standing = ContentQuarantine.objects.open().filter(**place).first()
        if standing is not None:
            return standing
        row = ContentQuarantine.objects.create(
            **place, reason=reason, created_by=user_of(actor), created_by_name=str(actor)
        )
        detail = {"content_hash": snapshot.content_hash, "whole_project": whole_project}
        record("quarantine.imposed", actor=actor, target=snapshot, scope=project.scope, reason=reason, detail=detail)
    return row
