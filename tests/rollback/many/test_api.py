"""Rollbacks of many by the API."""

from datetime import timedelta

import pytest
from django.utils import timezone
from knox.models import AuthToken

from rollback.models import RollbackBatch, RollbackPolicy, RollbackRequest

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
        "category": "bad_publish",
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
    for other in (
        {"reason": "another"},
        {"criteria": criteria(text="a_parent")},
        {"workflows": body["workflows"][:3]},
        {"workflows": [{**body["workflows"][0], "target_version": 7}, *body["workflows"][1:]]},
        {"schedule": "off"},
        {"wait_for_runs": True},
        {"category": "other"},
        {"acknowledge": ["others_since"]},
        {"override_freeze": "it burns"},
    ):
        reused = api("post", "", oncall, {**body, **other}, **{"Idempotency-Key": "once"})
        assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused"), other
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
        sent = {"requests": [{"id": 1, "bound_hash": "b"}]} if act == "/approve" else {}
        answer = api("post" if act else "get", f"{address}{act}", outsider, sent if act else None)
        assert answer.status_code == 404, act
    assert api("get", "", outsider).json()["results"] == []
    work()
    assert api("post", f"{address}/execute", approver, {}).json()["code"] == "not_allowed"
    seen = {"requests": [{"id": 1, "bound_hash": "b"}]}
    assert api("post", f"{address}/approve", approver, seen).json()["code"] == "nothing_left"
    assert api("post", f"{address}/approve", approver, {}).json()["code"] == "invalid_request"
    assert api("post", f"{address}/again", oncall, {}).json()["code"] == "nothing_left"
    assert api("post", f"{address}/cancel", oncall, {"reason": "no"}).json()["counts"] == {"cancelled": 1}


def test_only_what_was_seen_is_approved(api, incident, oncall, approver, work, project):
    RollbackPolicy.objects.create(project=project, approvals_needed=1)
    address = f"/{api('post', '', oncall, {'criteria': criteria(), 'reason': 'INC-1'}).json()['id']}"
    work()
    items = {row["workflow"]: row for row in api("get", address, approver).json()["items"]}
    seen = [{"id": items[key]["request"], "bound_hash": items[key]["bound_hash"]} for key in ("plain", "z_child")]
    seen[1]["bound_hash"] = "another"
    told = api("post", f"{address}/approve", approver, {"requests": seen}).json()
    assert told["decided"]["refused"][0]["code"] == "request_closed"
    assert (told["decided"]["approved"], told["decided"]["more"], told["decided"]["unseen"]) == (1, 0, 2)
    assert told["counts"] == {"pending": 3, "approved": 1}
    assert RollbackRequest.objects.get(pk=items["plain"]["request"]).state == "approved"


def test_moments_left_out_are_the_same_ask_later(api, incident, oncall):
    body = {"criteria": {"publisher": "mallory"}, "reason": "INC-1"}
    first, second = (api("post", "", oncall, body, **{"Idempotency-Key": "once"}) for _ in range(2))
    assert (first.status_code, second.status_code, second.json()["id"]) == (202, 200, first.json()["id"])
