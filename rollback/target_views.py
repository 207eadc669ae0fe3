"""The rollback page: what would happen, the choices and the reason on one page, then the confirmation.

GET writes nothing, and neither do the steps before the last one: the form travels along, so that nothing is lost when something is refused.
"""

import unicodedata
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.errors import InvalidRequest, NotAllowed, ServiceError
from catalog.models import Workflow
from catalog.pages import actor_of, page, show
from catalog.permissions import may
from catalog.say import say
from dolphin.errors import DolphinError
from rollback.act_rights import to_execute
from rollback.act_words import title_of
from rollback.afterwards import afterwards
from rollback.changes import changes_of, schedules_of
from rollback.choices import Act, Category, State
from rollback.execute import break_glass, execute
from rollback.execute import choices_of as choices_asked
from rollback.forms import RollbackForm, chosen_by, initial_of
from rollback.impact.findings import not_acknowledged
from rollback.models import RollbackRequest
from rollback.one_look import OneLook
from rollback.proposal import Proposal, propose
from rollback.read_now import read_now
from rollback.submit import Ask, submit
from snapshotter.models import Snapshot
from versions.comparison import snapshot_named
from versions.reach import workflow_of

STEPS = ("look", "confirm", "do", "glass")


@page
def rollback_page(request: HttpRequest, key: str) -> HttpResponse:
    """Going back to the version that the address names."""
    workflow = workflow_of(request, key)
    name = request.GET.get("version", "")
    if not name:
        return HttpResponseRedirect(reverse("versions:workflow", args=[workflow.key]))
    target = snapshot_named(workflow, name)
    if request.method == "POST":
        return _posted(request, workflow, target)
    form = RollbackForm(initial=_initial(request, workflow))
    return _page(request, _propose(request, workflow, target, form), form)


def _propose(
    request: HttpRequest, workflow: Workflow, target: Snapshot, form: RollbackForm, *, is_acting: bool = False
) -> Proposal:
    is_back = request.GET.get("act") == Act.PUT_BACK
    reader = actor_of(request)
    return propose(workflow, target, choices=form.choices(), reader=reader, is_acting=is_acting, is_back=is_back)


def _initial(request: HttpRequest, workflow: Workflow) -> dict[str, Any]:
    """Take what an earlier request asked for, or what the address says."""
    number = request.GET.get("from", "")
    rows = RollbackRequest.objects.visible_to(actor_of(request)).for_workflow(workflow)
    earlier = (
        rows.filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 19 else None
    )
    if earlier is None:
        category = Category.EDITED if request.GET.get("act") == Act.PUT_BACK else Category.BAD_PUBLISH
        return {**initial_of(chosen_by(request.GET)), "category": category}
    return {
        **initial_of(choices_asked(earlier)),
        "wait_for_runs": earlier.wait_for_runs,
        "category": earlier.category,
        "ticket": earlier.ticket,
        "reason": earlier.reason,
    }


def _posted(request: HttpRequest, workflow: Workflow, target: Snapshot) -> HttpResponse:
    form = RollbackForm(request.POST)
    step = request.POST.get("step", "look")
    is_look = step not in STEPS or step == "look"
    found = _propose(request, workflow, target, form, is_acting=not is_look)
    if is_look:
        return _page(request, found, form.unjudged())
    if step == "confirm" and (not found.is_offered or not _judge(form, found)):
        return _page(request, found, form)
    if step == "confirm":
        return _confirm(request, found, form)
    return _do(request, found, form, glass=step == "glass")


def _judge(form: RollbackForm, found: Proposal) -> bool:
    """Whether it can be confirmed; else the form says why not, each thing beside its place."""
    form.is_valid()
    if found.refusals:
        form.add_error(None, _refused(found))
    if not_acknowledged(found.findings, form.acknowledged()):
        form.add_error(None, _("Agree to each warning, or choose otherwise."))
    if found.is_there:
        form.add_error(None, _("DolphinScheduler holds exactly this already, with the states you ask for."))
    return not form.errors


def _refused(found: Proposal) -> str:
    if found.is_missing:
        return _("It can't be restored as chosen.")
    return _("It can't be put back.") if found.is_back else _("This version can't be rolled back to as chosen.")


