"""The inbox: requests that wait on the reader, their own, all, and closed ones. GET only."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.keyset import Listed, listed
from catalog.models import Project
from catalog.pages import actor_of, page, show
from catalog.place import place
from rollback.choices import WAITING, Decision, State
from rollback.inbox import TABS, Rows, count_waiting, rows_of
from rollback.models import RollbackPolicy, RollbackRequest
from rollback.reading import hide_elsewhere
from snapshotter.models import Snapshot

MOST_PROJECTS: Final = 200  # in a select
LATEST: Final = 2_000  # requests that are looked through for a text: no index holds it
_TEXTS: Final = ("workflow__name", "workflow__key", "reason", "ticket", "requested_by_name")


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
    text = request.GET.get("q", "").strip()[:200]
    filtered = any(request.GET.get(name) for name in ("q", "project", "state"))
    beyond = _beyond() if text else 0
    segments = [_with_text(_filtered(rows, request), text, beyond) for rows in rows_of(actor, tab)]
    found: Listed[RollbackRequest] = listed(request.GET, *segments, by=("-id",))
    is_counted = tab == "waiting" and not filtered  # the list has counted what waits on the reader
    projects = list(Project.objects.visible_to(actor).select_related("instance")[: MOST_PROJECTS + 1])
    _look_up(found.rows)
    place(found, projects)
    hide_elsewhere(found, actor)
    return show(
        request,
        "rollback/inbox.html",
        _("Rollbacks"),
        tab=tab,
        tabs=TABS.items(),
        waiting=found.count if is_counted else count_waiting(actor),
        listed=found,
        rows=_rows(found),
        projects=projects if len(projects) <= MOST_PROJECTS else [],
        filtered=filtered,
        states=State.choices,
        looked_through=LATEST if beyond else 0,
    )


def _filtered(rows: Rows, request: HttpRequest) -> Rows:
    """What can't be read in a filter hides nothing."""
    project, state = (request.GET.get(name, "").strip() for name in ("project", "state"))
    if project.isascii() and project.isdigit() and len(project) < 19:
        rows = rows.filter(project=int(project))
    if state in State.values:
        rows = rows.filter(state=state)
    return rows


def _beyond() -> int:
    """Return the id behind which a text is looked for, 0 where that is all requests. Ids rise by one."""
    newest = RollbackRequest.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return max(0, newest - LATEST)


def _with_text(rows: Rows, text: str, beyond: int) -> Rows:
    if not text:
        return rows
    holds = Q()
    for name in _TEXTS:
        holds |= Q(**{f"{name}__icontains": text})
    return rows.filter(holds, pk__gt=beyond)


def _look_up(requests: list[RollbackRequest]) -> None:
    """Look up what the rows refer to. Joined under the page, MariaDB sorts all requests there ever were (4 s at 70,000)."""
    prefetch_related_objects(requests, "workflow", "approvals")
    versions = Snapshot.objects.in_bulk({pk for row in requests for pk in (row.target_id, row.base_id) if pk})
    for row in requests:
        row.target, row.base = versions[row.target_id], versions.get(row.base_id or 0)


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
