"""Rollbacks by the API: asked for, decided on, executed, listed; who may; bad input."""

import pytest
from django.contrib.auth.models import Group, User

from audit.models import AuditEntry
from rollback.models import RollbackPolicy
from snapshotter.work import run_due
from tests.rollback.conftest import approver, breaker, history, lawgiver, oncall, requester, rules, second_approver

__all__ = ["approver", "breaker", "history", "lawgiver", "oncall", "requester", "rules", "second_approver"]

PATH = "workflows/orders/rollbacks"
BODY = {"version": 1, "reason": "v3 loses rows", "category": "bad_publish", "ticket": "INC-1"}


@pytest.fixture
def ask(api, history, oncall):
    def post(as_="oncall", **more):
        return api("post", PATH, as_=as_, body={**BODY, **more})

    return post


def test_it_is_asked_for_and_executed(api, ask, history):
    said = ask()
    assert said.status_code == 201, said.json()
    made = said.json()
    assert (made["state"], made["target_version"], made["base_version"]) == ("approved", 1, 3)
    assert made["standing"] == {"approvals": 0, "needed": 0, "is_executable": True, "moved": ""}
    begun = api("post", f"rollbacks/{made['id']}/execute", as_="oncall", body={})
    assert (begun.status_code, begun.json()["state"]) == (202, "executing")
    run_due()
    done = api("get", f"rollbacks/{made['id']}", as_="viewer").json()
    assert (done["state"], done["result_version"], done["executed_by_name"]) == ("done", 4, "oncall")
    listed = api("get", "rollbacks?state=done&workflow=orders", as_="viewer").json()["results"]
    assert [row["id"] for row in listed] == [made["id"]]
    assert listed[0].keys() < done.keys()
    assert api("get", "rollbacks?state=failed", as_="viewer").json()["results"] == []


def test_ask_and_execute_in_one_call(ask):
    said = ask(execute=True)
    assert (said.status_code, said.json()["state"]) == (202, "executing")


def test_another_version_published_than_the_one_that_was_seen_is_refused(ask, api):
    said = ask(base=2)
    assert (said.status_code, said.json()["code"]) == (409, "stale_base")
    assert api("get", "rollbacks", as_="viewer").json()["results"] == []
    assert ask(base=-1).status_code == ask(base=True).status_code == 400
    assert ask(base=3).status_code == 201


def test_without_the_right_to_execute_nothing_is_executed(ask, requester, api):
    said = ask(as_="requester", execute=True)
    assert said.status_code == 403
    (stands,) = api("get", "rollbacks", as_="viewer").json()["results"]
    assert (stands["state"], said.json()["extra"]["request"]) == ("approved", stands["id"])


def test_where_approvals_are_missing_the_request_waits_for_them(ask, rules, api):
    rules(approvals_needed=1)
    said = ask(execute=True)
    assert (said.status_code, said.json()["state"]) == (201, "pending")
    assert api("get", f"rollbacks/{said.json()['id']}", as_="viewer").json()["state"] == "pending"


def test_approval_by_somebody_else(api, ask, rules, approver):
    rules(approvals_needed=1)
    made = ask().json()
    path = f"rollbacks/{made['id']}"
    assert made["state"] == "pending"
    refused = api("post", f"{path}/execute", as_="oncall", body={})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_approved")
    own = api("post", f"{path}/approve", as_="oncall", body={})
    assert own.status_code == 403
    said = api("post", f"{path}/approve", as_="approver", body={"bound_hash": made["bound_hash"], "comment": "yes"})
    assert (said.status_code, said.json()["state"]) == (200, "approved")
    assert said.json()["decisions"][0]["comment"] == "yes"
    again = api("post", f"{path}/approve", as_="approver", body={})
    assert again.json()["code"] == "already_decided"


def test_reject_and_cancel(api, ask, rules, approver):
    rules(approvals_needed=1)
    path = f"rollbacks/{ask().json()['id']}"
    assert api("post", f"{path}/reject", as_="approver", body={}).status_code == 400
    assert api("post", f"{path}/reject", as_="approver", body={"comment": "no"}).json()["state"] == "rejected"
    assert api("post", f"{path}/cancel", as_="oncall", body={}).json()["code"] == "request_closed"


