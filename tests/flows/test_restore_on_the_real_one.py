"""Deleted in DolphinScheduler, made anew, deleted again: held against raw answers, where only names can be compared.

On the real DolphinScheduler 3.1.1 on MySQL, on 2.0.5, and on the sandbox, which must do the same.
"""

import json

import pytest

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from snapshotter.choices import LiveState, Online, ScheduleChoice, SyncState, Trigger
from snapshotter.lost.rebind import Rebinding, rebind
from snapshotter.lost.restore import restore
from snapshotter.make_snapshot import Origin
from snapshotter.models import FormerCode, Snapshot, Sync, TaskAlias, WorkflowState
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.remade import TASKS, body, delete, shown

pytestmark = pytest.mark.django_db
ROLLBACK = Origin(trigger=Trigger.ROLLBACK)


class Bench:
    """One workflow under governance; what is done to it, and what DolphinScheduler shows of it."""

    def __init__(self, raw: RawDolphin, flavour: str = "3.1") -> None:
        self.raw = raw
        instance = Instance.objects.create(
            name="real", base_url=raw.url, token_encrypted=encrypt(raw.token), flavour=flavour
        )
        self.project = Project.objects.create(
            instance=instance, code=raw.create_project(), name="real", mode=Mode.PUBLISH
        )
        self.codes = dict(zip(TASKS, sorted(raw.task_codes(self.project.code, len(TASKS))), strict=True))

    @property
    def workflow(self) -> Workflow:
        return Workflow.objects.select_related("project__instance", "state").get()

    def publish(self, definition, **options) -> Sync:
        definition.setdefault("definitions", {"settings": {}})["settings"] = {"tenantCode": self.raw.tenant}
        return self._ended(self.accept(definition, **options))

    def accept(self, definition, **options) -> Sync:
        request = PublishRequest(
            workflow_key="orders",
            definition=definition,
            origin=Origin(trigger=Trigger.API),
            project=self.project,
            **options,
        )
        sync = publish(request, actor=SYSTEM).sync
        assert sync is not None
        return sync

    def body(self, script: str, **more):
        own = FormerCode.objects.values_list("code", flat=True).first()
        if own is None and Workflow.objects.exists():
            own = self.workflow.workflow_code
        return body(self.codes, script=script, own=own or 0, **more)

    def delete(self) -> None:
        delete(self.raw, self.project.code, self.workflow.workflow_code)

    def restore(self, version: int, **options) -> Sync:
        snapshot = Snapshot.objects.get(version=version)
        options = {"reason": "deleted by mistake", "origin": ROLLBACK, **options}
        return self._ended(restore(self.workflow, version=snapshot, actor=SYSTEM, **options))

    def shown(self):
        return shown(self.raw, self.project.code, self.workflow.workflow_code)

    def _ended(self, sync: Sync) -> Sync:
        run_due()
        sync = Sync.objects.select_related("snapshot").get(pk=sync.pk)
        assert sync.state == SyncState.SUCCEEDED, (
            sync.state,
            sync.error_code,
            sync.error_text,
            list(sync.steps.values()),
        )
        return sync


@pytest.fixture(
    params=[
        "sandbox",
        pytest.param("dolphin_311_mysql", marks=pytest.mark.dolphin_mysql),
        pytest.param("dolphin_205", marks=pytest.mark.dolphin_old),
    ]
)
def bench(request, db):
    if request.param == "sandbox":
        sandbox = request.getfixturevalue("dolphin")
        return Bench(RawDolphin(sandbox.url, sandbox.token, "hadoop"))
    return Bench(request.getfixturevalue(request.param), "2.0" if request.param == "dolphin_205" else "3.1")


