"""A workflow that was deleted in DolphinScheduler comes back: another code there, fresh codes for its tasks, the same versions here."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from catalog.models import Project, Workflow
from catalog.permissions import OVERRIDE_FREEZE
from dolphin.sandbox import routes, schedules, workflows
from dolphin.sandbox.answers import Refused
from snapshotter.capture import capture
from snapshotter.choices import LiveState, Online, ScheduleChoice, Status, SyncState, Trigger
from snapshotter.errors import NotRestorable, StateConflict, WorkflowLocked
from snapshotter.guards import Guards
from snapshotter.lost import restore as module
from snapshotter.lost.restore import restore
from snapshotter.make_snapshot import Origin
from snapshotter.models import FormerCode, FreezeWindow, Snapshot, Sync, TaskAlias, WorkflowState
from snapshotter.put_back import put_back
from snapshotter.work import run_due
from tests.snapshotter.remade import TASKS, body, delete, shown
from versions.live import live_of

ORIGIN = Origin(trigger=Trigger.ROLLBACK)


@pytest.fixture
def refuse(monkeypatch, dolphin):
    """Let DolphinScheduler refuse one kind of call for a while; all else goes through."""

    def no(request):
        raise Refused(10000, "internal")

    @contextmanager
    def refusing(module, endpoint):
        with monkeypatch.context() as patch:
            patch.setattr(module, endpoint, no)
            patch.setattr(dolphin, "routes", routes.routes(dolphin.dialect))
            yield

    return refusing


def test_it_comes_back_as_it_was(linked, bring_back, raw, project):
    former = linked.workflow_code
    before = shown(raw, project.code, former)
    published = Snapshot.objects.get(version=2)
    delete(raw, project.code, former)
    sync = bring_back(linked)
    assert sync.state == SyncState.SUCCEEDED, sync.error_text
    anew = sync.workflow
    assert anew.workflow_code != former and anew.key == "orders" and anew.deleted_in_dolphin_at is None
    assert shown(raw, project.code, anew.workflow_code) == before
    assert before["tasks"]["yesterday"][1]["dependence"]["dependTaskList"][0]["dependItemList"][0] == {
        **{"definitionCode": "itself", "depTaskCode": "report", "cycle": "day", "dateValue": "last1Days"}
    }
    snapshot = sync.snapshot
    assert (snapshot.version, snapshot.status, snapshot.rollback_of) == (3, Status.PUBLISHED, published)
    assert (snapshot.content_hash, snapshot.layout_hash) == (published.content_hash, published.layout_hash)
    assert snapshot.workflow_code == anew.workflow_code and snapshot.change_summary.get("tasks_modified", 0) == 0
    state = anew.state
    assert (state.published, state.live_state, state.lock) == (snapshot, LiveState.IN_SYNC, None)
    assert list(FormerCode.objects.values_list("code", flat=True)) == [former]


def test_every_task_has_a_code_that_dolphinscheduler_has_never_seen(linked, bring_back, raw, project, linked_codes):
    delete(raw, project.code, linked.workflow_code)
    sync = bring_back(linked)
    data = raw.definition(project.code, sync.workflow.workflow_code)
    now = {task["name"]: task["code"] for task in data["taskDefinitionList"]}
    assert not set(now.values()) & set(linked_codes.values())
    assert {(linked_codes[name], code) for name, code in now.items()} == set(
        TaskAlias.objects.values_list("origin_code", "code")
    )
    assert {task["version"] for task in data["taskDefinitionList"]} <= {1, 2}


def test_all_goes_on_afterwards(linked, bring_back, run_publish, raw, project, linked_codes):
    """Publish on top in both forms, put somebody's edit among it, capture, compare with live."""
    delete(raw, project.code, linked.workflow_code)
    code = bring_back(linked, 1).workflow.workflow_code
    assert live_of(_again(linked)).canonical.content_hash == Snapshot.objects.get(version=1).content_hash
    own = FormerCode.objects.get().code
    sync = run_publish(body(linked_codes, script="echo c", own=own))
    assert sync.state == SyncState.SUCCEEDED, sync.error_text
    assert sync.snapshot.change_summary["tasks_added"] == 1
    assert shown(raw, project.code, code)["tasks"]["yesterday"][1]["dependence"]["dependTaskList"] == [
        {
            "relation": "AND",
            "dependItemList": [
                {"definitionCode": "itself", "depTaskCode": "report", "cycle": "day", "dateValue": "last1Days"}
            ],
        }
    ]
    data = raw.definition(project.code, code)
    for task in data["taskDefinitionList"]:
        if task["name"] == "vip":
            task["taskParams"]["rawScript"] = "echo by the platform"
    sync = run_publish(data)
    assert sync.state == SyncState.SUCCEEDED, sync.error_text
    assert sync.snapshot.change_summary["tasks_modified"] == 1
    raw.edit(project.code, code, "echo by hand", online=True)
    captured = capture(_again(linked), origin=Origin(trigger=Trigger.CAPTURE), actor=sync.actor)
    run_due()
    assert Sync.objects.get(pk=captured.pk).snapshot.change_summary["tasks_modified"] == 1


