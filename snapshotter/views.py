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
from catalog.temporary import is_temporary
from definitions.canonical import to_c1
from definitions.errors import DefinitionError
from definitions.secrets import mask
from snapshotter.capture import capture, govern
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.forms import CaptureForm, GovernForm, PublishForm
from snapshotter.gates import active_freeze
from snapshotter.make_snapshot import Origin
from snapshotter.masking import digest
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.store import document_of


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
                form.add_error(None, str(error))
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


def _initial(published: Snapshot | None) -> dict[str, object]:
    if published is None:
        return {"base": 0}
    body = mask(to_c1(document_of(published)), digest=digest)
    return {"definition": json.dumps(body, ensure_ascii=False, indent=2), "base": published.version}


def _workflow(request: HttpRequest, key: str) -> Workflow:
    workflow: Workflow | None = (
        Workflow.objects.visible_to(actor_of(request))
        .select_related("project__instance", "state__published")
        .filter(key=key)
        .first()
    )
    if workflow is None:
        raise NotFound
    return workflow
