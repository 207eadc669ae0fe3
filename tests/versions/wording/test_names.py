"""Names of what is referred to, never of what the reader may not see."""

import pytest

from catalog.models import Project, Workflow
from definitions.compare import Change, Comparison, Kind
from tests.versions.wording.test_sentences import document
from versions.wording.names import names_for

CHANGED = Comparison(
    (
        Change(Kind.TASK_MODIFIED, 1, "t", "taskParams.workflowDefinitionCode", 71, 72),
        Change(
            Kind.TASK_MODIFIED,
            2,
            "u",
            "taskParams.dependence.dependTaskList",
            [],
            [{"dependItemList": [{"definitionCode": 73}]}],
        ),
        Change(Kind.TASK_MODIFIED, 2, "u", "failRetryTimes", 74, 75),
    )
)


@pytest.fixture
def workflows(project):
    other = Project.objects.create(instance=project.instance, code=99, name="private", mode="off")
    for code, place in ((71, project), (73, project), (74, project), (72, other)):
        Workflow.objects.create(key=f"w{code}", project=place, workflow_code=code, name=f"workflow {code}")


def test_tasks_and_workflows_by_code(workflows, viewer):
    names = names_for(CHANGED, document(), document(tasks={2: {"name": "new"}}), reader=viewer)
    assert names == {1: "task 0", 2: "new", 71: "workflow 71", 73: "workflow 73"}


def test_nothing_is_looked_up_where_nothing_is_referred_to(project, viewer, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert names_for(Comparison(CHANGED.changes[2:]), document(), reader=viewer) == {1: "task 0", 2: "task 1"}
