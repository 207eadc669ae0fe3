"""Drift by the API: listed, shown, each way out; ignored fields; who may; bad input."""

from datetime import timedelta

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm

from catalog.models import Project
from catalog.permissions import MANAGE_POLICY, PUT_BACK, TRIAGE_DRIFT, VIEW
from drift.models import DriftItem, IgnoreRule
from rollback.models import RollbackPolicy
from snapshotter.work import run_due
from tests.conftest import _person as person
from tests.drift.conftest import bare_orders, go, hands, look_at, orders
from tests.drift.items import again, make_item, make_orders

__all__ = ["bare_orders", "go", "hands", "look_at", "orders"]


@pytest.fixture
def oncall(project):
    return person("oncall", project, VIEW, TRIAGE_DRIFT, PUT_BACK)


@pytest.fixture
def lawgiver(project):
    return person("lawgiver", project, VIEW, MANAGE_POLICY)


@pytest.fixture
def item(bare_orders):
    return make_item(bare_orders)


def test_it_is_listed_and_filtered(api, item, project):
    other = make_item(make_orders(project, "stock", 7002), live_state="missing", severity="high", kinds=["deleted"])

    def ids(query):
        return [row["id"] for row in api("get", f"drift?{query}", as_="viewer").json()["results"]]

    assert ids("") == [other.pk, item.pk]
    assert ids("verdict=newer") == ids("workflow=orders") == ids("severity=medium") == [item.pk]
    assert ids("state=standing&severity=high") == [other.pk]
    assert ids("state=closed") == ids("project=99") == []
    assert api("get", "drift?verdict=wrong", as_="viewer").status_code == 400
    assert api("get", "drift", as_="outsider").json()["results"] == []
    assert api("get", f"drift/{item.pk}", as_="outsider").status_code == 404


def test_it_tells_what_differs_with_secrets_masked(api, hands, look_at):
    hands.edit("export PASSWORD=hunter2hunter2")
    item = look_at().item
    said = api("get", f"drift/{item.pk}", as_="viewer").json()
    assert (said["verdict"], said["published_version"], said["workflow"]) == ("newer", 2, "orders")
    assert "schedule taken off" in said["kind_words"] and said["words"].startswith("Its schedule was taken off")
    assert [row["mark"] for row in said["sentences"]] == ["M"]
    assert "hunter2hunter2" not in str(said)


def test_where_it_went_is_told_who_may_see_that_project(api, item, project):
    there = Project.objects.create(instance=project.instance, code=990099, name="there")
    evidence = {"live": {"code": 7001, "project": project.code, "moved_to": there.code, "recreated_as": None}}
    DriftItem.objects.filter(pk=item.pk).update(live_state="missing", kinds=["moved"], evidence=evidence)
    assert api("get", f"drift/{item.pk}", as_="viewer").json()["evidence"]["live"]["moved_to"] is None
    assign_perm(VIEW, person("both", there, VIEW), project)
    assert api("get", f"drift/{item.pk}", as_="both").json()["evidence"] == evidence


def test_the_acts_that_only_say_something(api, item, oncall, viewer):
    path = f"drift/{item.pk}"
    until = (timezone.now() + timedelta(days=1)).isoformat()
    for act, body, state in (
        ("acknowledge", {}, "acknowledged"),
        ("assign", {"to": "viewer"}, "acknowledged"),
        ("mute", {"until": until, "reason": "known"}, "muted"),
        ("unmute", {}, "open"),
    ):
        assert api("post", f"{path}/{act}", as_="viewer", body=body).status_code == 403
        said = api("post", f"{path}/{act}", as_="oncall", body=body)
        assert (said.status_code, said.json()["state"]) == (200, state), said.json()
    assert said.json()["assignee"] == "viewer"
    again_said = api("post", f"{path}/unmute", as_="oncall", body={})
    assert (again_said.status_code, again_said.json()["code"]) == (409, "drift_not_muted")
    assert api("post", f"{path}/assign", as_="oncall", body={"to": "nobody"}).status_code == 400
    assert api("post", f"{path}/mute", as_="oncall", body={"until": "tomorrow", "reason": "x"}).status_code == 400
    assert api("post", f"{path}/acknowledge", as_="oncall", body={"raeson": "x"}).status_code == 400


