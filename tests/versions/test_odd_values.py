"""What DolphinScheduler is found to hold is taken as it is: a list where a word belongs breaks no page."""

import pytest

from definitions.canonical import canonicalise
from definitions.compare import compare, masked
from definitions.document import Document
from definitions.lineage.lineage import lineage_of
from definitions.references import references
from snapshotter.masking import digest
from versions.changed_parts import other_than_tasks
from versions.graph.graph import graph_of, graphs_of
from versions.settings_diff import schedules, setting_rows
from versions.task_cards import task_cards, tasks_with
from versions.tasks_diff import tasks_diff
from versions.wording.names import task_names, task_types
from versions.wording.sentences import sentences

TASK = {"name": "a", "taskType": "SQL", "taskParams": {"type": "MYSQL", "datasource": 1, "sql": "select 1 from t"}}
SCHEDULE = {
    "crontab": "0 0 1 * * ? *",
    "timezoneId": "UTC",
    "startTime": "2026-01-01 00:00:00",
    "endTime": "2099-01-01 00:00:00",
}
ODD = [["x"], {"a": 1}, 5, None, 2**70, "9" * 5_000]


def document(*, task=None, settings=None, schedule=None):
    given = Document(
        name="w",
        settings=settings or {},
        tasks={1: {**TASK, **(task or {})}, 2: TASK},
        relations=[{"preTaskCode": 0, "postTaskCode": 1}, {"preTaskCode": 1, "postTaskCode": 2}],
        layout={1: {"x": 1, "y": 1}, 2: {"x": 400, "y": 1}},
        schedule={**SCHEDULE, **(schedule or {})},
    )
    return canonicalise(given, check=False).document


def show(left, right):
    """Build all that the tabs of both pages show."""
    plain = compare(left, right)
    comparison = masked(plain, digest=digest)
    assert sentences(comparison, with_layout=True)
    tasks_diff(comparison, names=task_names(left, right), types=task_types(left, right))
    setting_rows(other_than_tasks(comparison))
    schedules(left.schedule, right.schedule)
    graphs_of(left, right, plain)
    for side in (left, right):
        graph_of(side)
        lineage_of(side)
        task_cards(side, tasks_with(side, "a"))
        assert [list(references(task)) for task in side.tasks.values()]


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:9])
@pytest.mark.parametrize(
    "field",
    [
        *(
            "taskType",
            "flag",
            "taskPriority",
            "workerGroup",
            "environmentCode",
            "timeoutFlag",
            "timeout",
            "description",
        ),
        *(
            "timeoutNotifyStrategy",
            "failRetryTimes",
            "delayTime",
            "taskGroupId",
            "isCache",
            "taskExecuteType",
            "cpuQuota",
        ),
    ],
)
def test_of_a_task(field, value):
    changed, usual = document(task={field: value}), document(task={"description": "usual"})
    show(usual, changed)
    show(changed, usual)


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:9])
@pytest.mark.parametrize("field", ["globalParams", "timeout", "executionType", "tenantCode", "flag", "description"])
def test_of_the_settings(field, value):
    changed, usual = document(settings={field: value}), document(settings={"note": "usual"})
    show(usual, changed)
    show(changed, usual)


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:9])
@pytest.mark.parametrize(
    "field",
    ["warningType", "warningGroupId", "failureStrategy", "workflowInstancePriority", "environmentCode", "tenantCode"],
)
def test_of_the_schedule(field, value):
    changed, usual = document(schedule={field: value}), document(schedule={"note": "usual"})
    show(usual, changed)
    show(changed, usual)
