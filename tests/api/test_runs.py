"""Runs by the API: started, listed, cancelled, resumed; who may; bad input."""

import pytest

from operations.models import OperationRun
from operations.run_slice import run_slice


@pytest.mark.parametrize("kind", ["inventory", "baseline", "backfill"])
def test_started_once_and_worked(api, project, kind):
    body = {"kind": kind, "project": project.code}
    first, second = api("post", "runs", body=body), api("post", "runs", body=body)
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]
    run_slice(first.json()["id"], 60.0)
    told = api("get", f"runs/{first.json()['id']}").json()
    assert (told["state"], told["is_open"], told["outcomes"], told["project"]) == ("succeeded", False, {}, project.code)
    (row,) = api("get", f"runs?kind={kind}&state=succeeded", as_="viewer").json()["results"]
    assert row["id"] == told["id"]
    assert api("get", "runs?state=failed").json()["results"] == []


def test_cancelled_and_resumed(api, project):
    run = api("post", "runs", body={"kind": "inventory", "project": project.code}).json()
    path = f"runs/{run['id']}"
    assert api("post", f"{path}/resume").json()["code"] == "state_conflict"
    assert api("post", f"{path}/cancel").json()["state"] == "cancelled"
    assert api("post", f"{path}/cancel").status_code == 409
    assert api("post", f"{path}/resume").json()["state"] == "queued"


def test_who_may_not(api, project, root):
    body = {"kind": "inventory", "project": project.code}
    statuses = [api("post", "runs", as_=name, body=body).status_code for name in ("viewer", "outsider", "")]
    assert (statuses, OperationRun.objects.count()) == ([403, 404, 401], 0)
    run = api("post", "runs", body=body).json()
    for verb in ("cancel", "resume"):
        path = f"runs/{run['id']}/{verb}"
        assert [api("post", path, as_=name).status_code for name in ("viewer", "outsider", "")] == [403, 404, 401]
    assert api("get", f"runs/{run['id']}", as_="outsider").status_code == 404
    assert api("get", "runs", as_="outsider").json()["results"] == []


def test_a_whole_instance_is_for_superusers(api, project, root):
    body = {"kind": "inventory", "instance": project.instance.name}
    assert api("post", "runs", body=body).status_code == 403
    made = api("post", "runs", as_="root", body=body)
    assert (made.status_code, made.json()["project"]) == (202, None)
    assert api("get", f"runs/{made.json()['id']}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"kind": "x"}, {"kind": None}, {"project": "5"}, {"project": 0}, {"instance": "sandbox"}, {"workflow": 1}],
)
def test_bad_input_starts_nothing(api, project, change):
    answer = api("post", "runs", body={"kind": "inventory", "project": project.code, **change})
    assert (answer.status_code, answer.json()["code"], OperationRun.objects.count()) == (400, "invalid_request", 0)


@pytest.mark.parametrize("query", ["kind=x", "state=x"])
def test_unknown_filters_are_refused(api, project, query):
    assert api("get", f"runs?{query}").status_code == 400


def test_a_project_that_is_off(api, project):
    type(project).objects.update(mode="off")
    assert api("post", "runs", body={"kind": "baseline", "project": project.code}).json()["code"] == "project_off"