def test_breaking_the_glass_and_its_review(api, ask, rules, breaker, approver):
    rules(approvals_needed=2)
    path = f"rollbacks/{ask(as_='breaker').json()['id']}"
    assert api("post", f"{path}/execute", as_="breaker", body={"break_glass": True}).status_code == 400
    body = {"break_glass": True, "reason": "runs begin in five minutes"}
    assert api("post", f"{path}/execute", as_="breaker", body=body).status_code == 202
    run_due()
    verdict = {"verdict": "right", "text": "agreed"}
    assert api("post", f"{path}/review", as_="breaker", body=verdict).status_code == 403
    said = api("post", f"{path}/review", as_="approver", body=verdict).json()
    assert (said["verdict"], said["reviewed_by_name"]) == ("right", "approver")
    assert api("post", f"{path}/review", as_="approver", body=verdict).json()["code"] == "nothing_to_review"


def test_what_nobody_agreed_to_is_named(api, ask, history):
    from snapshotter.models import Snapshot

    Snapshot.objects.filter(pk=history.version(1).pk).update(live_from=None)
    said = ask()
    assert (said.status_code, said.json()["code"]) == (409, "not_acknowledged")
    assert [row["code"] for row in said.json()["extra"]["findings"]] == ["never_live"]
    assert ask(acknowledge=["never_live"]).status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"version": 99}, 404, "not_found"),
        ({"version": "1"}, 400, "invalid_request"),
        ({"reason": ""}, 400, "invalid_request"),
        ({"reason": None}, 400, "invalid_request"),
        ({"resaon": "x"}, 400, "invalid_request"),
        ({"schedule": "restore_it"}, 400, "invalid_request"),
        ({"acknowledge": "all"}, 400, "invalid_request"),
        ({"execute": "perhaps"}, 400, "invalid_request"),
        ({"category": "because"}, 400, "invalid_request"),
        ({"version": 3}, 409, "nothing_to_do"),
    ],
)
def test_bad_input_is_told_what_is_wrong(ask, change, status, code):
    said = ask(**change)
    assert (said.status_code, said.json()["code"]) == (status, code), said.json()


def test_others_projects_are_out_of_sight(api, ask, outsider):
    made = ask().json()
    assert ask(as_="outsider").status_code == 404
    assert api("get", f"rollbacks/{made['id']}", as_="outsider").status_code == 404
    assert api("get", "rollbacks", as_="outsider").json()["results"] == []


def test_a_list_takes_few_queries(api, ask, django_assert_max_num_queries):
    ask()
    api("get", "rollbacks", as_="viewer")
    with django_assert_max_num_queries(15):
        api("get", "rollbacks", as_="viewer")


def test_the_rules_are_read_and_changed(api, project, lawgiver, viewer):
    path = f"projects/{project.code}/rollback-policy"
    assert api("get", path, as_="viewer").json()["approvals_needed"] == 0
    assert api("patch", path, as_="viewer", body={"approvals_needed": 1}).status_code == 403
    said = api("patch", path, as_="lawgiver", body={"approvals_needed": 2, "expires_hours": 4})
    assert (said.status_code, said.json()["approvals_needed"], said.json()["review_hours"]) == (200, 2, 24)
    for body in ({"approvals_needed": 99}, {"approver_groups": ["nobody"]}, {"expires_hours": 0}, {"x": 1}):
        assert api("patch", path, as_="lawgiver", body=body).status_code == 400
    assert RollbackPolicy.objects.get().expires_hours == 4


def test_rules_say_how_many_could_fulfil_them_and_why_they_were_set(
    api, client, project, lawgiver, approver, second_approver
):
    path = f"projects/{project.code}/rollback-policy"
    owners = Group.objects.create(name="owners")
    approver.groups.add(owners, Group.objects.create(name="others"))
    body = {"approvals_needed": 2, "approver_groups": ["owners", "others"], "reason": "INC-7 password=hunter2hunter2"}
    assert api("patch", path, as_="lawgiver", body=body).json()["able"] == 1
    client.force_login(lawgiver, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/projects/{project.pk}/rollback-policy/"
    assert "Nobody can fulfil these rules" in client.get(page).content.decode()
    second_approver.groups.add(owners)
    assert "Nobody can fulfil these rules" not in client.get(page).content.decode()
    assert api("get", path, as_="lawgiver").json()["able"] == 2
    User.objects.filter(pk=second_approver.pk).update(is_active=False)
    assert api("get", path, as_="lawgiver").json()["able"] == 1
    (row,) = AuditEntry.objects.filter(event="policy.changed")
    assert row.reason.startswith("INC-7") and "hunter2" not in row.reason