def test_it_may_be_deleted_and_restored_again(linked, bring_back, raw, project, linked_codes):
    first = shown(raw, project.code, linked.workflow_code)
    for number in (1, 2, 2):
        delete(raw, project.code, _again(linked).workflow_code)
        sync = bring_back(linked, number, schedule=ScheduleChoice.FROM_DEFINITION)
        assert sync.state == SyncState.SUCCEEDED, sync.error_text
        assert sync.snapshot.content_hash == Snapshot.objects.get(version=number).content_hash
    assert shown(raw, project.code, sync.workflow.workflow_code) == first
    assert FormerCode.objects.count() == 3
    assert TaskAlias.objects.count() == len(TASKS)
    assert set(TaskAlias.objects.values_list("origin_code", flat=True)) == set(linked_codes.values())


@pytest.mark.parametrize(
    ("online", "schedule", "expected"),
    [
        (Online.KEEP, ScheduleChoice.KEEP, ("ONLINE", "ONLINE")),
        (Online.KEEP, ScheduleChoice.OFF, ("ONLINE", "OFFLINE")),
        (Online.OFF, ScheduleChoice.KEEP, ("OFFLINE", "OFFLINE")),
    ],
)
def test_release_states_as_chosen(linked, bring_back, raw, project, online, schedule, expected):
    delete(raw, project.code, linked.workflow_code)
    sync = bring_back(linked, online=online, schedule=schedule)
    found = shown(raw, project.code, sync.workflow.workflow_code)
    assert (found["online"], found["schedules"][0][1]) == expected


def test_what_is_there_is_not_made_twice(linked, bring_back):
    sync = bring_back(linked)
    assert (sync.state, sync.error_code, sync.snapshot.live_effect) == (
        SyncState.FAILED,
        "still_in_dolphin",
        "untouched",
    )
    assert not sync.steps.filter(is_write=True).exists()


def test_what_was_moved_to_another_project_is_told(linked, bring_back, dolphin, raw, project):
    other = Project.objects.create(
        instance=project.instance, code=raw.create_project(), name="elsewhere", mode=Mode.RECORD
    )
    dolphin.state.definitions[linked.workflow_code][0]["projectCode"] = other.code
    sync = bring_back(linked)
    assert sync.error_code == "moved_in_dolphin" and "in another project" in sync.error_text
    told = [sync.error_text, *AuditEntry.objects.values_list("reason", flat=True)]
    assert not [text for text in told if "elsewhere" in text], "who sees this project may not see that one"


def test_secrets_in_why_are_kept_nowhere(linked, bring_back, raw, project, executor):
    assign_perm(OVERRIDE_FREEZE, executor, project)
    FreezeWindow.objects.create(
        project=project, reason="year end", starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1)
    )
    delete(raw, project.code, linked.workflow_code)
    why = {"reason": "PASSWORD=hunter2 was wrong", "override_freeze": "with PASSWORD=hunter2"}
    sync = bring_back(linked, actor=_fresh(executor), **why)
    assert sync.state == SyncState.SUCCEEDED, sync.error_text
    assert AuditEntry.objects.get(event="restore.accepted").reason.endswith("was wrong")
    assert AuditEntry.objects.filter(event="freeze.overridden").exists()
    kept = [*AuditEntry.objects.values_list("reason", "additional_data"), sync.options, sync.snapshot.message]
    assert "hunter2" not in str(kept)


def test_a_name_that_is_taken_stops_it_before_anything_is_written(linked, bring_back, raw, project):
    delete(raw, project.code, linked.workflow_code)
    raw.create(project.code, raw.form("orders_daily", {raw.task_codes(project.code, 1)[0]: "echo"}))
    sync = bring_back(linked)
    assert (sync.state, sync.error_code) == (SyncState.FAILED, "preflight")
    assert "rebind" in sync.error_text.casefold()
    assert Workflow.objects.get().workflow_code == linked.workflow_code and not FormerCode.objects.exists()