def test_adopt(api, hands, look_at):
    hands.edit("echo theirs")
    item = look_at().item
    said = api("post", f"drift/{item.pk}/adopt", as_="publisher", body={"reason": "agreed", "seen": item.found})
    assert (said.status_code, said.json()["sync"]["kind"]) == (202, "capture")
    run_due()
    assert api("get", f"drift/{item.pk}").json()["state"] == "adopted"
    assert api("get", "workflows/orders/versions/latest").json()["message"] == "agreed"


def test_put_back_asks_for_what_must_be_agreed_to(api, hands, look_at, oncall, project):
    hands.edit("echo theirs")
    path = f"drift/{look_at().item.pk}/put-back"
    refused = api("post", path, as_="oncall", body={"reason": "not agreed"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_acknowledged")
    body = {"reason": "not agreed", "acknowledge": ["schedule_on"]}
    RollbackPolicy.objects.create(project=project, approvals_needed=1)
    pending = api("post", path, as_="oncall", body=body)
    assert (pending.status_code, pending.json()["state"]) == (201, "pending")
    api("post", f"rollbacks/{pending.json()['id']}/cancel", as_="oncall", body={})
    RollbackPolicy.objects.update(approvals_needed=0)
    begun = api("post", path, as_="oncall", body=body)
    assert (begun.status_code, begun.json()["act"], begun.json()["state"]) == (202, "put_back", "executing")
    run_due()
    assert api("get", path.removesuffix("/put-back"), as_="viewer").json()["state"] == "put_back"


def test_ignored_fields(api, item, oncall, lawgiver, project):
    body = {"path": "tasks.*.taskParams.rawScript", "reason": "tuned there", "whole_project": True}
    assert api("post", f"drift/{item.pk}/ignore", as_="oncall", body=body).status_code == 403
    item.workflow.project.instance.enabled = False
    said = api("post", f"drift/{item.pk}/ignore", as_="lawgiver", body=body)
    assert (said.status_code, said.json()["state"]) == (200, "ignored"), said.json()
    (rule,) = api("get", "ignore-rules?in_force=true", as_="viewer").json()["results"]
    assert (rule["workflow"], rule["project"], rule["path"]) == (None, project.code, body["path"])
    ended = api("post", f"ignore-rules/{rule['id']}/end", as_="lawgiver")
    assert ended.json()["ended_by_name"] == "lawgiver"
    assert api("get", "ignore-rules?in_force=true", as_="viewer").json()["results"] == []
    assert api("get", "ignore-rules?in_force=false", as_="viewer").json()["results"]
    assert api("get", "ignore-rules", as_="outsider").json()["results"] == []
    assert api("post", f"ignore-rules/{rule['id']}/end", as_="outsider").status_code == 404


def test_a_rule_names_one_place(api, item, lawgiver, oncall, project):
    said = api("post", "ignore-rules", as_="lawgiver", body={"path": "name", "reason": "x", "project": project.code})
    assert said.status_code == 201, said.json()
    mine = api("post", "ignore-rules", as_="oncall", body={"path": "name", "reason": "x", "workflow": "orders"})
    assert mine.json()["workflow"] == "orders" and IgnoreRule.objects.count() == 2
    for body in ({"project": 99}, {"workflow": "none"}):
        assert (
            api("post", "ignore-rules", as_="lawgiver", body={"path": "name", "reason": "x", **body}).status_code == 404
        )
    for body in ({}, {"project": project.code, "workflow": "orders"}, {"project": project.code, "path": "tasks"}):
        given = {"path": "name", "reason": "x", **body}
        assert api("post", "ignore-rules", as_="lawgiver", body=given).status_code == 400
    assert again(item).state in ("open", "resolved")


def test_the_list_costs_few_queries(api, item, project, django_assert_max_num_queries):
    for number in range(5):
        make_item(make_orders(project, f"more{number}", 7100 + number))
    api("get", "drift", as_="viewer")
    with django_assert_max_num_queries(14):
        api("get", "drift", as_="viewer")
