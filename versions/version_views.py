"""The pages of one version: what it holds, where it came from, and its downloads. GET only."""

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from catalog.errors import NotFound
from catalog.models import Workflow
from catalog.pages import actor_of, page, show
from catalog.permissions import PUBLISH, QUARANTINE, VIEW_SECRETS, may, rights
from definitions.canonical import from_c1, to_c1
from definitions.document import Document
from dolphin.export_file import export_file
from dolphin.flavours import FLAVOURS, V31
from snapshotter.masking import masked_value
from snapshotter.models import ContentQuarantine, MissedFire, Snapshot
from snapshotter.retry import may_retry
from snapshotter.store import document_of, schedule_of
from versions.comparison import snapshot_named
from versions.fires_ahead import fires_ahead
from versions.graph.graph import graph_of
from versions.json_file import json_file
from versions.lineage.shown import lineage_shown
from versions.pickers import choices, presets
from versions.reach import fires_of, workflow_of
from versions.slices import slice_of
from versions.slots import acts_of
from versions.task_cards import task_cards, task_file, tasks_with
from versions.wording.sentences import field_name
from versions.wording.values import shown

TABS: Final[dict[str, Promise]] = {
    "summary": gettext_lazy("Summary"),
    "definition": gettext_lazy("Definition"),
    "graph": gettext_lazy("Graph"),
    "lineage": gettext_lazy("Lineage"),
    "journal": gettext_lazy("Journal"),
}
TASKS: Final = 50  # a page
RELATIONS: Final = 300  # listed; the rest is counted, and in the downloads
ROLLBACKS: Final = 20
FIRES: Final = 20  # missed ones


@page
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version: what it holds, where it came from, how its publish went."""
    found = workflow_of(request, key)
    snapshot = snapshot_named(found, str(number))
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "definition" if "task" in request.GET or "find" in request.GET else "summary"
    return show(
        request,
        "versions/version.html",
        f"{found.name} v{number}",
        workflow=found,
        snapshot=snapshot,
        tab=tab,
        tabs=TABS.items(),
        presets=presets(choices(found, str(number), newest=0), snapshot, snapshot),
        buttons=acts_of(found, actor_of(request), snapshot, anyway=True)[snapshot.pk],
        **_BUILD[tab](request, found, snapshot),
    )


@page
def download(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The version as c1, secrets masked."""
    snapshot = snapshot_named(workflow_of(request, key), str(number))
    return _file(masked_value(to_c1(document_of(snapshot))), snapshot, ".json")


@page
def payload(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The version as the file that DolphinScheduler's import reads, secrets masked."""
    snapshot = snapshot_named(workflow_of(request, key), str(number))
    body = export_file(
        from_c1(masked_value(to_c1(document_of(snapshot)))),  # before parts of it become text inside text
        flavour=FLAVOURS.get(snapshot.source_flavour, V31),
        code=snapshot.workflow_code or 0,
        version=snapshot.dolphin_version or 0,
    )
    return _file(body, snapshot, "-dolphinscheduler.json")


@page
def task(request: HttpRequest, key: str, number: int, code: int) -> HttpResponse:
    """One whole task of a version, however long its script is, secrets masked."""
    snapshot = snapshot_named(workflow_of(request, key), str(number))
    document = document_of(snapshot)
    if code not in document.tasks:
        raise NotFound
    return _file(task_file(document, code), snapshot, f"-task-{code}.json")


def _file(body: Any, snapshot: Snapshot, name: str) -> HttpResponse:
    return json_file(body, f"{snapshot.workflow_id}-v{snapshot.version}{name}")


def _summary(request: HttpRequest, workflow: Workflow, snapshot: Snapshot) -> dict[str, Any]:
    held = rights(actor_of(request), workflow.project)
    schedule = schedule_of(snapshot)
    quarantines = ContentQuarantine.objects.open().covering(workflow)
    return {
        "may_publish": PUBLISH in held,
        "may_retry": PUBLISH in held and may_retry(snapshot, workflow.state),
        "may_quarantine": QUARANTINE in held,
        "may_view_secrets": VIEW_SECRETS in held,
        "schedule": schedule,
        "is_on": workflow.state.published_id == snapshot.pk and bool(workflow.state.expected_schedule_online),
        "schedule_rows": [
            (field_name(name), shown(name, value)) for name, value in masked_value(schedule or {}).items()
        ],
        "ahead": fires_ahead(schedule),
        "fires": MissedFire.objects.named().filter(sync__snapshot=snapshot).order_by("due_at")[:FIRES],
        "quarantines": quarantines.filter(content_hash=snapshot.content_hash),
        "rollbacks": snapshot.rollbacks.latest_first()[:ROLLBACKS],
    }


def _definition(request: HttpRequest, _workflow: Workflow, snapshot: Snapshot) -> dict[str, Any]:
    document = document_of(snapshot)
    find = request.GET.get("find", "").strip()[:200]
    part = slice_of(request, tasks_with(document, find), TASKS)
    edges = _edges(document)
    return {
        "find": find,
        "part": part,
        "tasks": task_cards(document, part.items),
        "asked_task": request.GET.get("task", ""),
        "task_count": len(document.tasks),
        "settings": json.dumps(masked_value(document.settings), ensure_ascii=False, indent=2),
        "relations": edges[:RELATIONS],
        "relation_count": len(edges),
    }


def _journal(request: HttpRequest, workflow: Workflow, snapshot: Snapshot) -> dict[str, Any]:
    syncs = snapshot.syncs.prefetch_related("steps").order_by("-id")
    return {
        "may_publish": may(actor_of(request), PUBLISH, workflow.project),
        "syncs": [(sync, fires_of(sync)) for sync in syncs],
    }


def _graph(_request: HttpRequest, _workflow: Workflow, snapshot: Snapshot) -> dict[str, Any]:
    return {"graph": graph_of(document_of(snapshot))}


def _lineage(request: HttpRequest, workflow: Workflow, snapshot: Snapshot) -> dict[str, Any]:
    return {"lineage": lineage_shown(workflow, snapshot, actor_of(request), document=document_of(snapshot))}


def _edges(document: Document) -> list[tuple[str, str]]:
    """Return who is waited for by whom; an edge from nothing says that a task begins, and is none."""
    names = {code: masked_value(str(task.get("name", ""))) for code, task in document.tasks.items()}
    ends = [(row["preTaskCode"], row["postTaskCode"]) for row in document.relations if row["preTaskCode"]]
    return [(names.get(pre, str(pre)), names.get(post, str(post))) for pre, post in ends]


_BUILD: Final = {
    "summary": _summary,
    "definition": _definition,
    "graph": _graph,
    "lineage": _lineage,
    "journal": _journal,
}
