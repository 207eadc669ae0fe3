"""Who names a workflow by a code it has no more."""

from definitions.references import Kind
from snapshotter.lost import references_to as module
from snapshotter.lost.references_to import former_codes, references_to
from snapshotter.models import Snapshot
from tests.definitions.documents import c1
from tests.snapshotter.remade import delete


def naming(raw, project, code):
    run, wait = raw.task_codes(project.code, 2)
    definition = c1({run: "", wait: ""}, name="the others")
    tasks = definition["definitions"]["tasks"]
    tasks[str(run)] |= {"taskType": "SUB_WORKFLOW", "taskParams": {"workflowDefinitionCode": code}}
    item = {"projectCode": project.code, "definitionCode": code, "depTaskCode": 0}
    dependence = {"dependTaskList": [{"dependItemList": [item]}]}
    tasks[str(wait)] |= {"taskType": "DEPENDENT", "taskParams": {"dependence": dependence}}
    return definition


def test_others_that_run_it_or_wait_for_it_are_named(linked, run_publish, bring_back, raw, project):
    former = linked.workflow_code
    assert run_publish(naming(raw, project, former), key="others").error_code == ""
    assert former_codes(linked, is_gone=False) == frozenset()
    delete(raw, project.code, former)
    assert former_codes(linked, is_gone=True) == {former}
    sync = bring_back(linked)
    assert sync.result["named_by"] == [
        {"workflow": "others", "task": "task 0", "kind": "sub_workflow"},
        {"workflow": "others", "task": "task 1", "kind": "dependency"},
    ]
    anew = sync.workflow
    names = references_to(anew, former_codes(anew, is_gone=False))
    assert names.is_whole
    assert [(one.workflow.key, one.task, one.kind, one.code) for one in names.found] == [
        ("others", "task 0", Kind.SUB_WORKFLOW, former),
        ("others", "task 1", Kind.DEPENDENCY, former),
    ]
    assert Snapshot.objects.for_workflow(anew).count() == 3


def test_it_says_when_it_has_not_looked_at_all(linked, run_publish, raw, project, monkeypatch):
    run_publish(naming(raw, project, linked.workflow_code), key="others")
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 0)
    names = references_to(linked, frozenset({linked.workflow_code}))
    assert (names.found, names.is_whole) == ((), False)
