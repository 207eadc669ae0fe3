"""Who holds a workflow, and freeing it, by the API."""

import pytest

from audit.models import AuditEntry
from snapshotter.claim import claim


@pytest.fixture
def held(api, good_body):
    """The id of the sync that holds `orders`."""
    return api("post", "workflows/orders/publish", body=good_body).json()["sync"]["id"]


def test_the_holder_is_named_and_goes(api, held, manager):
    lock = api("get", "workflows/orders", as_="viewer").json()["lock"]
    since = lock.pop("since")
    assert since.startswith("20")
    assert lock == {
        **{"sync": held, "kind": "publish", "holder": "publisher", "state": "queued", "stands": "queued"},
        **{"is_alive": False, "step": None, "goes_on_at": None, "busy_until": None},
    }
    answer = api("post", "workflows/orders/unlock", as_="manager", body={"reason": "left over"})
    assert (answer.status_code, answer.json()["workflow"], answer.json()["sync"]["state"]) == (
        200,
        "orders",
        "cancelled",
    )
    assert api("get", "workflows/orders").json()["lock"] is None
    again = api("post", "workflows/orders/unlock", as_="manager", body={"reason": "left over"})
    assert (again.status_code, again.json()["code"]) == (409, "not_locked")


def test_a_worker_that_is_alive_is_left_alone(api, held, manager):
    assert claim(held) is not None
    lock = api("get", "workflows/orders").json()["lock"]
    assert (lock["stands"], lock["is_alive"]) == ("at_work", True)
    assert lock["busy_until"] == lock["goes_on_at"] is not None
    refused = api("post", "workflows/orders/unlock", as_="manager", body={"reason": "too slow"})
    assert (refused.status_code, refused.json()["code"]) == (409, "still_at_work")
    assert refused.json()["extra"]["sync"] == held


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("publisher", 403), ("outsider", 404)])
def test_not_everybody_frees(api, held, who, status):
    assert api("post", "workflows/orders/unlock", as_=who, body={"reason": "mine"}).status_code == status
    assert api("get", "workflows/orders").json()["lock"]["sync"] == held
    assert AuditEntry.objects.filter(event="lock.refused").count() == (1 if status == 403 else 0)


def test_the_reason_is_required_and_unknown_fields_are_refused(api, held, manager):
    for body in ({}, {"reason": " "}, {"reason": "x", "forced": True}):
        answer = api("post", "workflows/orders/unlock", as_="manager", body=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert api("post", "workflows/nowhere/unlock", as_="manager", body={"reason": "x"}).status_code == 404
