"""What a task refers to outside its workflow."""

import pytest

from definitions.references import Call, Kind, Reference, calls, references


def task(kind="SHELL", params=None, **more):
    return {"taskType": kind, "taskParams": params or {}, **more}


DEPENDENCE = {"dependTaskList": [{"dependItemList": [{"projectCode": 7, "definitionCode": 8, "depTaskCode": 0}]}]}

HUGE = [2**63, 10**30, str(2**63), "9" * 5_000, "-1", -1, 0, True]  # what no database could be asked for


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (task(), []),
        (task(workerGroup="default", environmentCode=-1), []),
        (task(workerGroup="gpu"), [Reference(Kind.WORKER_GROUP, "gpu")]),
        (task(environmentCode=5), [Reference(Kind.ENVIRONMENT, 5)]),
        (task("SQL", {"type": "MYSQL", "datasource": 3}), [Reference(Kind.DATA_SOURCE, 3, "MYSQL")]),
        (task("SQL", {"type": "MYSQL", "datasource": "3"}), [Reference(Kind.DATA_SOURCE, 3, "MYSQL")]),
        (
            task("DATAX", {"dsType": "MYSQL", "dataSource": 1, "dtType": "HIVE", "dataTarget": 2}),
            [Reference(Kind.DATA_SOURCE, 1, "MYSQL"), Reference(Kind.DATA_SOURCE, 2, "HIVE")],
        ),
        (task("SUB_WORKFLOW", {"workflowDefinitionCode": 9}), [Reference(Kind.SUB_WORKFLOW, 9)]),
        (task("SHELL", {"workflowDefinitionCode": 9}), []),
        (task("DEPENDENT", {"dependence": DEPENDENCE}), [Reference(Kind.DEPENDENCY, 8, 7)]),
        (task("DEPENDENT", {"dependence": None}), []),
        (task("DEPENDENT", {"dependence": {"dependTaskList": [None, {"dependItemList": [3, {}]}]}}), []),
        (task("SQL", {"type": 1, "datasource": True}), []),
        ({"taskType": "SQL", "taskParams": "text"}, []),
        (task(environmentCode=2**63), []),
        (task("SUB_WORKFLOW", {"workflowDefinitionCode": 2**63 - 1}), [Reference(Kind.SUB_WORKFLOW, 2**63 - 1)]),
        *((task("SUB_WORKFLOW", {"workflowDefinitionCode": code}), []) for code in HUGE),
        *((task("SQL", {"type": "MYSQL", "datasource": code}), []) for code in HUGE),
        *(
            (
                task("DEPENDENT", {"dependence": {"dependTaskList": [{"dependItemList": [{"definitionCode": code}]}]}}),
                [],
            )
            for code in HUGE
        ),
    ],
)
def test_references(given, expected):
    assert list(references(given)) == expected


def waits_for(**item):
    return {"dependTaskList": [{"dependItemList": [{"projectCode": 7, "definitionCode": 8, **item}]}]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (task("SUB_WORKFLOW", {"workflowDefinitionCode": 9}), [Call(Kind.SUB_WORKFLOW, 9)]),
        (task("DYNAMIC", {"workflowDefinitionCode": "9"}), [Call(Kind.SUB_WORKFLOW, 9)]),
        (task("DEPENDENT", {"dependence": waits_for(depTaskCode=0)}), [Call(Kind.DEPENDENCY, 8, 7)]),
        (task("DEPENDENT", {"dependence": waits_for(depTaskCode=-1)}), [Call(Kind.DEPENDENCY, 8, 7)]),
        (task("DEPENDENT", {"dependence": waits_for(depTaskCode=5)}), [Call(Kind.DEPENDENCY, 8, 7, 5)]),
        (task("DEPENDENT", {"dependence": waits_for(depTaskCode=5)}, flag="NO"), []),
        (task("SHELL", {"workflowDefinitionCode": 9}), []),
        *(
            (task("DEPENDENT", {"dependence": waits_for(depTaskCode=code)}), [Call(Kind.DEPENDENCY, 8, 7)])
            for code in HUGE
        ),
        *((task("SUB_WORKFLOW", {"workflowDefinitionCode": code}), []) for code in HUGE),
    ],
)
def test_other_workflows_it_runs_or_waits_for(given, expected):
    assert list(calls(given)) == expected