def _do(request: HttpRequest, found: Proposal, form: RollbackForm, *, glass: bool) -> HttpResponse:
    """Ask for it, and execute it where nothing more is needed. Refusals come back with the form filled in."""
    if found.live is not None and found.may_ask:  # else the verb refuses, and the trail says so
        if not _judge(form, found):
            return _page(request, found, form)
        if request.POST.get("seen") != found.seen:
            form.add_error(None, _("Something has moved since you looked. This is how it stands now: look again."))
            return _page(request, found, form)
        if not _is_name(request.POST.get("typed", ""), found.workflow.name):
            return _confirm(request, found, form, wrong=_("That is not the workflow's name."))
        if glass and not request.POST.get("glass_reason", "").strip():
            return _confirm(
                request, found, form, glass_wrong=_("Breaking the glass needs a reason: why it can't wait.")
            )
    try:
        asked = submit(_ask(found, form), actor=actor_of(request), look=found.look)
    except NotAllowed:
        raise
    except (ServiceError, DolphinError) as error:
        form.add_error(None, say(str(error)))
        found.standing = RollbackRequest.objects.open().filter(workflow=found.workflow).first()
        return _page(request, found, form)
    return _go_on(request, asked, found.look, glass=glass)


def _go_on(request: HttpRequest, asked: RollbackRequest, look: OneLook, *, glass: bool) -> HttpResponse:
    """The request stands whatever comes now; what stops it is said on its own page."""
    actor = actor_of(request)
    try:
        if glass:
            break_glass(asked, actor=actor, reason=request.POST.get("glass_reason", "")[:2_000], look=look)
        elif asked.state == State.APPROVED and may(actor, to_execute(asked.act), asked.project):
            execute(asked, actor=actor, look=look)
    except (ServiceError, DolphinError) as error:
        messages.error(request, say(str(error)))
    return HttpResponseRedirect(reverse("rollback:request", args=[asked.pk]))


def _ask(found: Proposal, form: RollbackForm) -> Ask:
    if not form.is_valid():
        raise InvalidRequest(form.errors.as_text())
    given = form.cleaned_data
    return Ask(
        workflow=found.workflow,
        target=found.target,
        reason=given["reason"],
        act=found.act,
        category=Category(given["category"]),
        ticket=given["ticket"],
        choices=found.choices,
        seen=found.seen,
        wait_for_runs=given["wait_for_runs"],
        acknowledged=form.acknowledged(),
        override_freeze=given["override_freeze"].strip() if found.may_override else "",
    )


def _is_name(typed: str, name: str) -> bool:
    """However a keyboard composes letters, and whatever blanks stand around or inside."""
    return _plain(typed) == _plain(name)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _page(request: HttpRequest, found: Proposal, form: RollbackForm) -> HttpResponse:
    reader = actor_of(request)
    if not found.may_override:
        form.fields.pop("override_freeze")
    agreed = form.acknowledged()
    return show(
        request,
        "rollback/target.html",
        _title(found),
        **_common(found, form),
        now=read_now(found),
        warnings=[(row, row.code in agreed) for row in found.warnings],
        changes=changes_of(found, reader) if found.live is not None else None,
        schedules=schedules_of(found) if found.live is not None else None,
    )


def _confirm(request: HttpRequest, found: Proposal, form: RollbackForm, **problems: str) -> HttpResponse:
    form.is_valid()
    if not found.may_override:
        form.fields.pop("override_freeze")
    return show(
        request,
        "rollback/confirm.html",
        _title(found),
        **_common(found, form),
        changes=changes_of(found, actor_of(request)),
        left=afterwards(found),
        fire=found.impact.fires.after if found.impact and found.impact.fires else None,
        agreed=form.acknowledged(),
        wrong=problems.get("wrong", ""),
        glass_wrong=problems.get("glass_wrong", ""),
        glass_reason=request.POST.get("glass_reason", ""),
    )


def _common(found: Proposal, form: RollbackForm) -> dict[str, Any]:
    return {
        "found": found,
        "form": form,
        "workflow": found.workflow,
        "target": found.target,
        "state": found.workflow.state,
    }


def _title(found: Proposal) -> str:
    return title_of(found.act, found.workflow, found.target)
