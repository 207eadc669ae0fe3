"""The reading pages: workflows, one workflow's versions, one version, two versions side by side, a sync's journal. GET only."""

import json
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from catalog.choices import Mode
from catalog.errors import NotFound
from catalog.models import Workflow
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE, PUBLISH, may, rights
from definitions.canonical import expand, to_c1
from definitions.compare import Kind, masked, summary
from definitions.document import Document
from definitions.secrets import mask
from dolphin.errors import DolphinError
from snapshotter.choices import LiveState, Status, SyncState, Trigger
from snapshotter.failures import SyncFailed
from snapshotter.fire_guard import waits_for
from snapshotter.journal import has_written
from snapshotter.masking import digest
from snapshotter.models import ContentQuarantine, DefinitionBlob, MissedFire, Snapshot, Sync
from snapshotter.preflight_words import shown
from snapshotter.retry import may_retry
from snapshotter.store import document_of, get_blob
from versions.comparison import CAUSES, Side, compare_sides, schedule_unknown, side, snapshot_named
from versions.filters import SnapshotFilter
from versions.overview import STATES, in_state
from versions.sentences import field_name, sentences
from versions.slots import panels_of
from versions.tasks_diff import tasks_diff

PAGE = 50
REFRESH = 2  # seconds, while a sync runs
FIRES_SHOWN = 10
FIRES_FOR = timedelta(days=7)


@page
def workflows(request: HttpRequest) -> HttpResponse:
    """All workflows the reader may see."""
    text = request.GET.get("q", "").strip()
    rows = Workflow.objects.visible_to(actor_of(request)).select_related("project__instance", "state__published")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(key__icontains=text))
    state = request.GET.get("state", "")
    rows = in_state(rows, state)
    listed = Paginator(rows.order_by("key"), PAGE).get_page(request.GET.get("page"))
    states = [(name, shown) for name, (shown, _tone, _condition) in STATES.items()]
    return show(
        request, "versions/workflows.html", _("Workflows"), listed=listed, text=text, state=state, states=states
    )


@page
def workflow(request: HttpRequest, key: str) -> HttpResponse:
    """One workflow and its versions, newest first, recovered ones last."""
    found = _workflow(request, key)
    filters = SnapshotFilter(request.GET, queryset=Snapshot.objects.for_workflow(found).youngest_first())
    listed = Paginator(filters.qs, PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "versions/workflow.html",
        found.name,
        workflow=found,
        state=found.state,
        listed=listed,
        statuses=Status.choices,
        triggers=Trigger.choices,
        may_publish=may(actor_of(request), PUBLISH, found.project),
        may_put_back=_may_put_back(request, found),
        quarantined=set(ContentQuarantine.objects.open().covering(found).values_list("content_hash", flat=True)),
        fires=found.missed_fires.open().filter(due_at__gte=timezone.now() - FIRES_FOR)[:FIRES_SHOWN],
        panels=panels_of(found),
        filtered=any(request.GET.get(name) for name in SnapshotFilter.Meta.fields),
    )


@page
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version: what it holds, where it came from, how its publish went."""
    found = _workflow(request, key)
    snapshot = snapshot_named(found, str(number))
    document = document_of(snapshot)
    held = rights(actor_of(request), found.project)
    return show(
        request,
        "versions/version.html",
        f"{found.name} v{number}",
        workflow=found,
        snapshot=snapshot,
        syncs=[(sync, _fires(sync)) for sync in snapshot.syncs.prefetch_related("steps")],
        may_publish=PUBLISH in held,
        may_retry=PUBLISH in held and may_retry(snapshot, found.state),
        tasks=_tasks(document),
        settings=_pretty(mask(document.settings, digest=digest)),
        relations=_edges(document),
        schedule=_schedule(document),
        quarantines=ContentQuarantine.objects.open().covering(found).filter(content_hash=snapshot.content_hash),
        may_manage=MANAGE in held,
    )


@page
def download(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The version as c1, secrets masked."""
    snapshot = snapshot_named(_workflow(request, key), str(number))
    body = mask(to_c1(document_of(snapshot)), digest=digest)
    response = JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="version-{snapshot.version}.json"'
    return response


@page
def diff(request: HttpRequest, key: str) -> HttpResponse:
    """Two versions, or a version and live, side by side."""
    found = _workflow(request, key)
    names = {name: request.GET.get(name) or default for name, default in (("left", "published"), ("right", "live"))}
    numbers = Snapshot.objects.for_workflow(found).latest_first().values_list("version", flat=True)[:200]
    context: dict[str, Any] = {"workflow": found, "numbers": [str(number) for number in numbers], **names}
    try:
        context |= _compared(side(found, names["left"]), side(found, names["right"]))
    except (DolphinError, SyncFailed, *CAUSES) as error:
        context["problem"] = str(error)
    return show(request, "versions/diff.html", _("Compare %(name)s") % {"name": found.name}, **context)


@page
def sync(request: HttpRequest, sync_id: int) -> HttpResponse:
    """How a sync stands; the page reloads itself until it has ended or a person must act."""
    found = _sync(request, sync_id)
    project = found.workflow.project
    response = show(
        request,
        "versions/sync.html",
        str(found),
        sync=found,
        workflow=found.workflow,
        waits_for=waits_for(found),
        preflight=shown(found.result.get("preflight")),
        fires=_fires(found),
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
    found = _sync(request, sync_id)
    piece = DefinitionBlob.objects.filter(sha256=found.result.get("evidence", "")).first()
    if piece is None:
        raise NotFound
    body = mask(json.loads(get_blob(piece.pk)), digest=digest)
    response = JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="sync-{found.pk}-evidence.json"'
    return response


def _sync(request: HttpRequest, sync_id: int) -> Sync:
    found: Sync | None = (
        Sync.objects.visible_to(actor_of(request))
        .select_related("workflow__project__instance", "snapshot")
        .prefetch_related("steps")
        .filter(pk=sync_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _may_put_back(request: HttpRequest, workflow: Workflow) -> bool:
    """Offered where the latest look found something else than the published version, and nobody is at work."""
    state = workflow.state
    is_off = state.live_state in (LiveState.DRIFTED, LiveState.CORRUPT, LiveState.CANNOT_COMPARE)
    is_free = state.published_id is not None and state.lock_id is None and workflow.project.mode == Mode.PUBLISH
    return is_off and is_free and may(actor_of(request), PUBLISH, workflow.project)


def _fires(sync: Sync) -> list[MissedFire]:
    """Return the fires a sync has swallowed; one that held no schedule off at a fire costs no query."""
    return list(sync.missed_fires.named().order_by("due_at")) if "schedule_off" in sync.result else []


def _workflow(request: HttpRequest, key: str) -> Workflow:
    actor: Actor = actor_of(request)
    found: Workflow | None = (
        Workflow.objects.visible_to(actor)
        .select_related("project__instance", "state__published", "state__lock")
        .with_key(key)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _compared(left: Side, right: Side) -> dict[str, Any]:
    comparison = masked(compare_sides(left, right), digest=digest)
    listed = sentences(comparison)
    return {
        "left_side": left,
        "right_side": right,
        "comparison": comparison,
        "counts": summary(comparison),
        "sentences": listed,
        "tasks": tasks_diff(comparison),
        "schedule_unknown": schedule_unknown(left) or schedule_unknown(right),
        "hidden": len(comparison.of(Kind.LAYOUT_CHANGED)),
    }


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
