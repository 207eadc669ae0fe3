"""The pages of one version: what it holds, where it came from, and its downloads. GET only."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE, PUBLISH, rights
from definitions.canonical import expand, to_c1
from definitions.document import Document
from definitions.secrets import mask
from snapshotter.masking import digest
from snapshotter.models import ContentQuarantine
from snapshotter.retry import may_retry
from snapshotter.store import document_of
from versions.comparison import snapshot_named
from versions.lineage import lineage_shown
from versions.reach import fires_of, workflow_of
from versions.sentences import field_name


@page
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version: what it holds, where it came from, how its publish went."""
    found = workflow_of(request, key)
    snapshot = snapshot_named(found, str(number))
    document = document_of(snapshot)
    held = rights(actor_of(request), found.project)
    return show(
        request,
        "versions/version.html",
        f"{found.name} v{number}",
        workflow=found,
        snapshot=snapshot,
        syncs=[(sync, fires_of(sync)) for sync in snapshot.syncs.prefetch_related("steps")],
        may_publish=PUBLISH in held,
        may_retry=PUBLISH in held and may_retry(snapshot, found.state),
        tasks=_tasks(document),
        lineage=lineage_shown(found, snapshot, actor_of(request), document=document),
        settings=_pretty(mask(document.settings, digest=digest)),
        relations=_edges(document),
        schedule=_schedule(document),
        quarantines=ContentQuarantine.objects.open().covering(found).filter(content_hash=snapshot.content_hash),
        may_manage=MANAGE in held,
    )


@page
def download(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The version as c1, secrets masked."""
    snapshot = snapshot_named(workflow_of(request, key), str(number))
    body = mask(to_c1(document_of(snapshot)), digest=digest)
    response = JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="version-{snapshot.version}.json"'
    return response


def _tasks(document: Document) -> list[dict[str, Any]]:
    tasks = []
    for code, task in expand(document).tasks.items():
        shown = mask(task, digest=digest)
        params = dict(shown.pop("taskParams", {}))
        script = next((params.pop(key) for key in ("rawScript", "sql") if isinstance(params.get(key), str)), "")
        tasks.append(
            {
                "code": code,
                "name": shown.pop("name", ""),
                "type": shown.pop("taskType", ""),
                "script": script,
                "params": _pretty(params),
                "fields": shown,
            }
        )
    return tasks


def _edges(document: Document) -> list[tuple[str, str]]:
    names = {0: "·", **{code: str(task.get("name", "")) for code, task in document.tasks.items()}}
    return [(names.get(row["preTaskCode"], "?"), names.get(row["postTaskCode"], "?")) for row in document.relations]


def _schedule(document: Document) -> list[tuple[str, Any]]:
    """Return the schedule's fields under the names people use."""
    return [(field_name(key), value) for key, value in mask(document.schedule or {}, digest=digest).items()]


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
