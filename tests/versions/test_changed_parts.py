from dataclasses import replace

from definitions.compare import Kind, compare
from definitions.document import Document
from versions.changed_parts import changed_tasks, first_of, of_tasks, other_than_tasks


def document(tasks: int, retries: int, timeout: int = 0, edges: int = 0) -> Document:
    return Document(
        name="w",
        settings={"timeout": timeout} if timeout else {},
        tasks={
            code: {"name": f"t{code}", "taskType": "SHELL", "failRetryTimes": retries} for code in range(1, tasks + 1)
        },
        relations=[{"preTaskCode": 0, "postTaskCode": code} for code in range(1, edges + 1)],
        layout={1: {"x": retries, "y": 0}},
    )


COMPARISON = compare(document(30, 0), document(30, 1, timeout=5, edges=20))


def test_changed_tasks_stand_in_the_order_of_their_codes():
    assert changed_tasks(COMPARISON) == list(range(1, 31))


def test_the_changes_of_some_tasks_are_theirs_alone():
    part = of_tasks(COMPARISON, [3, 4, 99])
    assert [change.task for change in part.changes] == [3, 4]


def test_settings_leave_tasks_edges_and_layout_out():
    assert [change.kind for change in other_than_tasks(COMPARISON).changes] == [Kind.SETTING_CHANGED]


def test_the_first_of_each_kind_and_a_count_of_the_rest():
    part = first_of(COMPARISON, 10)
    assert changed_tasks(part.comparison) == list(range(1, 11))
    assert (part.tasks, part.rest) == (20, 12)  # 20 edges, a setting and a moved box, less the ten told
    assert first_of(COMPARISON, 100).comparison == replace(COMPARISON)
