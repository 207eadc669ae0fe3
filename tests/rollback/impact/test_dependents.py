"""Who runs a workflow or waits for it, across projects, and what they lose."""

import pytest
from guardian.shortcuts import assign_perm

from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.permissions import VIEW
from catalog.secrets_at_rest import encrypt
from dolphin.sandbox import Sandbox
from rollback.impact import dependents as dependents_module
from rollback.impact.findings import Weight
from snapshotter.aliases import aliases_of
from snapshotter.choices import Online
from snapshotter.derive_lineage import derive_due
from snapshotter.models import ContentLineage, ContentReference, Snapshot
from snapshotter.store import document_of
from tests.rollback.impact.conftest import codes, finding, runs, waits_for, workflow_of
from tests.snapshotter.conftest import bring_back, executor  # noqa: F401  fixtures
from tests.snapshotter.remade import delete


@pytest.fixture
def secret_project(instance, raw):
    """Another project of the same DolphinScheduler, which the viewer may not see."""
    return Project.objects.create(
        instance=instance, code=raw.create_project("secret"), name="secret", mode=Mode.PUBLISH
    )


@pytest.fixture
def target(history):
    return workflow_of("orders")


def test_sub_workflow_and_dependent_are_named_with_their_tasks(target, other, ask, project):
    other("parent", task={**runs(target.workflow_code), "name": "run orders"})
    other("waiting", task={**waits_for(project.code, target.workflow_code), "name": "wait"})
    other("bystander")
    derive_due(60)
    found = ask()
    assert [(row.key, row.kind, row.task, row.project) for row in found.dependents.seen] == [
        ("parent", "sub_workflow", "run orders", "sandbox/warehouse"),
        ("waiting", "dependency", "wait", "sandbox/warehouse"),
    ]
    assert (found.dependents.hidden, found.dependents.more, found.dependents.unread) == (0, 0, 0)
    row = finding(found, "dependents")
    assert (row.weight, row.values) == (Weight.NOTE, {"names": ["parent", "waiting"], "count": 2, "hidden": 0})


def test_taking_it_offline_must_be_agreed_to(target, other, ask):
    other("parent", task=runs(target.workflow_code))
    derive_due(60)
    found = ask(online=Online.OFF)
    assert {"goes_offline", "dependents"} == set(codes(found, Weight.ACKNOWLEDGE))


def test_whom_the_reader_may_not_see_is_counted_and_not_told(target, other, ask, project, secret_project, viewer, root):
    other("hidden_one", task=waits_for(project.code, target.workflow_code), within=secret_project)
    derive_due(60)
    found = ask()
    assert (found.dependents.seen, found.dependents.hidden) == ((), 1)
    assert "hidden_one" not in str(found.as_json()) and "secret" not in str(found.as_json())
    assert "1 more that you may not see" in finding(found, "dependents").text
    assert [row.key for row in ask(reader=root).dependents.seen] == ["hidden_one"]
    assign_perm(VIEW, viewer, secret_project)
    seen = ask(reader=type(viewer).objects.get(pk=viewer.pk)).dependents.seen
    assert [row.key for row in seen] == ["hidden_one"]


def test_what_is_kept_counts_those_of_other_projects_whoever_asks(target, other, ask, project, secret_project, root):
    other("a_hidden_one", task=waits_for(project.code, target.workflow_code), within=secret_project)
    other("near_one", task=waits_for(project.code, target.workflow_code))
    derive_due(60)
    row = finding(ask(reader=root), "dependents")
    assert row.values == {"names": ["a_hidden_one", "near_one"], "count": 2, "hidden": 0}
    assert row.as_json()["values"] == {"names": ["near_one"], "count": 2, "hidden": 1}
    assert "near" not in ask(reader=root).as_json()["dependents"]


def test_of_very_many_what_is_kept_names_its_own_project(
    target, other, ask, project, secret_project, root, monkeypatch
):
    monkeypatch.setattr(dependents_module, "SHOWN", 1)
    for key, within in (("a_hidden_one", secret_project), ("near_one", project), ("near_two", project)):
        other(key, task=waits_for(project.code, target.workflow_code), within=within)
    derive_due(60)
    found = ask(reader=root)
    assert ([row.key for row in found.dependents.seen], found.dependents.more) == (["near_one"], 2)
    kept = finding(found, "dependents").as_json()["values"]
    assert kept == {"names": ["near_one"], "count": 3, "hidden": 1}


