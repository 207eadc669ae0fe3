"""Inventory and onboarding: what a project or instance holds, its risks, and the runs over all its workflows."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actors import System
from audit.keyset import listed
from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotFound
from catalog.models import Instance, Project
from catalog.pages import actor_of, page, show
from catalog.permissions import PUBLISH, may, require_superuser
from operations.choices import Level, Outcome, RunKind, RunState
from operations.exports import inventory_csv, items_csv, markdown, result_in_words
from operations.filters import InventoryFilter, ItemFilter
from operations.inventory.limits import in_words
from operations.inventory.risk_words import meaning, titles, what
from operations.inventory.summary import summarise
from operations.models import InventoryRow, OperationItem, OperationRun
from operations.start import start
from operations.stop import cancel, resume

RUNS = 20
REFRESH = 2  # seconds, while a run is open


@page
def project_inventory(request: HttpRequest, pk: int) -> HttpResponse:
    """A project's newest inventory in figures, and its runs."""
    project = _project(request, pk)
    runs = OperationRun.objects.filter(project=project).select_related("project__instance", "workflow", "instance")
    allowed = may(actor_of(request), PUBLISH, project)
    context = {
        "project": project,
        "instance": project.instance,
        "may_start": allowed,
        "is_off": project.mode == Mode.OFF,
    }
    return _overview(request, runs, _("Inventory of %(name)s") % {"name": project}, **context)


@page
def instance_inventory(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for a whole instance, governed projects and others."""
    instance = _instance(request, pk)
    runs = OperationRun.objects.filter(instance=instance, project=None).select_related("instance")
    return _overview(request, runs, _("Inventory of %(name)s") % {"name": instance}, instance=instance, may_start=True)


@page
@require_POST
def start_for_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an inventory, a baseline or a back-fill of a project."""
    project = _project(request, pk)
    run, created = start(_kind(request), instance=project.instance, project=project, actor=actor_of(request))
    return _to(request, run, created)


@page
@require_POST
def start_for_instance(request: HttpRequest, pk: int) -> HttpResponse:
    run, created = start(_kind(request), instance=_instance(request, pk), actor=actor_of(request))
    return _to(request, run, created)


@page
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """How a run stands, and every workflow of it; the page reloads itself until the run has ended."""
    run = _run(request, run_id)
    counts = run.items.counted()
    choices = [
        (value, label, counts[value]) for value, label in Outcome.choices if counts.get(value) and value != Outcome.SEEN
    ]
    context: dict[str, Any] = {"run": run, "counts": choices, "may_act": _may_act(request, run)}
    if run.kind == RunKind.INVENTORY:
        context |= _inventory_rows(request, run)
    else:
        context |= _item_rows(request, run)
    response = show(request, "operations/run.html", capfirst(f"{run.get_kind_display()} {run.pk}"), **context)
    if run.is_open:
        response["Refresh"] = str(REFRESH)
    return response


@page
@require_POST
def act(request: HttpRequest, run_id: int) -> HttpResponse:
    """Cancel an open run, or resume an ended one."""
    run = _run(request, run_id)
    verbs = {"cancel": cancel, "resume": resume}
    verb = verbs.get(request.POST.get("act", ""))
    if verb is None:
        raise InvalidRequest(field="act")
    verb(run, actor=actor_of(request))
    return HttpResponseRedirect(reverse("operations:run", args=[run.pk]))


@page
def export(request: HttpRequest, run_id: int, form: str) -> HttpResponse:
    """The run as CSV or, an inventory, as Markdown; the filters of the page hold."""
    run = _run(request, run_id)
    if run.kind == RunKind.INVENTORY:
        rows = InventoryFilter(request.GET, queryset=_rows(run)).qs
        text = markdown(run, rows) if form == "md" else inventory_csv(rows)
    elif form == "csv":
        text = items_csv(ItemFilter(request.GET, queryset=_items(run)).qs)
    else:
        raise NotFound
    kind = "text/csv" if form == "csv" else "text/markdown"
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{run.kind}-{run.pk}.{form}"'
    return response


def _overview(request: HttpRequest, runs: Any, title: str, **context: Any) -> HttpResponse:
    newest = runs.filter(kind=RunKind.INVENTORY, state=RunState.SUCCEEDED).first()
    context |= {"runs": runs[:RUNS], "newest": newest, "kinds": RunKind.choices}
    context["summary"] = summarise(newest) if newest else None
    return show(request, "operations/overview.html", title, **context)


def _inventory_rows(request: HttpRequest, run: OperationRun) -> dict[str, Any]:
    filters = InventoryFilter(request.GET, queryset=_rows(run))
    found = listed(request.GET, filters.qs, by=("-level", "item__project_name", "item__name", "pk"))
    rows = [
        {
            "found": row,
            "limits": in_words(row.limits),
            "risks": [{"what": what(risk), "meaning": meaning(risk)} for risk in row.risks],
        }
        for row in found
    ]
    levels = [(str(value), label) for value, label in Level.choices if value]
    return {"listed": found, "rows": rows, "levels": levels, "titles": titles(), **_query(request, filters)}


def _item_rows(request: HttpRequest, run: OperationRun) -> dict[str, Any]:
    filters = ItemFilter(request.GET, queryset=_items(run))
    found = listed(request.GET, filters.qs, by=("project_name", "name", "pk"))
    rows = [{"item": item, "result": result_in_words(item)} for item in found]
    return {"listed": found, "rows": rows, "outcomes": Outcome.choices, **_query(request, filters)}


def _query(request: HttpRequest, filters: Any) -> dict[str, Any]:
    """What of the address is a filter: exports keep it, the page number does not matter to them."""
    query = QueryDict(mutable=True)
    query.update({name: request.GET[name] for name in filters.Meta.fields if request.GET.get(name)})
    return {"query": query.urlencode(), "filtered": bool(query)}


def _rows(run: OperationRun) -> Any:
    rows = InventoryRow.objects.filter(item__run=run).select_related("item__run", "workflow")
    return rows.order_by("-level", "item__project_name", "item__name", "pk")


def _items(run: OperationRun) -> Any:
    return OperationItem.objects.filter(run=run).select_related("run").order_by("project_name", "name", "pk")


def _project(request: HttpRequest, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(actor_of(request)).select_related("instance"), pk=pk)


def _instance(request: HttpRequest, pk: int) -> Instance:
    instance = get_object_or_404(Instance, pk=pk)
    require_superuser(actor_of(request), event="run.refused", target=instance)
    return instance


def _run(request: HttpRequest, run_id: int) -> OperationRun:
    runs = OperationRun.objects.visible_to(actor_of(request)).select_related(
        "instance", "project__instance", "workflow"
    )
    found: OperationRun | None = runs.filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return found


def _may_act(request: HttpRequest, run: OperationRun) -> bool:
    actor = actor_of(request)
    if run.project is not None:
        return may(actor, PUBLISH, run.project)
    return isinstance(actor, System) or actor.is_superuser


def _kind(request: HttpRequest) -> RunKind:
    try:
        return RunKind(request.POST.get("kind", ""))
    except ValueError:
        raise InvalidRequest(field="kind") from None


def _to(request: HttpRequest, run: OperationRun, created: bool) -> HttpResponse:
    if not created:
        messages.info(request, _("This is running already."))
    return HttpResponseRedirect(reverse("operations:run", args=[run.pk]))
