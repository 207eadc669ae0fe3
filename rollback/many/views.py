"""Pages of rollbacks of many: criteria and preview, then how a batch stands and what can be done with it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from audit.keyset import listed
from catalog.errors import InvalidRequest
from catalog.models import Project
from catalog.pages import actor_of, page, show
from catalog.say import say
from rollback.choices import Category
from rollback.errors import NotAcknowledged, NothingChosen
from rollback.many.again import again
from rollback.many.approve_many import Decided, approve_many
from rollback.many.cancel_many import cancel_many
from rollback.many.candidates import recent_publishers
from rollback.many.execute_many import execute_many
from rollback.many.forms import AskForm, CriteriaForm, picks_of, seen_of
from rollback.many.page import batch_page_of
from rollback.many.preview import Preview, preview
from rollback.many.submit_many import AskMany, submit_many
from rollback.many.words import NAMES
from rollback.models import RollbackBatch
from snapshotter.errors import IdempotencyKeyReused

REFRESH = 3  # seconds, while something goes on by itself
_CRITERIA = ("publisher", "since", "until", "text", "project")


@page
def start(request: HttpRequest) -> HttpResponse:
    """Criteria, the preview of what they fit, and earlier rollbacks of many. POST asks for what is ticked."""
    given = request.POST if request.method == "POST" else request.GET
    is_asked = any(name in given for name in _CRITERIA)
    projects = list(Project.objects.visible_to(actor_of(request)).select_related("instance"))
    form = CriteriaForm(given if is_asked else None, projects=projects)
    ask = AskForm(
        request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4().hex}, label_suffix=""
    )
    found = _preview(request, form) if is_asked and form.is_valid() else None
    if request.method == "POST" and found is not None and ask.is_valid():
        batch = _submit(request, found, ask)
        if batch is not None:
            return HttpResponseRedirect(reverse("rollback-many:batch", args=[batch.pk]))
    return show(
        request,
        "rollback/many/start.html",
        _("Roll back many"),
        form=form,
        publishers=recent_publishers(actor_of(request)),
        ask=ask,
        found=found,
        warned=_warned(request, found),
        picked=set(request.POST.getlist("pick")) if request.method == "POST" else None,
        listed=None if is_asked else _batches(request),
    )


@page
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How a batch stands, workflow by workflow; the page reloads itself while something goes on."""
    found = _batch(request, pk)
    context = batch_page_of(found, actor_of(request))
    title = _("Rollback of many %(id)s") % {"id": found.pk}
    response = show(request, "rollback/many/batch.html", title, **context)
    if context["is_moving"]:
        response["Refresh"] = str(REFRESH)
    return response


@page
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, execute, ask again or cancel: all that the person may, or one that is named."""
    found = _batch(request, pk)
    verb = {"approve": _approve, "execute": _execute, "again": _again, "cancel": _cancel}.get(
        request.POST.get("act", "")
    )
    if verb is None:
        raise InvalidRequest(field="act")
    verb(request, found)
    return HttpResponseRedirect(reverse("rollback-many:batch", args=[found.pk]))


def _preview(request: HttpRequest, form: CriteriaForm) -> Preview | None:
    try:
        return preview(form.criteria(), actor=actor_of(request), choices=form.choices())
    except InvalidRequest as error:
        form.add_error(None, say(str(error)))
        return None


def _submit(request: HttpRequest, found: Preview, form: AskForm) -> RollbackBatch | None:
    picks = picks_of(request.POST.getlist("pick"))
    if form.cleaned_data["confirm"] != len(picks):
        said = _("%(number)s workflows are ticked. Type this number to confirm.") % {"number": len(picks)}
        form.add_error("confirm", said)
        return None
    given = form.cleaned_data
    asked = AskMany(
        criteria=found.criteria,
        choices=found.choices,
        picks=picks,
        acknowledged=tuple(code for code in request.POST.getlist("acknowledge") if code in NAMES),
        category=Category(given["category"]),
        **{name: given[name] for name in ("reason", "ticket", "wait_for_runs", "override_freeze", "key")},
    )
    try:
        return submit_many(asked, actor=actor_of(request))[0]
    except (InvalidRequest, NotAcknowledged, NothingChosen) as error:
        form.add_error(None, say(str(error)))
    except IdempotencyKeyReused:
        form.add_error(
            None,
            _("This form was sent before, with other choices, and that stands. Look at it, or open this page anew."),
        )
    return None


def _warned(request: HttpRequest, found: Preview | None) -> list[dict[str, Any]]:
    """The warnings that must be agreed to, with how many workflows each is about."""
    agreed = request.POST.getlist("acknowledge")
    return [
        {"code": code, "name": NAMES[code], "number": number, "is_agreed": code in agreed}
        for code, number in (found.to_acknowledge() if found else {}).items()
    ]


def _batches(request: HttpRequest) -> Any:
    return listed(request.GET, RollbackBatch.objects.visible_to(actor_of(request)), by=("-id",), size=20)


def _batch(request: HttpRequest, pk: int) -> RollbackBatch:
    found: RollbackBatch = get_object_or_404(RollbackBatch.objects.visible_to(actor_of(request)), pk=pk)
    return found


def _approve(request: HttpRequest, found: RollbackBatch) -> None:
    seen = seen_of(request.POST.get("seen", ""))
    decided = approve_many(found, actor=actor_of(request), seen=seen, comment=request.POST.get("comment", "")[:2_000])
    messages.success(request, _approved(decided))
    for key, code, text in decided.left[:10]:
        messages.warning(request, f"{key}: {code}: {say(text)}")
    if decided.more:
        said = _("%(number)s more wait: approve again for the next ones.") % {"number": decided.more}
        messages.info(request, said)
    if decided.unseen:
        said = ngettext(
            "%(n)d more waits that was not on the page when you looked.",
            "%(n)d more wait that were not on the page when you looked.",
            decided.unseen,
        )
        messages.info(request, said % {"n": decided.unseen})


def _approved(decided: Decided) -> str:
    return ngettext("%(n)d approved.", "%(n)d approved.", decided.approved) % {"n": decided.approved}


def _execute(request: HttpRequest, found: RollbackBatch) -> None:
    named = [key for key in request.POST.getlist("workflow") if key]
    alone = request.POST.get("goes_alone") == "1"
    number = execute_many(found, actor=actor_of(request), workflows=named, goes_alone=alone)
    messages.success(request, ngettext("%(n)d is to be executed.", "%(n)d are to be executed.", number) % {"n": number})


def _again(request: HttpRequest, found: RollbackBatch) -> None:
    codes = [code for code in request.POST.getlist("acknowledge") if len(code) <= 64][:100]
    number = again(found, actor=actor_of(request), acknowledged=codes)
    messages.success(
        request, ngettext("%(n)d is asked for again.", "%(n)d are asked for again.", number) % {"n": number}
    )


def _cancel(request: HttpRequest, found: RollbackBatch) -> None:
    number = cancel_many(found, actor=actor_of(request), reason=request.POST.get("reason", "")[:2_000])
    messages.success(request, ngettext("%(n)d cancelled.", "%(n)d cancelled.", number) % {"n": number})