def test_one_that_waits_for_a_task_that_goes_must_be_agreed_to(run_publish, make_definition, other, ask, project):
    run_publish(make_definition("echo one", "echo two"))
    body = _with_a_third_task(make_definition("echo one", "echo two"))
    *_, code, added = sorted(body["definitions"]["tasks"])
    run_publish(body)
    orders = workflow_of("orders").workflow_code
    other("picky", task=waits_for(project.code, orders, int(added)))
    other("content", task=waits_for(project.code, orders, int(code)))
    derive_due(60)
    found = ask()
    row = finding(found, "dependent_task_removed")
    assert (row.weight, row.values) == (Weight.ACKNOWLEDGE, {"names": ["picky"], "count": 1, "hidden": 0})
    assert {one.key: one.named_tasks for one in found.dependents.seen} == {
        "picky": ("task 3",),
        "content": ("task 2",),
    }
    assert "dependent_task_removed" not in codes(ask(2))


def test_one_that_waits_for_a_task_that_was_made_anew_and_goes(
    run_publish,
    make_definition,
    other,
    ask,
    project,
    raw,
    bring_back,  # noqa: F811
):
    """After a restore the task has another code in DolphinScheduler, by which others name it."""
    run_publish(make_definition("echo one", "echo two"))
    run_publish(_with_a_third_task(make_definition("echo one", "echo two")))
    delete(raw, project.code, workflow_of("orders").workflow_code)
    sync = bring_back(workflow_of("orders"))
    assert sync.state == "succeeded", sync.error_text
    added = max(document_of(sync.snapshot).tasks)
    code = aliases_of(workflow_of("orders")).present_of(added)
    assert code != added
    other("picky", task=waits_for(project.code, workflow_of("orders").workflow_code, code))
    derive_due(60)
    found = ask()
    row = finding(found, "dependent_task_removed")
    assert (row.weight, row.values) == (Weight.ACKNOWLEDGE, {"names": ["picky"], "count": 1, "hidden": 0})
    assert [one.named_tasks for one in found.dependents.seen] == [("task 3",)]
    assert "dependent_task_removed" not in codes(ask(2))


def _with_a_third_task(body):
    code = max(map(int, body["definitions"]["tasks"]))
    body["definitions"]["tasks"][str(code + 128)] = {**body["definitions"]["tasks"][str(code)], "name": "task 3"}
    body["relations"].append({"preTaskCode": code, "postTaskCode": code + 128})
    return body


def test_only_what_is_published_and_there_depends(target, other, ask):
    other("former", task=runs(target.workflow_code))
    other("former", "echo on its own now")
    other("deleted", task=runs(target.workflow_code))
    Workflow.objects.filter(key="deleted").update(deleted_in_dolphin_at=Snapshot.objects.first().created_at)
    derive_due(60)
    assert ContentReference.objects.count() == 2
    assert ask().dependents.count == 0


def test_the_same_number_in_another_dolphin_is_another_workflow(target, other, ask, root):
    with Sandbox() as elsewhere:
        instance = Instance.objects.create(
            name="elsewhere", base_url=elsewhere.url, token_encrypted=encrypt(elsewhere.token), flavour="3.1"
        )
        away = Project.objects.create(instance=instance, code=elsewhere.project + 1, name="away", mode=Mode.PUBLISH)
        elsewhere.state.projects.append({**elsewhere.state.projects[0], "code": away.code, "name": "away"})
        elsewhere.fault("html", method="GET", path="query-process-definition-list")
        other("stranger", task=runs(target.workflow_code), within=away)
    derive_due(60)
    assert ContentReference.objects.exists()
    assert ask(reader=root).dependents.count == 0


def test_what_nobody_has_read_yet_is_said(target, other, ask):
    other("unread", task=runs(target.workflow_code))
    found = ask()
    assert (found.dependents.unread, finding(found, "dependents_unread").values) == (1, {"count": 1})
    derive_due(60)
    assert ask().dependents.unread == 0
    ContentLineage.objects.update(has_references=None)  # as an upgrade leaves it
    assert ask().dependents.unread == 1
