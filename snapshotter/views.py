"""The writing pages: publish and capture. Both only accept; the sync's page shows how it goes."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.choices import Mode
from catalog.clients import client_for
from catalog.errors import InvalidRequest, NotFound, ServiceError
from catalog.models import Project, Workflow
from catalog.pages import actor_of, page, show
from catalog.permissions import PUBLISH, may, require
from catalog.say import say
from catalog.temporary import is_temporary
from definitions.canonical import to_c1
from definitions.errors import DefinitionError
from snapshotter.cancel import cancel
from snapshotter.capture import capture, govern
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.fires.start import start_fire
from snapshotter.forms import CaptureForm, GovernForm, PublishForm, ReasonForm
from snapshotter.gates.gates import active_freeze
from snapshotter.give_up import give_up
from snapshotter.make_snapshot import Origin
from snapshotter.masking import masked_value
from snapshotter.models import MissedFire, Snapshot, Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.put_back import put_back
from snapshotter.resume import resume
from snapshotter.retry import retry
from snapshotter.store import document_of
from snapshotter.unlock import unlock


@page
def publish_page(request: HttpRequest, key: str) -> HttpResponse:
    """Edit the published definition and publish it, or publish a file."""
    workflow = _workflow(request, key)
    require(actor_of(request), PUBLISH, workflow.project, event="publish.refused")
    if request.method == "POST":
        form = PublishForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                return _publish(request, workflow, form)
            except (ServiceError, DefinitionError) as error:
                form.add_error(None, say(str(error)))
    else:
        form = PublishForm(initial=_initial(workflow.state.published))
    frozen = active_freeze(workflow.project)
    if frozen is None:
        del form.fields["override_freeze"]
    return show(
        request,
        "snapshotter/publish.html",
        _("Publish %(name)s") % {"name": workflow.name},
        workflow=workflow,
        form=form,
        frozen=frozen,
    )


@page
@require_POST
def capture_page(request: HttpRequest, key: str) -> HttpResponse:
    """Take a snapshot of what DolphinScheduler holds."""
    workflow = _workflow(request, key)
    form = CaptureForm(request.POST)
    message = form.cleaned_data["message"] if form.is_valid() else ""
    sync = capture(workflow, origin=Origin(trigger=Trigger.CAPTURE, message=message), actor=actor_of(request))
    return _to(sync)


@page
@require_POST
def put_back_page(request: HttpRequest, key: str) -> HttpResponse:
    """Bring DolphinScheduler back to the published version."""
    return _to(put_back(_workflow(request, key), actor=actor_of(request), reason=_reason(request)))


@page
@require_POST
def unlock_page(request: HttpRequest, key: str) -> HttpResponse:
    """Free a workflow whose holder can't go on by itself."""
    unlock(_workflow(request, key), actor=actor_of(request), reason=_reason(request))
    messages.success(request, _("The workflow is free."))
    return HttpResponseRedirect(reverse("versions:workflow", args=[key]))


@page
@require_POST
def retry_page(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Publish a failed version again."""
    snapshot = Snapshot.objects.for_workflow(_workflow(request, key)).filter(version=number).first()
    if snapshot is None:
        raise NotFound
    return _to(retry(snapshot, actor=actor_of(request), force_reason=_reason(request)))


@page
@require_POST
def cancel_page(request: HttpRequest, sync_id: int) -> HttpResponse:
    """Cancel a sync that has sent nothing."""
    return _to(cancel(_sync(request, sync_id), actor=actor_of(request), reason=_reason(request)))


@page
@require_POST
def resume_page(request: HttpRequest, sync_id: int) -> HttpResponse:
    """Go on with a sync that needs attention."""
    return _to(resume(_sync(request, sync_id), actor=actor_of(request), reason=_reason(request)))


@page
@require_POST
def give_up_page(request: HttpRequest, sync_id: int) -> HttpResponse:
    """End a sync that needs attention, and free the workflow."""
    return _to(give_up(_sync(request, sync_id), actor=actor_of(request), reason=_reason(request)))


@page
@require_POST
def start_fire_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the run of a missed fire."""
    fires = MissedFire.objects.visible_to(actor_of(request)).select_related("workflow__project__instance", "sync")
    fire = get_object_or_404(fires, pk=pk)
    start_fire(fire, actor=actor_of(request))
    messages.success(request, _("DolphinScheduler was asked for the run of %(time)s.") % {"time": fire.dolphin_time})
    return _to(fire.sync)


@page
def project_workflows(request: HttpRequest, pk: int) -> HttpResponse:
    """What DolphinScheduler has in a project, governed or not; taking one under governance captures it."""
    project = get_object_or_404(Project.objects.visible_to(actor_of(request)).select_related("instance"), pk=pk)
    if request.method == "POST":
        return _govern(request, project)
    with client_for(project.instance) as client:
        rows = client.version_probe(project.code)
    keys = dict(project.workflows.exclude(workflow_code=None).values_list("workflow_code", "key"))
    listed = [
        {**row, "key": keys.get(row["code"], ""), "is_temporary": is_temporary(project, str(row["name"]))}
        for row in sorted(rows, key=lambda row: str(row["name"]))
    ]
    return show(
        request,
        "snapshotter/project_workflows.html",
        _("Workflows of %(project)s") % {"project": project},
        project=project,
        listed=listed,
        may_publish=may(actor_of(request), PUBLISH, project) and project.mode != Mode.OFF,
    )


def _govern(request: HttpRequest, project: Project) -> HttpResponse:
    form = GovernForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest(form.errors.as_text())
    workflow = govern(project, **form.cleaned_data, actor=actor_of(request))
    return _to(capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=actor_of(request)))


def _publish(request: HttpRequest, workflow: Workflow, form: PublishForm) -> HttpResponse:
    asked = form.cleaned_data
    accepted = publish(
        PublishRequest(
            workflow_key=workflow.key,
            definition=asked["body"],
            origin=Origin(trigger=Trigger.ADMIN, message=asked["message"]),
            base=asked["base"],
            force_reason=asked["force_reason"].strip(),
            override_freeze=asked["override_freeze"].strip(),
            online=Online(asked["online"]),
            schedule=ScheduleChoice(asked["schedule"]),
        ),
        actor=actor_of(request),
    )
    if accepted.sync is None:
        messages.info(request, _("This is the published version already. Nothing was changed."))
        return HttpResponseRedirect(reverse("versions:workflow", args=[workflow.key]))
    return _to(accepted.sync)


def _to(sync: Sync) -> HttpResponse:
    return HttpResponseRedirect(reverse("versions:sync", args=[sync.pk]))


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest(form.errors.as_text(), field="reason")
    return str(form.cleaned_data["reason"])


def _sync(request: HttpRequest, sync_id: int) -> Sync:
    rows = Sync.objects.visible_to(actor_of(request)).select_related("workflow__project__instance", "snapshot")
    found = rows.filter(pk=sync_id).first()
    if found is None:
        raise NotFound
    return found


def _initial(published: Snapshot | None) -> dict[str, object]:
    if published is None:
        return {"base": 0}
    body = masked_value(to_c1(document_of(published)))
    return {"definition": json.dumps(body, ensure_ascii=False, indent=2), "base": published.version}


def _workflow(request: HttpRequest, key: str) -> Workflow:
    workflow: Workflow | None = (
        Workflow.objects.visible_to(actor_of(request))
        .select_related("project__instance", "state__published")
        .with_key(key)
        .first()
    )
    if workflow is None:
        raise NotFound
    return workflow
