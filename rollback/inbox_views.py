"""The inbox: requests that wait on the reader, their own, all, and closed ones. GET only."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.keyset import Listed, listed
from catalog.models import Project
from catalog.pages import actor_of, page, show
from rollback.choices import WAITING, Decision, State
from rollback.inbox import TABS, Rows, counts, rows_of
from rollback.models import RollbackPolicy, RollbackRequest
from rollback.reading import hide_elsewhere

MOST_PROJECTS = 200  # in a select


@dataclass(frozen=True, slots=True)
class Row:
    """`given` and `missing` approvals, as ranges for the dots; `is_late`: its deadline has passed and nobody has closed it yet."""

    request: RollbackRequest
    given: range
    missing: range
    is_late: bool


@page
def inbox(request: HttpRequest) -> HttpResponse:
    """Requests by tab, newest first."""
    actor = actor_of(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    segments = [_with_names(_filtered(rows, request)) for rows in rows_of(actor, tab)]
    found: Listed[RollbackRequest] = listed(request.GET, *segments, by=("-id",))
    hide_elsewhere(found, actor)
    projects = list(Project.objects.visible_to(actor).select_related("instance")[: MOST_PROJECTS + 1])
    return show(
        request,
        "rollback/inbox.html",
        _("Rollbacks"),
        tab=tab,
        tabs=TABS.items(),
        waiting=counts(actor)[0],
        listed=found,
        rows=_rows(found),
        projects=projects if len(projects) <= MOST_PROJECTS else [],
        filtered=any(request.GET.get(name) for name in ("q", "project", "state")),
        states=State.choices,
    )


def _filtered(rows: Rows, request: HttpRequest) -> Rows:
    """What can't be read in a filter hides nothing."""
    text, project, state = (request.GET.get(name, "").strip() for name in ("q", "project", "state"))
    if text:
        rows = rows.filter(
            Q(workflow__name__icontains=text[:200])
            | Q(workflow__key__icontains=text[:200])
            | Q(reason__icontains=text[:200])
            | Q(ticket__icontains=text[:200])
            | Q(requested_by_name__icontains=text[:200])
        )
    if project.isascii() and project.isdigit() and len(project) < 19:
        rows = rows.filter(project=int(project))
    if state in State.values:
        rows = rows.filter(state=state)
    return rows


def _with_names(rows: Rows) -> Rows:
    return rows.select_related("workflow", "target", "base", "sync").prefetch_related("project__instance", "approvals")


def _rows(found: Listed[RollbackRequest]) -> list[Row]:
    policies = {row.pk: row for row in RollbackPolicy.objects.filter(project__in={row.project_id for row in found})}
    return [_row(request, policies.get(request.project_id)) for request in found]


def _row(request: RollbackRequest, policy: RollbackPolicy | None) -> Row:
    """What was said for exactly this; whether each approver still may is judged on the request's own page."""
    is_waiting = request.state in WAITING
    given = sum(
        row.decision == Decision.APPROVE and row.bound_hash == request.bound_hash for row in request.approvals.all()
    )
    needed = 0 if request.rule else request.approvals_needed
    if is_waiting and not request.rule and policy is not None:
        needed = max(needed, policy.approvals_needed)
    is_late = is_waiting and request.expires_at <= timezone.now()
    return Row(request, range(given), range(max(0, needed - given)), is_late)
