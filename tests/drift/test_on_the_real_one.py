"""DolphinScheduler 3.1.1 on MySQL: what was changed there behind our back is found and named, what was not is not."""

import os
from collections.abc import Callable

import pytest

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from drift.choices import ItemState, Kind, RunKind
from drift.inspection import claim
from drift.inspection.inspect import inspect_slice
from drift.models import DriftItem, InspectionRun
from snapshotter.choices import LiveState, Online, ScheduleChoice, SyncState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.put_back import put_back
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE, c1
from tests.drift.conftest import Hands
from tests.drift.no_ops import NO_OPS
from tests.services.raw_dolphin import RawDolphin

pytestmark = [pytest.mark.dolphin_mysql, pytest.mark.django_db, pytest.mark.xdist_group("drift")]


class Place:
    """A project of its own, and published workflows in it."""

    def __init__(self, raw: RawDolphin) -> None:
        self.raw = raw
        self.instance = Instance.objects.create(
            name="real", base_url=raw.url, token_encrypted=encrypt(raw.token), flavour="3.1"
        )
        self.project = self.add_project("real")

    def add_project(self, name: str) -> Project:
        code = self.raw.create_project()
        return Project.objects.create(instance=self.instance, code=code, name=name, mode=Mode.PUBLISH)

    def publish(self, key: str, *scripts: str) -> Hands:
        """Publish a workflow of that many versions, online, its schedule on."""
        codes = sorted(self.raw.task_codes(self.project.code, 3))
        for script in scripts or ("echo 1",):
            schedule = {**SCHEDULE, "releaseState": "ONLINE"}
            body = c1(dict(zip(codes, (script, "echo b", "echo c"), strict=True)), name=key, schedule=schedule)
            body["definitions"]["settings"] = {"tenantCode": self.raw.tenant}
            body["layout"] = {str(code): {"x": 10, "y": 20} for code in codes}
            request = PublishRequest(
                workflow_key=key,
                definition=body,
                origin=Origin(trigger=Trigger.API),
                project=self.project,
                online=Online.ON,
                schedule=ScheduleChoice.FROM_DEFINITION,
            )
            sync = publish(request, actor=SYSTEM).sync
            assert sync is not None
            run_due()
            sync = Sync.objects.get(pk=sync.pk)
            assert sync.state == SyncState.SUCCEEDED, sync.error_text
        return Hands(self.raw, self.project.code, Workflow.objects.get(key=key).workflow_code or 0)

    def inspect(self) -> InspectionRun:
        run, _ = claim.begin(self.instance, kind=RunKind.COMMAND)
        while inspect_slice(run.pk, 60):
            pass
        run.refresh_from_db()
        assert (run.state, run.error_code, run.left_out) == ("done", "", 0)
        return run


@pytest.fixture
def place(dolphin_311_mysql: RawDolphin, settings) -> Place:
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "BULK_RATE": 0}
    return Place(dolphin_311_mysql)


ACTS: dict[str, tuple[Callable[[Hands], object], LiveState, list[Kind]]] = {
    "script": (lambda h: h.edit("echo mine"), LiveState.NEWER, [Kind.SCHEDULE_OFF, Kind.CONTENT]),
    "settings": (lambda h: h.save(description="mine"), LiveState.NEWER, [Kind.CONTENT]),
    "name": (lambda h: h.rename("another name"), LiveState.NEWER, [Kind.RENAMED]),
    "boxes": (lambda h: h.move_boxes(), LiveState.NEWER, [Kind.LAYOUT]),
    "cron": (lambda h: h.cron("0 0 5 * * ? *"), LiveState.DRIFTED, [Kind.SCHEDULE]),
    "schedule off": (lambda h: h.schedule_off(), LiveState.DRIFTED, [Kind.SCHEDULE_OFF]),
    "offline": (lambda h: h.release("OFFLINE"), LiveState.DRIFTED, [Kind.WORKFLOW_OFF, Kind.SCHEDULE_OFF]),
    "switched": (
        lambda h: h.switch(1),
        LiveState.DRIFTED,
        [Kind.WORKFLOW_OFF, Kind.VERSION_SWITCHED, Kind.CONTENT],
    ),
    "deleted": (lambda h: h.delete(), LiveState.MISSING, [Kind.DELETED]),
    "recreated": (lambda h: (h.delete(), h.recreate("recreated")), LiveState.MISSING, [Kind.RECREATED]),
    "moved": (lambda h: h, LiveState.MISSING, [Kind.MOVED]),
}


def test_every_way_to_change_it_is_found_and_named(place):
    hands = {name: place.publish(name.replace(" ", "-"), "echo 1", "echo 2") for name in (*ACTS, "left alone")}
    other = place.add_project("other")
    assert place.inspect().verdicts == {"in_sync": len(hands)}
    for name, (act, _verdict, _kinds) in ACTS.items():
        act(hands[name])
    moved = {"codes": hands["moved"].code, "targetProjectCode": other.code}
    place.raw.data("POST", f"/projects/{place.project.code}/process-definition/batch-move", **moved)
    run = place.inspect()
    found = {item.workflow.key.replace("-", " "): item for item in DriftItem.objects.standing()}
    assert {name: (item.live_state, item.kinds) for name, item in found.items()} == {
        name: (verdict, kinds) for name, (_act, verdict, kinds) in ACTS.items()
    }
    assert (run.opened, run.read_whole) == (len(ACTS), len(ACTS))
    assert found["moved"].evidence["live"]["moved_to"] == other.code
    assert found["script"].actor_name == "admin" and found["script"].acted_at is not None
    again = place.inspect()
    assert (again.opened, again.closed, again.read_whole) == (0, 0, 0)


def test_two_schedules_are_corrupt_and_the_others_are_still_inspected(place):
    hands, other = place.publish("orders"), place.publish("other")
    place.raw.create_schedule(hands.project, hands.code, "0 0 7 * * ? *")
    other.release("OFFLINE")
    place.inspect()
    assert {item.workflow.key: item.kinds for item in DriftItem.objects.standing()} == {
        "orders": [Kind.CORRUPT],
        "other": [Kind.WORKFLOW_OFF, Kind.SCHEDULE_OFF],
    }


@pytest.mark.parametrize("what", ["workflow", "schedule"])
def test_what_comes_again_after_a_put_back_is_found_again(place, what):
    """Its lists come back to the letter: a release changes neither version nor time of saving."""
    hands = place.publish("orders", "echo 1", "echo 2")
    workflow = Workflow.objects.select_related("project__instance").get(key="orders")

    def off():
        return hands.release("OFFLINE") if what == "workflow" else hands.schedule_off()

    place.inspect()
    off()
    assert place.inspect().opened == 1
    put_back(workflow, actor=SYSTEM, reason="it must run")
    run_due()
    assert DriftItem.objects.get().state == ItemState.PUT_BACK
    off()
    assert place.inspect().opened == 1


def no_findings(place, hands, number):
    for at in range(number):
        NO_OPS[at % len(NO_OPS)](hands)
        run = place.inspect()
        assert run.verdicts == {"in_sync": 1}, NO_OPS[at % len(NO_OPS)].__name__
    assert not DriftItem.objects.exists()


def test_twenty_saves_that_change_nothing(place):
    hands = place.publish("orders")
    no_findings(place, hands, 20)
    hands.save(description="mine")
    place.inspect()
    assert DriftItem.objects.get().state == ItemState.OPEN


@pytest.mark.soak
def test_three_hundred_saves_that_change_nothing(place):
    no_findings(place, place.publish("orders"), int(os.environ.get("SNAPSHOTTER_NO_OPS", "300")))
