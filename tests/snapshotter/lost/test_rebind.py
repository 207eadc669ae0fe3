"""Somebody made the workflow anew by hand, or moved it: a person binds the key to what DolphinScheduler has."""

import json

import pytest
from guardian.shortcuts import assign_perm

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.clients import client_for
from catalog.errors import InvalidRequest, NotAllowed
from catalog.models import Project, Workflow
from definitions.document import Document
from snapshotter.capture import govern
from snapshotter.choices import LiveState, SyncState
from snapshotter.errors import AlreadyBound, NameGoverned, NotRebindable, StateConflict, WorkflowLocked
from snapshotter.lost.candidates import find, matches
from snapshotter.lost.rebind import Rebinding, rebind
from snapshotter.lost.restore import EXECUTE
from snapshotter.models import FormerCode, Snapshot, Sync, TaskAlias, WorkflowState
from snapshotter.work import run_due
from tests.definitions.documents import c1
from tests.snapshotter.conftest import platform_form
from tests.snapshotter.remade import delete


@pytest.fixture
def orders(run_publish, make_definition):
    """A workflow of three tasks, published twice."""
    run_publish(make_definition("echo a"))
    run_publish(make_definition("echo b"))
    return Workflow.objects.select_related("project__instance").get()


@pytest.fixture
def by_hand(orders, raw, project):
    """Delete it and make it anew as a person would, one task changed; return the new code."""

    def make(*more, name="orders_daily"):
        delete(raw, project.code, orders.workflow_code)
        scripts = ["echo b", "echo changed", "echo c", *more]
        fresh = raw.task_codes(project.code, len(scripts))
        form = platform_form(raw, c1(dict(zip(fresh, scripts, strict=True)), name=name))
        names = {code: f"task {at}" for at, code in enumerate(fresh)}
        return raw.create(project.code, named(form, names))

    return make


def named(form, names):
    tasks = [{**task, "name": names[task["code"]]} for task in json.loads(form["taskDefinitionJson"])]
    return {**form, "taskDefinitionJson": json.dumps(tasks)}


@pytest.fixture
def bind(executor):
    def act(workflow, code, *, actor=executor, reason="made anew by hand", **asked):
        workflow = Workflow.objects.select_related("project__instance").get(pk=workflow.pk)
        sync = rebind(workflow, Rebinding(code=code, **asked), actor=actor, reason=reason)
        run_due()
        return Sync.objects.select_related("snapshot", "workflow__state").get(pk=sync.pk)

    return act


def candidates(workflow):
    with client_for(workflow.project.instance) as client:
        return find(client, workflow)


def test_what_was_made_by_hand_is_found_and_compared(orders, by_hand):
    assert candidates(orders).place == orders.project
    code = by_hand("echo more")
    found = candidates(orders)
    (one,) = found.candidates
    assert (found.place, one.code, one.same, one.added, one.missing) == (
        *(None, code, ("task 0", "task 1", "task 2"), ("task 3",), ()),
    )
    assert one.changes >= 3, "a task changed, a task and its edge more, and edges that a person drew otherwise"


def test_a_rebound_workflow_goes_on_with_its_tasks_history(orders, by_hand, bind, run_publish, make_definition):
    former, code = orders.workflow_code, by_hand()
    sync = bind(orders, code, dolphin_version=1)
    assert sync.state == SyncState.SUCCEEDED, sync.error_text
    workflow = sync.workflow
    assert (workflow.workflow_code, workflow.key, workflow.deleted_in_dolphin_at) == (code, "orders", None)
    assert workflow.state.live_state == LiveState.IN_SYNC
    assert sync.snapshot.change_summary["tasks_modified"] == 1 and sync.snapshot.change_summary["tasks_added"] == 0
    assert FormerCode.objects.get().code == former and TaskAlias.objects.count() == 3
    entry = AuditEntry.objects.get(event="workflow.rebound")
    assert entry.reason == "made anew by hand"
    again = run_publish(make_definition("echo b"))
    assert again.state == SyncState.SUCCEEDED, again.error_text
    assert again.snapshot.content_hash == Snapshot.objects.get(version=2).content_hash


