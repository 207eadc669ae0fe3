"""The product's client against any DolphinScheduler: flavour, reading, writing, and the shape of its errors."""

import pytest

from definitions.canonical import canonicalise, from_c1
from definitions.compare import compare
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected, DolphinUnauthorized
from dolphin.forms import definition_form
from dolphin.observe import observe, observe_again
from dolphin.perform import perform
from dolphin.plan import Action, Step
from tests.definitions.documents import SCHEDULE, c1


@pytest.fixture
def document(server):
    codes = server.client.task_codes(server.project, 3)
    settings = {
        "tenantCode": server.raw.tenant,
        "globalParams": [{"prop": "dt", "direct": "IN", "type": "VARCHAR", "value": "1"}],
    }
    body = c1(
        dict(zip(codes, ("echo 甲", "echo b", "echo c"), strict=True)), name="每日 <b>daily</b>", schedule=SCHEDULE
    )
    body["definitions"]["settings"] = {} if server.is_old else settings
    body["layout"] = {str(codes[0]): {"x": 10, "y": 20}}
    return canonicalise(from_c1(body)).document


def act(server, live, action, document):
    return perform(server.client, server.project, Step(action, "test"), observation=live, target=document)


def test_the_flavour_is_told_apart(server):
    found = server.client.detect()
    assert found.flavour.name == ("2.0" if server.is_old else "3.1")
    assert found.flavour.proven
    assert server.client.user()["name"] == "admin"
    assert server.project in {row["code"] for row in server.client.projects()}


def test_a_wrong_token_is_unauthorized(server):
    with DolphinClient(server.raw.url, "wrong") as client, pytest.raises(DolphinUnauthorized):
        client.user()


def test_what_is_written_is_read_back_equal(server, document):
    code = server.client.create(server.project, definition_form(document, flavour=server.client.flavour, live=None))
    live = observe(server.client, server.project, code)
    shown = live.canonical
    assert [c for c in compare(document, shown.document).changes if not c.kind.startswith("schedule")] == []
    assert (live.state.online, live.state.schedule, live.problems) == (False, None, [])
    first = min(document.tasks)
    document.tasks[first]["taskParams"]["rawScript"] = "echo changed"
    act(server, live, Action.WRITE, document)
    again = observe(server.client, server.project, code)
    assert again.canonical.document.tasks == document.tasks
    versions = {row["code"]: row["version"] for row in again.raw["taskDefinitionList"]}
    assert versions == {task: 2 if task == first else 1 for task in document.tasks}


def test_every_step_has_its_effect(server, document):
    code = server.client.create(server.project, definition_form(document, flavour=server.client.flavour, live=None))
    live = observe(server.client, server.project, code)
    seen = []
    for action in (
        *(Action.PUT_ONLINE, Action.CREATE_SCHEDULE, Action.PUT_SCHEDULE_ONLINE, Action.TAKE_SCHEDULE_OFFLINE),
        *(Action.UPDATE_SCHEDULE, Action.PUT_SCHEDULE_ONLINE, Action.TAKE_OFFLINE, Action.DELETE_SCHEDULE),
    ):
        act(server, live, action, document)
        live = observe_again(server.client, server.project, live)
        seen.append((live.state.online, live.state.schedule.online if live.state.schedule else None))
    assert seen == [
        *((True, None), (True, False), (True, True), (True, False)),
        *((True, False), (True, True), (False, False), (False, None)),
    ]


def test_a_schedule_is_read_back_equal(server, document):
    code = server.client.create(server.project, definition_form(document, flavour=server.client.flavour, live=None))
    live = observe(server.client, server.project, code)
    act(server, live, Action.PUT_ONLINE, document)
    act(server, live, Action.CREATE_SCHEDULE, document)
    live = observe(server.client, server.project, code)
    assert live.canonical.document.schedule == document.schedule
    assert live.canonical.schedule_hash == canonicalise(document).schedule_hash


def test_a_missing_workflow_is_none_and_a_taken_name_is_rejected(server, document):
    form = definition_form(document, flavour=server.client.flavour, live=None)
    code = server.client.create(server.project, form)
    assert server.client.definition(server.project, 12345) is None
    assert server.client.find_by_name(server.project, document.name) == code
    with pytest.raises(DolphinRejected) as caught:
        server.client.create(server.project, form)
    assert caught.value.dolphin_code == 10168
    assert code in {row["code"] for row in server.client.version_probe(server.project)}


def test_a_removed_task_comes_back_with_its_highest_version(server, document):
    form = definition_form(document, flavour=server.client.flavour, live=None)
    code = server.client.create(server.project, form)
    removed = max(document.tasks)
    smaller = canonicalise(
        from_c1(c1({task: "echo" for task in document.tasks if task != removed}, name=document.name))
    ).document
    act(server, observe(server.client, server.project, code), Action.WRITE, smaller)
    act(server, observe(server.client, server.project, code), Action.WRITE, document)
    live = observe(server.client, server.project, code)
    assert live.canonical.document.tasks == document.tasks
    assert live.problems == []
