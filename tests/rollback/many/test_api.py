"""Rollbacks of many by the API."""

from datetime import timedelta

import pytest
from django.utils import timezone
from knox.models import AuthToken

from rollback.models import RollbackBatch

pytestmark = pytest.mark.database


@pytest.fixture
def api(client):
    def call(method, path, user, body=None, **headers):
        token = AuthToken.objects.create(user, timedelta(days=1))[1]
        headers["Authorization"] = f"Bearer {token}"
        return getattr(client, method)(
            f"/api/v1/rollback-batches{path}", data=body, content_type="application/json", headers=headers
        )

    return call


def criteria(**more):
    return {"publisher": "mallory", "since": (timezone.now() - timedelta(hours=1)).isoformat(), **more}


def test_previewed_asked_for_executed(api, incident, put, oncall, work):
    put("first", "echo first bad", by="mallory")
    shown = api("post", "", oncall, {"criteria": criteria(project=incident.project.code), "preview": True}).json()
    order = [row["workflow"] for row in shown["workflows"]]
    assert len(order) == 4 and order.index("z_child") < order.index("a_parent") < order.index("b_waiter")
    assert shown["acknowledge"] == []
    assert {row["workflow"]: row["reasons"][0]["code"] for row in shown["left_out"]} == {"first": "nothing_before"}
    assert not RollbackBatch.objects.exists()
    body = {
        "criteria": criteria(),
        "reason": "INC-1",
        "acknowledge": shown["acknowledge"],
        "workflows": [
            {name: row[name] for name in ("workflow", "target_version", "published_version")}
            for row in shown["workflows"]
        ],
    }
    made = api("post", "", oncall, body, **{"Idempotency-Key": "once"})
    assert (made.status_code, made.json()["counts"]) == (202, {"waiting": 4})
    again = api("post", "", oncall, body, **{"Idempotency-Key": "once"})
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    reused = api("post", "", oncall, {**body, "reason": "another"}, **{"Idempotency-Key": "once"})
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    address = f"/{made.json()['id']}"
    work()
    assert api("get", address, oncall).json()["counts"] == {"approved": 4}
    ordered = api("post", f"{address}/execute", oncall, {}).json()
    assert ordered["counts"] == {"waits": 2, "ordered": 2}
    assert {row["workflow"]: row["waits_for"] for row in ordered["items"]}["a_parent"] == "z_child"
    work()
    ended = api("get", address, oncall).json()
    assert ended["counts"] == {"done": 4}
    assert all(row["request"] for row in ended["items"])
    assert [row["id"] for row in api("get", "", oncall).json()["results"]] == [ended["id"]]
    assert api("post", f"{address}/cancel", oncall, {}).json()["code"] == "nothing_left"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 400),
        ({"criteria": {}}, 400),
        ({"criteria": {"since": "2026-11-26T00:00:00"}}, 400),
        ({"criteria": {"publisher": 7}}, 400),
        ({"criteria": {"publisher": "x", "colour": "red"}}, 400),
        ({"criteria": {"publisher": "x", "project": 9}}, 404),
        ({"criteria": {"publisher": "x"}, "schedule": "sometimes"}, 400),
        ({"criteria": {"publisher": "x"}, "workflows": [{"workflow": "a", "target_version": True}]}, 400),
        ({"criteria": {"publisher": "x"}}, 400),  # no reason
        ({"criteria": {"publisher": "x"}, "reason": "why"}, 409),
    ],
)
def test_what_makes_no_sense_is_refused(api, viewer, body, code):
    answer = api("post", "", viewer, body)
    assert answer.status_code == code, answer.json()
    assert not RollbackBatch.objects.exists()


def test_others_see_neither_batch_nor_act(api, incident, oncall, outsider, approver, work):
    body = {"criteria": criteria(), "reason": "INC-1", "workflows": [{"workflow": "plain"}]}
    address = f"/{api('post', '', oncall, body).json()['id']}"
    for act in ("", "/approve", "/execute", "/again", "/cancel"):
        answer = api("post" if act else "get", f"{address}{act}", outsider, {} if act else None)
        assert answer.status_code == 404, act
    assert api("get", "", outsider).json()["results"] == []
    work()
    assert api("post", f"{address}/execute", approver, {}).json()["code"] == "not_allowed"
    assert api("post", f"{address}/approve", approver, {}).json()["code"] == "nothing_left"
    assert api("post", f"{address}/again", oncall, {}).json()["code"] == "nothing_left"
    assert api("post", f"{address}/cancel", oncall, {"reason": "no"}).json()["counts"] == {"cancelled": 1}