def test_what_is_there_is_not_rebound(orders, bind, raw, project):
    other = raw.create(project.code, raw.form("other", {raw.task_codes(project.code, 1)[0]: "echo"}))
    with pytest.raises(NotRebindable):
        bind(orders, other)
    assert not Sync.objects.filter(kind="capture").exists()


def test_one_that_was_moved_is_told_and_bound_to_its_project(orders, bind, dolphin, raw, project, publisher):
    other = Project.objects.create(
        instance=project.instance, code=raw.create_project(), name="elsewhere", mode=Mode.PUBLISH
    )
    dolphin.state.definitions[orders.workflow_code][0]["projectCode"] = other.code
    assert candidates(orders).place == other
    with pytest.raises(NotAllowed):
        bind(orders, orders.workflow_code, project=_visible(other, publisher))
    assign_perm(EXECUTE, publisher, other)
    publisher = type(publisher).objects.get(pk=publisher.pk)
    with pytest.raises(NotRebindable):
        bind(orders, orders.workflow_code, actor=publisher)
    sync = bind(orders, orders.workflow_code, project=other, actor=publisher)
    assert sync.state == SyncState.SUCCEEDED and sync.workflow.project == other
    assert not FormerCode.objects.exists()


def _visible(project, person):
    assign_perm("catalog.view_project", person, project)
    return project


def test_refusals(orders, by_hand, bind, viewer, run_publish, raw, project):
    code = by_hand()
    with pytest.raises(InvalidRequest):
        bind(orders, code, reason=" ")
    with pytest.raises(NotAllowed):
        bind(orders, code, actor=viewer)
    with pytest.raises(StateConflict):
        bind(orders, code, dolphin_version=7)
    with pytest.raises(NotRebindable):
        bind(orders, 4711)
    assert AuditEntry.objects.filter(event="rebind.refused").count() == 1
    task = raw.task_codes(project.code, 1)[0]
    taken = run_publish(c1({task: "echo"}, name="another"), key="another").workflow.workflow_code
    with pytest.raises(AlreadyBound):
        bind(orders, taken)
    assert candidates(orders).candidates[0].code == code, "nothing was kept"
    assert not FormerCode.objects.exists()


def test_secrets_in_why_are_kept_nowhere(orders, by_hand, bind):
    sync = bind(orders, by_hand(), reason="PASSWORD=hunter2 was wrong")
    assert AuditEntry.objects.get(event="workflow.rebound").reason.endswith("was wrong")
    assert "hunter2" not in str([*AuditEntry.objects.values_list("reason", "additional_data"), sync.snapshot.message])


def test_not_while_a_change_runs(orders, by_hand, request_publish, make_definition):
    code = by_hand()
    request_publish(make_definition("echo later"))
    with pytest.raises(WorkflowLocked):
        rebind(orders, Rebinding(code=code), actor=SYSTEM, reason="x")
    assert WorkflowState.objects.get().workflow.workflow_code == orders.workflow_code


def test_no_second_key_is_made_for_a_workflow_that_was_made_anew(orders, by_hand, project, publisher):
    code = by_hand()
    with pytest.raises(NameGoverned) as refused:
        govern(project, workflow_code=code, name="orders_daily", actor=publisher)
    assert refused.value.extra == {"key": "orders"}
    assert govern(project, workflow_code=code, name="orders_daily", actor=publisher, key="orders-2").key == "orders-2"


def test_a_name_that_stands_twice_tells_nothing():
    def document(*tasks):
        return Document("w", {}, {code: {"name": name, "taskType": kind} for code, name, kind in tasks}, [])

    held = document((1, "a", "SHELL"), (2, "b", "SHELL"), (3, "b", "SHELL"), (4, "c", "SQL"), (5, "d", "SHELL"))
    shown = document((11, "a", "SHELL"), (12, "b", "SHELL"), (14, "c", "SHELL"), (5, "renamed", "SHELL"))
    assert matches(shown, held) == {11: 1, 5: 5}
