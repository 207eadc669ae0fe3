"""What a rollback would meet and break, over the API. GET only: nothing is written, here or in DolphinScheduler."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.errors import InvalidRequest
from rollback.api.impact_example import IMPACT
from rollback.choices_of import Choices
from rollback.impact.findings import Weight
from rollback.impact.impact import impact
from rollback.impact.look import look_at
from rollback.impact.next_fire import Missed
from snapshotter.choices import Online, ScheduleChoice
from versions.api.examples import IF_NONE_MATCH, errors, example
from versions.api.reading import Reading
from versions.comparison import snapshot_named
from versions.lineage.sides import Known


class ImpactFindingOut(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="stable, see docs/errors.md")
    weight = serializers.ChoiceField(
        choices=[weight.value for weight in Weight],
        help_text="refused: it can't be done; acknowledge: somebody must agree to it by its code; note: good to know",
    )
    values = serializers.DictField(help_text="what fills the sentence")
    text = serializers.CharField(help_text="the sentence, in the caller's language")


class ImpactRunningOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField(help_text="DolphinScheduler's word")
    started = serializers.CharField(help_text="as DolphinScheduler writes it, in its server's zone")
    version = serializers.IntegerField(allow_null=True, help_text="DolphinScheduler's number of the version that runs")


class ImpactNextFireOut(serializers.Serializer[Any]):
    cron = serializers.CharField()
    zone = serializers.CharField()
    is_known = serializers.BooleanField(help_text="false: when it fires can't be reckoned")
    at = serializers.DateTimeField(allow_null=True, help_text="null: it fires no more")


class ImpactFiresOut(serializers.Serializer[Any]):
    now = ImpactNextFireOut(allow_null=True, help_text="null: it does not fire")
    after = ImpactNextFireOut(allow_null=True, help_text="null: it does not fire any more")
    missed = serializers.ChoiceField(
        choices=[missed.value for missed in Missed],
        help_text="whether a run is missed meanwhile; ends: it fires no more, as chosen",
    )
    waits_for = serializers.DateTimeField(allow_null=True, help_text="the fire after which the rollback begins")


class ImpactDependentOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    project = serializers.CharField()
    kind = serializers.CharField(help_text="sub_workflow: it runs this one; dependency: it waits for it")
    task = serializers.CharField(help_text="its task that runs or waits")
    named_tasks = serializers.ListField(child=serializers.CharField(), help_text="the tasks it waits for; empty: all")


class ImpactDependentsOut(serializers.Serializer[Any]):
    seen = ImpactDependentOut(many=True, help_text="the first 50 workflows")
    more = serializers.IntegerField(help_text="further ones that you may see")
    hidden = serializers.IntegerField(help_text="those that you may not see")
    unread = serializers.IntegerField(help_text="workflows of which it is not known yet")


class ImpactOtherOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    key = serializers.CharField()


class ImpactTableMoveOut(serializers.Serializer[Any]):
    system = serializers.CharField()
    name = serializers.CharField()
    others = ImpactOtherOut(many=True, help_text="the first who read what is written, or write what is read")
    more = serializers.IntegerField(help_text="further ones that you may see")
    hidden = serializers.IntegerField(help_text="those that you may not see")


class LineageImpactOut(serializers.Serializer[Any]):
    known = serializers.ChoiceField(choices=[known.value for known in Known], help_text="the rest only if computed")
    writes_lost = ImpactTableMoveOut(many=True)
    writes_gained = ImpactTableMoveOut(many=True)
    reads_lost = ImpactTableMoveOut(many=True)
    reads_gained = ImpactTableMoveOut(many=True)
    no_writer = ImpactTableMoveOut(many=True, help_text="read by the version, and nobody would write it any more")
    hidden_readers = serializers.IntegerField(help_text="workflows you may not see that read a table of writes_lost")


class ImpactFreezeOut(serializers.Serializer[Any]):
    allowed = serializers.BooleanField()
    until = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    begins = serializers.DateTimeField(allow_null=True, help_text="the next freeze within a day, where none is on")


class ImpactLockOut(serializers.Serializer[Any]):
    holder = serializers.CharField()
    sync = serializers.IntegerField()
    kind = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)


class ImpactOut(serializers.Serializer[Any]):
    """What can't be told is null, and a finding `cannot_tell` says why."""

    workflow = serializers.CharField()
    version = serializers.IntegerField()
    findings = ImpactFindingOut(many=True)
    running = ImpactRunningOut(many=True, allow_null=True)
    fires = ImpactFiresOut(allow_null=True)
    dependents = ImpactDependentsOut()
    lineage = LineageImpactOut()
    freeze = ImpactFreezeOut()
    lock = ImpactLockOut(allow_null=True, help_text="null: free")


def _choice(name: str, kind: type[Online] | type[ScheduleChoice], text: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, enum=kind.values, description=f"{text}. Default: keep, as we left it")


class ImpactView(Reading):
    """What going back to a version would meet and break: what stands in the way, runs, the next fire, dependents, lineage, freeze, lock.

    DolphinScheduler is asked; what it does not answer is a gap, not an error.
    """

    parameters = frozenset({"version", "online", "schedule", "schedule_state", "with_name", "with_layout"})

    @extend_schema(
        tags=["rollback"],
        summary="What a rollback would meet and break",
        parameters=[
            IF_NONE_MATCH,
            OpenApiParameter("version", str, required=True, description="A version number, `latest` or `published`"),
            _choice("online", Online, "The workflow afterwards"),
            _choice("schedule", ScheduleChoice, "The schedule afterwards"),
            _choice("schedule_state", Online, "Whether the schedule is on afterwards"),
            OpenApiParameter(
                "with_name", OpenApiTypes.BOOL, description="true: the version's name too. Default: false"
            ),
            OpenApiParameter("with_layout", OpenApiTypes.BOOL, description="false: not its positions. Default: true"),
        ],
        examples=[example("impact", IMPACT)],
        responses={200: ImpactOut, **errors(400, 404)},
    )
    def get(self, request: Request, key: str) -> Response:
        asked = request.query_params
        if "version" not in asked:
            raise InvalidRequest(_("version is a number, latest or published."), field="version")
        choices = Choices(
            online=Online(self._one_of("online", Online.values)),
            schedule=ScheduleChoice(self._one_of("schedule", ScheduleChoice.values)),
            schedule_state=Online(self._one_of("schedule_state", Online.values)),
            with_name=self.flag("with_name"),
            with_layout="with_layout" not in asked or self.flag("with_layout"),
        )
        workflow = self.workflow()
        target = snapshot_named(workflow, asked["version"])
        look, because = look_at(workflow)
        found = impact(workflow, target, choices=choices, reader=self.actor, look=look, unseen_because=because)
        return Response({"workflow": workflow.key, "version": target.version, **found.as_json()})

    def _one_of(self, name: str, known: list[str]) -> str:
        """Return a parameter's word, keep where it is not given. Raises InvalidRequest."""
        given: str = self.request.query_params.get(name, "keep")
        if given not in known:
            said = _("%(name)s is one of %(known)s.") % {"name": name, "known": ", ".join(known)}
            raise InvalidRequest(said, field=name)
        return given
