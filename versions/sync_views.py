"""The pages of one sync: how it stands, and what it kept as evidence. GET only."""

import json

from django.http import HttpRequest, HttpResponse

from catalog.errors import NotFound
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE, PUBLISH, may
from snapshotter.choices import SyncState
from snapshotter.gates.fire_guard import waits_for
from snapshotter.journal import has_written
from snapshotter.masking import masked_value
from snapshotter.models import DefinitionBlob
from snapshotter.preflight.words import shown
from snapshotter.store import get_blob
from versions.json_file import json_file
from versions.reach import fires_of, sync_of
from versions.slots import notes_of

REFRESH = 2  # seconds, while a sync runs


@page
def sync(request: HttpRequest, sync_id: int) -> HttpResponse:
    """How a sync stands; the page reloads itself until it has ended or a person must act."""
    found = sync_of(request, sync_id)
    project = found.workflow.project
    response = show(
        request,
        "versions/sync.html",
        str(found),
        sync=found,
        workflow=found.workflow,
        waits_for=waits_for(found),
        preflight=shown(found.result.get("preflight")),
        fires=fires_of(found),
        notes=notes_of(found),
        may_publish=may(actor_of(request), PUBLISH, project),
        may_manage=may(actor_of(request), MANAGE, project),
        may_cancel=may(actor_of(request), PUBLISH, project) and not has_written(found),
    )
    if not found.is_finished and found.state != SyncState.ATTENTION:
        response["Refresh"] = str(REFRESH)
    return response


@page
def evidence(request: HttpRequest, sync_id: int) -> HttpResponse:
    """What DolphinScheduler showed of a workflow that could not be read, secrets masked."""
    found = sync_of(request, sync_id)
    piece = DefinitionBlob.objects.filter(sha256=found.result.get("evidence", "")).first()
    if piece is None:
        raise NotFound
    body = masked_value(json.loads(get_blob(piece.pk)))
    return json_file(body, f"sync-{found.pk}-evidence.json")
