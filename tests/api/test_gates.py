"""Freeze windows and quarantines by the API: listed, imposed, lifted; who may; bad input."""

import pytest

from audit.models import AuditEntry
from snapshotter.models import ContentQuarantine, FreezeWindow, Snapshot
from snapshotter.work import run_due

ONCE = {"reason": "sale", "starts_at": "2026-11-11T00:00:00+08:00", "ends_at": "2026-11-12T00:00:00+08:00"}
WEEKLY = {
    **{"reason": "weekend", "start_weekday": 4, "start_time": "18:00", "end_weekday": 0, "end_time": "08:00"},
    "time_zone": "Asia/Shanghai",
}


@pytest.fixture
def snapshot(api, good_body):
    api("post", "workflows/orders/publish", body=good_body)
    run_due()
    return Snapshot.objects.get()


@pytest.mark.parametrize("times", [ONCE, WEEKLY], ids=["once", "weekly"])
def test_a_freeze_is_imposed_listed_and_lifted(api, project, manager, times):
    said = api("post", "freezes", as_="manager", body={"project": project.code, **times})
    assert said.status_code == 201, said.json()
    assert (said.json()["project"], said.json()["created_by_name"], said.json()["ended_at"]) == (
        project.code,
        "manager",
        None,
    )
    assert [row["id"] for row in api("get", "freezes", as_="viewer").json()["results"]] == [said.json()["id"]]
    path = f"freezes/{said.json()['id']}/lift"
    first, second = (api("post", path, as_="manager") for _ in range(2))
    assert (first.status_code, first.json()["ended_by_name"]) == (200, "manager")
    assert second.json() == first.json()
    assert AuditEntry.objects.filter(event="freeze.lifted").count() == 1


def test_a_freeze_holds_publishes_of_the_api(api, project, manager, good_body):
    body = {**ONCE, "starts_at": "2000-01-01T00:00:00Z", "ends_at": "2999-01-01T00:00:00Z", "project": project.code}
    made = api("post", "freezes", as_="manager", body=body).json()
    assert made["active_until"] == "2999-01-01T00:00:00Z"
    assert api("post", "workflows/orders/publish", body=good_body).json()["code"] == "frozen"
    api("post", f"freezes/{made['id']}/lift", as_="manager")
    assert api("post", "workflows/orders/publish", body=good_body).status_code == 202


@pytest.mark.parametrize("scope", ["instance", "everywhere"])
def test_wide_freezes_are_for_superusers(api, project, manager, root, scope):
    body = {**ONCE, scope: project.instance.name if scope == "instance" else True}
    assert api("post", "freezes", as_="manager", body=body).status_code == 403
    made = api("post", "freezes", as_="root", body=body)
    assert (made.status_code, made.json()["project"]) == (201, None)
    assert api("post", f"freezes/{made.json()['id']}/lift", as_="manager").status_code == 403
    assert FreezeWindow.objects.open().count() == 1
    assert AuditEntry.objects.filter(event="freeze.refused", outcome="refused").count() == 2


def test_who_may_not_freeze(api, project, viewer, manager, outsider):
    body = {**ONCE, "project": project.code}
    assert api("post", "freezes", as_="publisher", body=body).status_code == 403
    assert api("post", "freezes", as_="outsider", body=body).status_code == 404
    assert api("post", "freezes", as_="", body=body).status_code == 401
    assert FreezeWindow.objects.count() == 0
    made = api("post", "freezes", as_="manager", body=body).json()
    assert api("get", "freezes", as_="outsider").json()["results"] == []
    assert api("post", f"freezes/{made['id']}/lift", as_="publisher").status_code == 403
    assert api("post", f"freezes/{made['id']}/lift", as_="outsider").status_code == 404
    assert FreezeWindow.objects.open().count() == 1


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"project": None}, "project"),
        ({"everywhere": True}, "exactly one"),
        ({"project": "5"}, "project"),
        ({"project": 2**63}, "project"),
        ({"reason": ""}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": 5}, "reason"),
        ({"starts_at": "2026-11-11T00:00:00"}, "offset"),
        ({"starts_at": "2026-13-11T00:00:00Z"}, "starts_at"),
        ({"starts_at": 5}, "starts_at"),
        ({"ends_at": ONCE["starts_at"]}, "ends"),
        ({"start_weekday": 7}, "start_weekday"),
        ({"start_weekday": 1}, "weekly"),
        ({"start_time": "25:00"}, "start_time"),
        ({"starts": "x"}, "starts"),
    ],
)
def test_bad_input_freezes_nothing(api, project, manager, change, names):
    answer = api("post", "freezes", as_="manager", body={"project": project.code, **ONCE, **change})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert names in str(answer.json())
    assert FreezeWindow.objects.count() == 0


def test_nothing_is_frozen_by_leaving_the_scope_out(api, root):
    assert api("post", "freezes", as_="root", body=ONCE).status_code == 400
    assert api("post", "freezes", as_="root", body={**ONCE, "instance": "nowhere"}).status_code == 404


@pytest.mark.parametrize("whole", [False, True])
def test_a_quarantine_is_imposed_listed_and_lifted(api, snapshot, manager, whole):
    path = f"snapshots/{snapshot.pk}/quarantine"
    first, second = (api("post", path, as_="manager", body={"reason": "bad", "whole_project": whole}) for _ in range(2))
    assert (first.status_code, first.json()) == (200, second.json())
    assert first.json()["workflow"] == (None if whole else "orders")
    assert api("get", "quarantines", as_="viewer").json()["results"] == [first.json()]
    lift = f"quarantines/{first.json()['id']}/lift"
    one, two = (api("post", lift, as_="manager") for _ in range(2))
    assert (one.json()["ended_by_name"], one.json()) == ("manager", two.json())
    assert ContentQuarantine.objects.open().count() == 0


def test_who_may_not_quarantine(api, snapshot, viewer, manager, outsider):
    path, body = f"snapshots/{snapshot.pk}/quarantine", {"reason": "bad"}
    assert api("post", path, as_="publisher", body=body).status_code == 403
    assert api("post", path, as_="outsider", body=body).status_code == 404
    made = api("post", path, as_="manager", body=body).json()
    lift = f"quarantines/{made['id']}/lift"
    assert api("get", "quarantines", as_="outsider").json()["results"] == []
    assert [api("post", lift, as_=name).status_code for name in ("publisher", "outsider", "")] == [403, 404, 401]
    assert ContentQuarantine.objects.open().count() == 1


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "x", "whole_project": "maybe"}])
def test_bad_input_quarantines_nothing(api, snapshot, manager, body):
    answer = api("post", f"snapshots/{snapshot.pk}/quarantine", as_="manager", body=body)
    assert (answer.status_code, ContentQuarantine.objects.count()) == (400, 0)
