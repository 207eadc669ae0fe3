"""Restore and rebind by the API."""

import pytest
from guardian.shortcuts import assign_perm

from catalog.choices import Mode
from catalog.models import Project, Workflow
from catalog.permissions import VIEW
from snapshotter.lost.restore import EXECUTE
from snapshotter.models import Snapshot, Sync
from snapshotter.work import run_due
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.remade import delete


@pytest.fixture
def raw(dolphin):
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def orders(api, good_body, publisher, project):
    assign_perm(EXECUTE, publisher, project)
    api("post", "workflows/orders/publish", body=good_body)
    run_due()
    return Workflow.objects.get()


def test_a_deleted_one_is_restored(api, orders, raw, project):
    delete(raw, project.code, orders.workflow_code)
    said = api("post", "workflows/orders/restore", body={"reason": "by mistake", "online": "on"})
    assert said.status_code == 202, said.json()
    assert said.json()["snapshot"]["trigger"] == "rollback"
    run_due()
    sync = api("get", f"syncs/{said.json()['sync']['id']}").json()
    assert (sync["state"], sync["version"]) == ("succeeded", 2)
    (row,) = raw.data("GET", f"/projects/{project.code}/process-definition/simple-list")
    assert row["code"] == Workflow.objects.get().workflow_code != orders.workflow_code


def test_what_it_may_be_bound_to(api, orders, raw, project):
    there = api("get", "workflows/orders/rebind", as_="viewer").json()
    assert (there["in_project"], there["candidates"]) == (project.code, [])
    delete(raw, project.code, orders.workflow_code)
    code = raw.create(project.code, raw.form("orders_daily", {raw.task_codes(project.code, 1)[0]: "echo"}))
    gone = api("get", "workflows/orders/rebind", as_="viewer").json()
    assert (gone["in_project"], gone["named_by"], gone["hidden"], gone["all_were_looked_at"]) == (None, [], 0, True)
    (one,) = gone["candidates"]
    assert (one["workflow_code"], one["dolphin_version"]) == (code, 1)
    body = {"workflow_code": code, "dolphin_version": 1, "reason": "it is ours"}
    assert api("post", "workflows/orders/rebind", as_="viewer", body=body).json()["code"] == "not_allowed"
    said = api("post", "workflows/orders/rebind", body=body)
    assert said.status_code == 202, said.json()
    run_due()
    assert Snapshot.objects.latest("version").trigger == "capture"
    assert api("post", "workflows/orders/rebind", body=body).json()["code"] == "not_rebindable"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("restore", {}, "invalid_request"),
        ("restore", {"reason": "x", "version": 0}, "invalid_request"),
        ("restore", {"reason": "x", "version": 99}, "not_found"),
        ("restore", {"reason": "x", "unknown": 1}, "invalid_request"),
        ("restore", {"reason": "x", "online": "maybe"}, "invalid_request"),
        ("rebind", {"reason": "x"}, "invalid_request"),
        ("rebind", {"reason": "x", "workflow_code": 2**70}, "invalid_request"),
        ("rebind", {"reason": "x", "workflow_code": 1, "project": 5}, "not_found"),
        ("rebind", {"reason": "x", "workflow_code": 1}, "not_rebindable"),
    ],
)
def test_bad_input(api, orders, path, body, code):
    said = api("post", f"workflows/orders/{path}", body=body)
    assert said.json()["code"] == code, said.json()
    assert Sync.objects.count() == 1


def test_a_stranger_learns_nothing(api, orders, outsider):
    for path in ("restore", "rebind"):
        said = api("post", f"workflows/orders/{path}", as_="outsider", body={"reason": "x", "workflow_code": 1})
        unknown = api("post", f"workflows/none/{path}", as_="outsider", body={"reason": "x", "workflow_code": 1})
        assert said.json()["code"] == unknown.json()["code"]
    assert api("get", "workflows/orders/rebind", as_="outsider").status_code == 404


def test_the_project_it_was_moved_to_is_told_to_who_may_see_it(api, orders, raw, dolphin, project, viewer):
    secret_project = Project.objects.create(
        instance=project.instance, code=raw.create_project(), name="secret", mode=Mode.PUBLISH
    )
    dolphin.state.definitions[orders.workflow_code][0]["projectCode"] = secret_project.code
    said = api("get", "workflows/orders/rebind", as_="viewer").json()
    assert (said["in_project"], said["in_hidden_project"]) == (None, True)
    assert str(secret_project.code) not in str(said)
    assign_perm(VIEW, viewer, secret_project)
    said = api("get", "workflows/orders/rebind", as_="viewer").json()
    assert (said["in_project"], said["in_hidden_project"]) == (secret_project.code, False)
