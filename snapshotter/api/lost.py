"""The API of workflows that are gone from DolphinScheduler: restore one, or bind its key to what somebody made by hand."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.errors import NotFound
from catalog.models import Project, Workflow
from snapshotter.api.requests import WAIT, actor_of, answer, valid, wait_of
from snapshotter.api.serializers import AcceptedOut
from snapshotter.api.strict import StrictSerializer, Text, Whole
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.lost.lost import look, told
from snapshotter.lost.rebind import Rebinding, rebind
from snapshotter.lost.restore import restore
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.publish import Accepted

_CODE: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1}
_VERSION: dict[str, Any] = {"min_value": 1, "max_value": 2**31 - 1}


class RestoreBody(StrictSerializer):
    """`version` left out: the published one."""

    version = Whole(required=False, **_VERSION)
    reason = Text(max_length=2_000)
    trigger_ref = Text(default="", allow_blank=True, max_length=190)
    published_by = Text(default="", allow_blank=True, max_length=190)
    online = serializers.ChoiceField(choices=Online.choices, default=Online.KEEP)
    schedule = serializers.ChoiceField(choices=ScheduleChoice.choices, default=ScheduleChoice.KEEP)
    override_freeze = Text(default="", allow_blank=True, max_length=2_000)


class RebindBody(StrictSerializer):
    """What somebody has looked at: GET of the same address shows it."""

    workflow_code = Whole(**_CODE)
    dolphin_version = Whole(required=False, **_VERSION)
    project = Whole(required=False, **_CODE)
    reason = Text(max_length=2_000)


class CandidateOut(serializers.Serializer[Any]):
    """A workflow of the same name that nobody governs; tasks by name. `changes`: differences to the published version."""

    workflow_code = serializers.IntegerField(source="code")
    name = serializers.CharField()
    dolphin_version = serializers.IntegerField()
    same = serializers.ListField(child=serializers.CharField())
    added = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    changes = serializers.IntegerField()


class NamedByOut(serializers.Serializer[Any]):
    """A task of another workflow that names this one by a code it has no more."""

    workflow = serializers.CharField(source="workflow.key")
    task = serializers.CharField()
    kind = serializers.CharField()
    code = serializers.IntegerField()


class LostOut(serializers.Serializer[Any]):
    """`in_project`: the project that has the workflow under its own code, null where it is gone, or where you may not see that project.

    The latter is told by `in_hidden_project`; `hidden` counts tasks you may not see.
    """

    in_project = serializers.IntegerField(allow_null=True)
    in_hidden_project = serializers.BooleanField()
    candidates = CandidateOut(many=True)
    named_by = NamedByOut(many=True)
    hidden = serializers.IntegerField()
    all_were_looked_at = serializers.BooleanField()


class RestoreView(APIView):
    """Make a workflow anew that was deleted in DolphinScheduler, as a version had it. The reason is required."""

    @extend_schema(
        request=RestoreBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[WAIT], tags=["publish"]
    )
    def post(self, request: Request, key: str) -> Response:
        body, wait = valid(RestoreBody, request), wait_of(request)
        workflow = _workflow(request, key)
        sync = restore(
            workflow,
            version=_version(workflow, body.get("version")),
            actor=actor_of(request),
            reason=body["reason"],
            origin=Origin(trigger=Trigger.ROLLBACK, trigger_ref=body["trigger_ref"], published_by=body["published_by"]),
            online=Online(body["online"]),
            schedule=ScheduleChoice(body["schedule"]),
            override_freeze=body["override_freeze"].strip(),
        )
        return answer(Accepted(workflow=workflow, sync=sync), wait)


class RebindView(APIView):
    """What the key may be bound to, and binding it. The reason is required; a capture follows."""

    @extend_schema(responses=LostOut, tags=["publish"])
    def get(self, request: Request, key: str) -> Response:
        workflow = _workflow(request, key)
        found = look(workflow)
        names = told(workflow, found, actor_of(request))
        payload = {
            "in_project": names.place.code if names.place else None,
            "in_hidden_project": names.is_in_hidden_project,
            "candidates": found.candidates,
            "named_by": names.seen,
            "hidden": names.hidden,
            "all_were_looked_at": names.is_whole,
        }
        return Response(LostOut(payload).data)

    @extend_schema(
        request=RebindBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[WAIT], tags=["publish"]
    )
    def post(self, request: Request, key: str) -> Response:
        body, wait = valid(RebindBody, request), wait_of(request)
        workflow = _workflow(request, key)
        asked = Rebinding(
            code=body["workflow_code"],
            dolphin_version=body.get("dolphin_version"),
            project=_project(request, body.get("project")),
        )
        sync = rebind(workflow, asked, actor=actor_of(request), reason=body["reason"])
        return answer(Accepted(workflow=workflow, sync=sync), wait)


def _workflow(request: Request, key: str) -> Workflow:
    rows = Workflow.objects.visible_to(actor_of(request)).select_related("project__instance")
    workflow: Workflow | None = rows.with_key(key).first()
    if workflow is None:
        raise NotFound
    return workflow


def _version(workflow: Workflow, number: int | None) -> Snapshot:
    state = WorkflowState.objects.select_related("published").get(workflow=workflow)
    version = state.published
    if number is not None:
        version = Snapshot.objects.for_workflow(workflow).filter(version=number).first()
    if version is None:
        raise NotFound
    return version


def _project(request: Request, code: int | None) -> Project | None:
    if code is None:
        return None
    rows = Project.objects.visible_to(actor_of(request)).select_related("instance")
    project: Project | None = rows.filter(code=code).first()
    if project is None:
        raise NotFound("No governed project has this code.", project=code)
    return project
