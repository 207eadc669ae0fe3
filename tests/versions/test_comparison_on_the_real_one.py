"""Differences between a version and what a real DolphinScheduler holds, read through the API after edits made there."""

import json

import pytest

from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from definitions.apply import apply
from definitions.compare import from_json
from snapshotter.work import run_due
from tests.definitions.documents import c1
from versions.comparison import side

pytestmark = [pytest.mark.django_db]


@pytest.fixture(
    params=[
        pytest.param("dolphin_311", marks=pytest.mark.dolphin),
        pytest.param("dolphin_311_mysql", marks=pytest.mark.dolphin_mysql),
    ]
)
def raw(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def instance(raw):
    return Instance.objects.create(name="real", base_url=raw.url, token_encrypted=encrypt(raw.token), flavour="3.1")


@pytest.fixture
def project(instance, raw):
    code = raw.create_project()
    return Project.objects.create(instance=instance, code=code, name=f"differences {code}", mode=Mode.PUBLISH)


def test_an_edit_made_there_is_the_only_difference(api, raw, project):
    codes = raw.task_codes(project.code, 2)
    body = c1(
        {codes[0]: "export PASSWORD=hunter2\necho a", codes[1]: "echo b"}, layout={str(codes[0]): {"x": 1, "y": 1}}
    )
    body["definitions"]["settings"] = {"tenantCode": raw.tenant}
    answer = api(
        "post", "workflows/orders/publish", body={"project": project.code, "definition": body, "message": "why"}
    )
    assert answer.status_code == 202, answer.content
    run_due()
    equal = api("get", "workflows/orders/diff").json()
    assert (equal["identical"], equal["changes"]) == (True, []), equal

    workflow = Workflow.objects.get(key="orders")
    shown = raw.definition(project.code, workflow.workflow_code)
    task = next(task for task in shown["taskDefinitionList"] if task["code"] == codes[1])
    task = {**task, "taskParams": {**_json(task["taskParams"]), "rawScript": "echo B"}, "failRetryTimes": 2}
    raw.data("PUT", f"/projects/{project.code}/task-definition/{codes[1]}", taskDefinitionJsonObj=json.dumps(task))

    said = api("get", "workflows/orders/diff?layout=true").json()
    assert [(change["kind"], change["task"], change["field"]) for change in said["changes"]] == [
        ("task_modified", codes[1], "failRetryTimes"),
        ("task_modified", codes[1], "taskParams.rawScript"),
    ]
    published, live = side(workflow, "published"), side(workflow, "live")
    assert apply(from_json(said), published.document) == live.document
    for format in ("markdown", "jsondiff", "unified"):
        text = api("get", f"workflows/orders/diff?format={format}").content.decode()
        assert "echo B" in text
        assert "hunter2" not in text


def _json(value):
    return json.loads(value) if isinstance(value, str) else value
