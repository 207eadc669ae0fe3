"""Drift's pages: the list, the worst first, and one drift with what differs and its ways out. GET only."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.keyset import listed
from catalog.models import Project
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE_POLICY, TRIAGE_DRIFT, rights
from catalog.place import place
from drift.choices import Severity
from drift.days import days_of
from drift.difference import difference_of, fields_of
from drift.filters import STANDING, STATES, VERDICTS, in_state
from drift.forms import IgnoreForm, MuteForm
from drift.inspection.freshness import freshness
from drift.inspection.late import freshness_of
from drift.managers import DriftQuerySet
from drift.models import DriftItem
from drift.reach import hide_elsewhere, item_of, ways_of
from drift.words import evidence_rows, kind_names, problems_of, verdict
from rollback.models import RollbackRequest

MOST_PROJECTS: Final = 200  # in a select
HISTORY: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    item: DriftItem
    words: str
    kinds: list[str]


@page
def drift_list(request: HttpRequest) -> HttpResponse:
    """What stands, or as the filters say; high before medium before low."""
    actor = actor_of(request)
    mine = DriftItem.objects.listed_for(actor)
    rows = _filtered(mine, request)
    segments = [_with_names(rows.filter(severity=severity)) for severity in Severity]
    found = listed(request.GET, *segments, by=("-id",), whole=rows)
    projects = list(Project.objects.visible_to(actor).select_related("instance")[: MOST_PROJECTS + 1])
    place(found, projects)
    hide_elsewhere(found, actor)
    fresh = freshness_of(actor)
    return show(
        request,
        "drift/list.html",
        _("Drift"),
        listed=found,
        rows=[_row(item) for item in found],
        fresh=fresh,
        days=days_of(mine, [instance for instance, _fresh in fresh]),
        projects=projects if len(projects) <= MOST_PROJECTS else [],
        states=STATES,
        state=request.GET.get("state") or STANDING,
        severities=Severity.choices,
        verdicts=VERDICTS,
        filtered=any(request.GET.get(name) for name in ("q", "project", "state", "severity", "verdict")),
    )


@page
def item_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One drift: what was found, as sentences and both sides, and what can be done."""
    item, reader = item_of(request, pk), actor_of(request)
    is_elsewhere = item.workflow.project_id != item.project_id
    hide_elsewhere([item], reader)
    asked = RollbackRequest.objects.open().filter(workflow=item.workflow, project=item.project).first()
    held = rights(reader, item.project)
    rows = DriftItem.objects.filter(workflow=item.workflow)
    former = _with_names(rows.visible_to(reader).exclude(pk=item.pk)).prefetch_related("project__instance")
    return show(
        request,
        "drift/item.html",
        _("Drift of %(name)s") % {"name": item.workflow.name},
        item=item,
        workflow=item.workflow,
        state=item.workflow.state,
        words=verdict(item),
        kinds=kind_names(item),
        problems=problems_of(item),
        difference=difference_of(item, reader),
        evidence=evidence_rows(item),
        ways={} if is_elsewhere else ways_of(item, reader, asked),
        asked=asked,
        fresh=freshness(item.workflow.project.instance),
        days=days_of(rows.visible_to(reader), [item.workflow.project.instance]),
        history=[_row(row) for row in former[:HISTORY]],
        fields=fields_of(item),
        mute_form=MuteForm(),
        ignore_form=IgnoreForm(initial={"path": next(iter(fields_of(item)), "")}),
        may_ignore_here=TRIAGE_DRIFT in held,
        may_ignore_everywhere=MANAGE_POLICY in held,
        put_back_url=f"{reverse('rollback:rollback', args=[item.workflow.key])}?version=published&act=put_back",
    )


def _filtered(rows: DriftQuerySet, request: HttpRequest) -> DriftQuerySet:
    """What can't be read in a filter hides nothing."""
    given = {name: request.GET.get(name, "").strip() for name in ("q", "project", "state", "severity", "verdict")}
    known = dict(STATES)
    rows = in_state(rows, given["state"] if given["state"] in known else STANDING)
    if given["severity"] in Severity.values:
        rows = rows.filter(severity=given["severity"])
    if given["verdict"] in dict(VERDICTS):
        rows = rows.filter(live_state=given["verdict"])
    if given["project"].isascii() and given["project"].isdigit() and len(given["project"]) < 19:
        rows = rows.filter(project=int(given["project"]))
    return rows.named(given["q"][:200]) if given["q"] else rows


def _with_names(rows: "QuerySet[DriftItem]") -> "QuerySet[DriftItem]":
    return rows.select_related("workflow", "published", "assignee")


def _row(item: DriftItem) -> Row:
    return Row(item, verdict(item), kind_names(item))
