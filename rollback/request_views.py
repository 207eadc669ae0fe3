"""The page of one request: what it changes first, then why, who decided, and how it went. And the acts on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actors import Actor
from catalog.errors import InvalidRequest
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE, PUBLISH, rights
from rollback.act_words import title_of
from rollback.afterwards import afterwards_asked
from rollback.approve import approve
from rollback.binding import shown_side
from rollback.cancel import cancel
from rollback.changes import changes_asked, overwritten
from rollback.choices import WAITING, State, Verdict
from rollback.errors import Voided
from rollback.execute import break_glass, execute
from rollback.forms import CommentForm, ReviewForm
from rollback.impact.findings import Finding, Weight
from rollback.models import RollbackRequest
from rollback.policy import policy_of
from rollback.proof import proof_of
from rollback.reading import acts, glass_reason, hide_elsewhere, request_of, shown_workflow
from rollback.reject import reject
from rollback.review import review
from rollback.standing import moved, standing
from rollback.void import WORDS
from rollback.who_next import who_next
from snapshotter.choices import SyncState
from snapshotter.gates.fire_guard import waits_for
from snapshotter.journal import has_written
from snapshotter.models import Snapshot
from snapshotter.preflight.words import shown
from versions.live import Live
from versions.next_fires import NextFire, next_fires
from versions.reach import fires_of

REFRESH = 2  # seconds, while it is executed


@page
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How a request stands, for everybody who may see the workflow."""
    found, reader = request_of(request, pk), actor_of(request)
    hide_elsewhere([found], reader)
    policy = policy_of(found.project)
    stand = standing(found, policy)
    changes, live = changes_asked(found, reader)
    return show(
        request,
        "rollback/request.html",
        _("Rollback %(id)s") % {"id": found.pk},
        asked=found,
        workflow=shown_workflow(found),
        stand=stand,
        dots=range(stand.missing),
        heading=title_of(found.act, found.workflow, found.target),
        who_next=who_next(found, stand, policy),
        decisions=list(found.approvals.all()),
        policy=policy,
        acts=acts(found, reader, stand, policy),
        changes=changes,
        kept=_kept(found),
        left=afterwards_asked(found),
        fire=_fire(found),
        has_moved=_moved(found, live),
        closed_because=WORDS.get(found.closed_code, ""),
        verdicts=[row for row in Verdict if row],
        glass_reason=glass_reason(found) if found.is_break_glass else "",
        **_findings(found),
        **_result(request, found, reader),
    )


@page
@require_POST
def approve_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes to exactly what was shown."""
    said = _comment(request)
    return _act(
        request,
        pk,
        lambda found, actor: approve(found, actor=actor, comment=said["comment"], bound_hash=said["seen"]),
        _("You have approved it."),
    )


@page
@require_POST
def reject_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, and why."""
    said = _comment(request)
    return _act(
        request, pk, lambda found, actor: reject(found, actor=actor, comment=said["comment"]), _("It is rejected.")
    )


@page
@require_POST
def cancel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    said = _comment(request)
    return _act(
        request, pk, lambda found, actor: cancel(found, actor=actor, reason=said["comment"]), _("It is cancelled.")
    )


@page
@require_POST
def execute_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin."""
    return _act(request, pk, lambda found, actor: execute(found, actor=actor), "")


@page
@require_POST
def glass_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin without the approvals."""
    said = _comment(request)
    return _act(request, pk, lambda found, actor: break_glass(found, actor=actor, reason=said["comment"]), "")


@page
@require_POST
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge what was done by breaking the glass."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest(_("A review needs a verdict, right or wrong, and a text."), field="verdict")
    verdict, text = Verdict(form.cleaned_data["verdict"]), form.cleaned_data["text"]
    return _act(
        request, pk, lambda found, actor: review(found, actor=actor, verdict=verdict, text=text), _("It is reviewed.")
    )


def _act(request: HttpRequest, pk: int, verb: Callable[[RollbackRequest, Actor], object], done: str) -> HttpResponse:
    """Do it and return to the request. What has moved closed it: its page says what, so that is no error page."""
    found = request_of(request, pk)
    try:
        verb(found, actor_of(request))
    except Voided as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(reverse("rollback:request", args=[pk]))


def _comment(request: HttpRequest) -> dict[str, Any]:
    form = CommentForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest(form.errors.as_text(), field="comment")
    return form.cleaned_data


def _moved(found: RollbackRequest, live: Live | None) -> str:
    """Say what makes it void, as far as one can see without writing: the next act on it closes it."""
    why = moved(found)
    code = why.code if why else ""
    if not code and found.state in WAITING and live is not None:
        code = "live_moved" if shown_side(live) != found.bound.get("live") else ""
    return str(WORDS.get(code, code))


def _kept(found: RollbackRequest) -> Snapshot | None:
    """Return the version that keeps what was overwritten, where that was another than the one published then."""
    kept = overwritten(found)
    return kept if kept is not None and kept.pk != found.base_id else None


def _later(found: RollbackRequest) -> Snapshot | None:
    """Return the version that is published now, where that is another than the one this rollback made."""
    if (
        found.state != State.DONE or found.workflow.project_id != found.project_id
    ):  # another project's is not to be named here
        return None
    published = found.workflow.state.published
    made = found.sync.snapshot_id if found.sync is not None else None
    return published if published is not None and published.pk != made else None


def _fire(found: RollbackRequest) -> NextFire | None:
    """Return when it fires next, once it is done and while its version is the published one; before, nobody has read the schedule."""
    state = found.workflow.state
    is_live = found.state == State.DONE and found.sync is not None and found.sync.snapshot_id == state.published_id
    return next_fires([state]).get(found.workflow_id) if is_live else None


def _findings(found: RollbackRequest) -> dict[str, Any]:
    """Return what was found when it was asked: what was to be agreed to, and what is good to know."""
    rows = [Finding.from_json(row) for row in found.findings]
    return {
        "findings": [(row, row.code in found.acknowledged) for row in rows if row.weight != Weight.NOTE],
        "notes": [row for row in rows if row.weight == Weight.NOTE],
    }


def _result(request: HttpRequest, found: RollbackRequest, reader: Actor) -> dict[str, Any]:
    sync = found.sync
    if sync is None or found.is_elsewhere:
        return {"sync": None, "is_running": False}
    sync.workflow = found.workflow
    held = rights(reader, found.project)
    needs_look = found.state == State.FAILED or sync.state == SyncState.ATTENTION
    return {
        "sync": sync,
        "is_running": found.state == State.EXECUTING and sync.state != SyncState.ATTENTION,
        "refresh": REFRESH,
        "waits_for": waits_for(sync),
        "preflight": shown(sync.result.get("preflight")),
        "fires": fires_of(sync),
        "may_publish": PUBLISH in held,
        "may_manage": MANAGE in held,
        "may_cancel": PUBLISH in held and not has_written(sync),
        "later": _later(found),
        "proof": proof_of(found) if needs_look or request.GET.get("proof") else None,
    }