def test_one_that_fails_after_its_create_stays_offline_and_goes_on(linked, bring_back, raw, project, refuse, publisher):
    """DolphinScheduler refuses the schedule: what was created is bound, offline, and putting back ends what the restore began."""
    former = linked.workflow_code
    delete(raw, project.code, former)
    with refuse(schedules, "create"):
        sync = bring_back(linked)
    assert (sync.state, sync.snapshot.live_effect) == (SyncState.FAILED, "new_content_live"), sync.error_text
    anew = _again(linked)
    found = shown(raw, project.code, anew.workflow_code)
    assert (found["online"], found["schedules"], found["rows"]) == ("OFFLINE", [], len(TASKS))
    state = WorkflowState.objects.get()
    assert anew.workflow_code != former and anew.deleted_in_dolphin_at is None
    assert (state.live_state, state.lock) == (LiveState.CANNOT_COMPARE, None)
    again = put_back(anew, actor=publisher, reason="go on")
    run_due()
    assert Sync.objects.get(pk=again.pk).state == SyncState.SUCCEEDED
    found = shown(raw, project.code, anew.workflow_code)
    assert (found["online"], found["schedules"][0][1]) == ("ONLINE", "ONLINE")


def test_one_that_fails_at_its_create_leaves_all_as_it_was(linked, bring_back, raw, project, refuse):
    former = linked.workflow_code
    delete(raw, project.code, former)
    with refuse(workflows, "create"):
        sync = bring_back(linked)
    assert (sync.state, sync.snapshot.live_effect) == (SyncState.FAILED, "untouched"), sync.error_text
    assert _again(linked).workflow_code == former and not TaskAlias.objects.exists()
    assert bring_back(linked, 2).state == SyncState.SUCCEEDED


def test_one_that_can_not_name_itself_stays_offline(linked, bring_back, raw, project, refuse):
    """The update right after the create is refused: the created one is known as ours, stays, and the next publish mends it."""
    delete(raw, project.code, linked.workflow_code)
    with refuse(workflows, "update"):
        sync = bring_back(linked)
    assert (sync.state, sync.snapshot.live_effect) == (SyncState.FAILED, "new_content_live"), sync.error_text
    assert shown(raw, project.code, _again(linked).workflow_code)["online"] == "OFFLINE"


def test_refusals(linked, bring_back, outsider, viewer, project):
    with pytest.raises(InvalidRequest):
        bring_back(linked, reason=" ")
    with pytest.raises(NotAllowed):
        bring_back(linked, actor=viewer)
    with pytest.raises(NotFound):
        bring_back(linked, actor=outsider)
    assert AuditEntry.objects.filter(event="restore.refused").count() == 2
    Snapshot.objects.filter(version=1).update(status=Status.FAILED)
    with pytest.raises(NotRestorable):
        bring_back(linked, 1)
    assert Snapshot.objects.count() == 2 and WorkflowState.objects.get().lock is None


def test_an_app_above_may_ask_for_more(linked, executor, monkeypatch):
    """Such as for an approval: then the restore is begun by its request, which queues it itself."""

    def refuse(workflow, version, actor):
        raise Conflict("ask for it first")

    monkeypatch.setattr(module, "GUARDS", Guards(module.REFUSED))
    module.GUARDS.add(refuse)
    version = Snapshot.objects.get(version=2)
    with pytest.raises(Conflict, match="ask for it first"):
        restore(linked, version=version, actor=executor, reason="why", origin=ORIGIN)
    assert AuditEntry.objects.filter(event="restore.refused").count() == 1
    order = module.Order(version=version, origin=ORIGIN)
    with transaction.atomic():
        sync = module.accept_restore(linked, order, actor=executor, reason="approved")
    assert sync.snapshot.rollback_of == version


def test_one_at_a_time(linked, executor):
    version = Snapshot.objects.get(version=2)
    restore(linked, version=version, actor=executor, reason="why", origin=ORIGIN)
    with pytest.raises(WorkflowLocked):
        restore(linked, version=version, actor=executor, reason="why", origin=ORIGIN)
    assert AuditEntry.objects.filter(event="restore.accepted").count() == 1


def test_one_that_was_bound_anew_meanwhile_is_looked_at_again(linked, executor):
    version = Snapshot.objects.get(version=2)
    Workflow.objects.update(workflow_code=4711)
    with pytest.raises(StateConflict):
        restore(linked, version=version, actor=executor, reason="why", origin=ORIGIN)
    assert WorkflowState.objects.get().lock is None


def _fresh(person):
    """With the rights they have now."""
    return type(person).objects.get(pk=person.pk)


def _again(workflow):
    return Workflow.objects.select_related("project__instance").get(pk=workflow.pk)
