"""The page of a workflow that is gone from DolphinScheduler: restore a version, or bind the key to what is there."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotAllowed, NotFound, ServiceError
from catalog.models import Project, Workflow
from catalog.pages import actor_of, page, show
from catalog.permissions import may
from catalog.say import say
from definitions.numbers import is_number
from dolphin.errors import DolphinError
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.forms import RebindForm, RestoreForm
from snapshotter.gates.gates import active_freeze
from snapshotter.lost.candidates import Found
from snapshotter.lost.lost import look, told
from snapshotter.lost.rebind import Rebinding, rebind
from snapshotter.lost.restore import EXECUTE, GUARDS, restore
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync

logger = logging.getLogger(__name__)

VERSIONS_SHOWN = 50


@page
def restore_page(request: HttpRequest, key: str) -> HttpResponse:
    """Say what happened, what a restore does and who names the former code; restore on POST."""
    workflow = _workflow(request, key)
    form = RestoreForm(
        request.POST or None,
        versions=_versions(workflow, request),
        published=workflow.state.published_id,
        frozen=active_freeze(workflow.project) is not None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _to(_restore(request, workflow, form))
        except NotAllowed:
            raise
        except ServiceError as error:
            form.add_error(None, say(str(error)))
    found, trouble = _look(workflow)
    names = told(workflow, found, actor_of(request))
    versions = form.fields["version"].choices  # type: ignore[attr-defined]  # a ChoiceField
    return show(
        request,
        "snapshotter/restore.html",
        _("Restore %(name)s") % {"name": workflow.name},
        workflow=workflow,
        state=workflow.state,
        form=form,
        found=found,
        trouble=trouble,
        names=names,
        former_codes=list(workflow.former_codes.values_list("code", flat=True)),
        may_restore=may(actor_of(request), EXECUTE, workflow.project) and workflow.project.mode == Mode.PUBLISH,
        asks_first=_asks_first(request, workflow),
        asked_version=versions[0][0] if versions else None,
        may_rebind=may(actor_of(request), EXECUTE, workflow.project) and workflow.project.mode != Mode.OFF,
    )


@page
@require_POST
def rebind_page(request: HttpRequest, key: str) -> HttpResponse:
    """Bind the key to what the person has looked at."""
    workflow = _workflow(request, key)
    form = RebindForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest(form.errors.as_text())
    asked = form.cleaned_data
    project = None
    if asked["project"] is not None:
        visible = Project.objects.visible_to(actor_of(request)).select_related("instance")
        project = visible.filter(pk=asked["project"]).first()
        if project is None:
            raise NotFound
    rebinding = Rebinding(code=asked["workflow_code"], dolphin_version=asked["dolphin_version"], project=project)
    return _to(rebind(workflow, rebinding, actor=actor_of(request), reason=asked["reason"]))


def _restore(request: HttpRequest, workflow: Workflow, form: RestoreForm) -> Sync:
    asked = form.cleaned_data
    return restore(
        workflow,
        version=Snapshot.objects.get(workflow=workflow, version=asked["version"]),
        actor=actor_of(request),
        reason=asked["reason"],
        origin=Origin(trigger=Trigger.ROLLBACK, message=asked["reason"]),
        online=Online(asked["online"]),
        schedule=ScheduleChoice(asked["schedule"]),
        override_freeze=asked.get("override_freeze", "").strip(),
    )


def _asks_first(request: HttpRequest, workflow: Workflow) -> str:
    """Return why a restore needs a request of its own here, such as an approval."""
    published = workflow.state.published
    return say(GUARDS.why_not(workflow, published, actor_of(request))) if published is not None else ""


def _look(workflow: Workflow) -> tuple[Found | None, str]:
    """Return what DolphinScheduler has, or why it can't be asked: the page is of use all the same."""
    try:
        return look(workflow), ""
    except (DolphinError, ServiceError) as error:
        logger.warning("workflow=%s can't be looked for: %s", workflow.key, error)
        return None, say(str(error))


def _versions(workflow: Workflow, request: HttpRequest) -> list[Snapshot]:
    """Return the newest versions that can be restored; first the one that the address names if it was live, else the published one."""
    rows = Snapshot.objects.for_workflow(workflow).published().latest_first()
    published = workflow.state.published
    listed = list(rows[:VERSIONS_SHOWN])
    asked = request.GET.get("version", "")
    named = rows.filter(version=int(asked), live_from__isnull=False).first() if is_number(asked) else None
    first = named or published
    return listed if first is None else [first, *(row for row in listed if row.pk != first.pk)]


def _workflow(request: HttpRequest, key: str) -> Workflow:
    rows = Workflow.objects.visible_to(actor_of(request)).select_related("project__instance", "state__published")
    workflow: Workflow | None = rows.with_key(key).first()
    if workflow is None:
        raise NotFound
    return workflow


def _to(sync: Sync) -> HttpResponse:
    return HttpResponseRedirect(reverse("versions:sync", args=[sync.pk]))