def test_deleted_and_restored_to_any_version(bench):
    schedule = {**SCHEDULE, "releaseState": "ONLINE"}
    held = {}
    bench.publish(bench.body("echo 一", schedule=schedule), online=Online.ON, schedule=ScheduleChoice.FROM_DEFINITION)
    held[1] = bench.shown()
    bench.publish(bench.body("echo 2"))
    held[2] = bench.shown()
    later = {**SCHEDULE, "crontab": "0 30 4 * * ? *", "releaseState": "ONLINE"}
    bench.publish(bench.body("echo 3", schedule=later), schedule=ScheduleChoice.FROM_DEFINITION)
    held[3] = bench.shown()
    hashes = dict(Snapshot.objects.values_list("version", "content_hash"))
    for version in (1, 3, 2):
        former = bench.workflow.workflow_code
        bench.delete()
        sync = bench.restore(version, schedule=ScheduleChoice.FROM_DEFINITION)
        assert bench.shown() == held[version]
        assert sync.snapshot.content_hash == hashes[version] and bench.workflow.workflow_code != former
        state = WorkflowState.objects.get()
        assert (state.live_state, state.published_id, state.lock_id) == (LiveState.IN_SYNC, sync.snapshot_id, None)
        top = f"echo on top of {version}"
        sync = bench.publish(bench.body(top))
        assert bench.shown()["tasks"]["vip"][1]["rawScript"] == f"{top} # vip"
        assert sync.snapshot.change_summary["tasks_modified"] == 5
        tasks = bench.raw.definition(bench.project.code, bench.workflow.workflow_code)["taskDefinitionList"]
        assert not {task["code"] for task in tasks} & set(bench.codes.values())
    assert TaskAlias.objects.count() == len(TASKS) and FormerCode.objects.count() == 3
    assert bench.shown()["schedules"] == [("0 0 3 * * ? *", "ONLINE")]


def test_made_anew_by_hand_and_rebound(bench):
    bench.publish(bench.body("echo 1"))
    bench.publish(bench.body("echo 2"))
    former = bench.workflow.workflow_code
    before = bench.raw.definition(bench.project.code, former)
    bench.delete()
    code = by_hand(bench, before, former)
    sync = bench._ended(rebind(bench.workflow, Rebinding(code=code, dolphin_version=1), actor=SYSTEM, reason="by hand"))
    assert bench.workflow.workflow_code == code
    # Only what a person can't know in advance differs: the new workflow's code, where a task waits for the workflow itself.
    assert sync.snapshot.change_summary["tasks_modified"] == 1
    bench.publish(bench.body("echo 2"))
    assert bench.shown() == {**shown_of(before), "online": "OFFLINE"}


def by_hand(bench, before, former):
    """Create what was there under fresh codes, as a person who exported it would."""
    fresh = bench.raw.task_codes(bench.project.code, len(before["taskDefinitionList"]))
    text = json.dumps({key: before[key] for key in ("taskDefinitionList", "processTaskRelationList")})
    places = before["processDefinition"]["locations"]
    for task, code in zip(before["taskDefinitionList"], fresh, strict=True):
        text, places = (one.replace(str(task["code"]), str(code)) for one in (text, places))
    data = json.loads(text)
    tasks = [{**task, "version": 0} for task in data["taskDefinitionList"]]
    edges = [{**row, "preTaskVersion": 0, "postTaskVersion": 0} for row in data["processTaskRelationList"]]
    definition = before["processDefinition"]
    keys = ("name", "description", "timeout", "executionType")
    form = {key: definition[key] for key in keys if key in definition}  # 2.0.5 has no execution types
    return bench.raw.create(
        bench.project.code,
        {
            **form,
            "tenantCode": bench.raw.tenant,
            "globalParams": definition["globalParams"],
            "locations": places,
            "taskDefinitionJson": json.dumps(tasks, ensure_ascii=False, separators=(",", ":")),
            "taskRelationJson": json.dumps(edges, separators=(",", ":")),
        },
    )


def shown_of(before):
    class Kept:
        def definition(self, project, code):
            return before

        def schedules(self, project, code):
            return []

    return shown(Kept(), 0, before["processDefinition"]["code"])
