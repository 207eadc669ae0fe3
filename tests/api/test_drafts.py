"""The confirm way by the API: draft, confirm, fail; who sees what; bad input."""

import pytest

from snapshotter.models import Snapshot, Sync
from snapshotter.work import run_due
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.conftest import platform_form


@pytest.fixture
def drafted(api, good_body):
    answer = api("post", "workflows/orders/snapshots", body=good_body, **{"Idempotency-Key": "k"})
    assert answer.status_code == 202, answer.json()
    return answer.json()


def test_draft_confirm_published(api, good_body, drafted, dolphin, project):
    assert (drafted["sync"]["kind"], drafted["sync"]["state"], drafted["snapshot"]["status"]) == (
        "confirm",
        "waiting",
        "draft",
    )
    assert drafted["sync"]["due_at"] is not None
    raw = RawDolphin(dolphin.url, dolphin.token)
    code = raw.create(project.code, platform_form(raw, good_body["definition"]))
    path = f"snapshots/{drafted['snapshot']['id']}/confirm"
    said = api("post", path, body={"workflow_code": code, "dolphin_version": 1})
    assert (said.status_code, said.json()["sync"]["state"]) == (202, "queued")
    run_due()
    again = api("post", path, body={"workflow_code": code})
    assert (again.status_code, again.json()["replayed"]) == (200, True)
    assert (again.json()["snapshot"]["status"], again.json()["sync"]["state"]) == ("published", "succeeded")
    replay = api("post", "workflows/orders/snapshots", body=good_body, **{"Idempotency-Key": "k"}).json()
    assert (replay["replayed"], replay["snapshot"]["id"]) == (True, drafted["snapshot"]["id"])


def test_the_same_key_is_another_request_on_the_other_way(api, good_body, drafted):
    answer = api("post", "workflows/orders/publish", body=good_body, **{"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_fail(api, drafted):
    path = f"snapshots/{drafted['snapshot']['id']}/fail"
    said = api("post", path, body={"code": "50014", "message": "rejected"})
    assert (said.status_code, said.json()["snapshot"]["error_code"]) == (200, "50014")
    assert api("post", path, body={"code": "50014"}).json()["replayed"] is True


@pytest.mark.parametrize("verb", ["confirm", "fail"])
def test_who_may_not(api, drafted, verb):
    path = f"snapshots/{drafted['snapshot']['id']}/{verb}"
    body = {"workflow_code": 5} if verb == "confirm" else {"code": "x"}
    assert api("post", path, as_="viewer", body=body).status_code == 403
    assert api("post", path, as_="outsider", body=body).status_code == 404
    assert api("post", path, as_="", body=body).status_code == 401
    assert api("post", f"snapshots/4711/{verb}", body=body).status_code == 404
    assert Sync.objects.get().waits_for_platform


@pytest.mark.parametrize(
    ("verb", "body", "names"),
    [
        ("confirm", {}, "workflow_code"),
        ("confirm", {"workflow_code": "5"}, "workflow_code"),
        ("confirm", {"workflow_code": True}, "workflow_code"),
        ("confirm", {"workflow_code": 2**63}, "workflow_code"),
        ("confirm", {"workflow_code": 5, "dolphin_version": 0}, "dolphin_version"),
        ("confirm", {"workflow_code": 5, "version": 1}, "version"),
        ("fail", {}, "code"),
        ("fail", {"code": "a b"}, "code"),
        ("fail", {"code": 5}, "code"),
        ("fail", {"code": "x", "message": "y" * 10_001}, "message"),
    ],
)
def test_bad_input_changes_nothing(api, drafted, verb, body, names):
    answer = api("post", f"snapshots/{drafted['snapshot']['id']}/{verb}", body=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert names in str(answer.json())
    assert Sync.objects.get().waits_for_platform


def test_publish_fields_that_make_no_sense_here_are_refused(api, good_body):
    answer = api("post", "workflows/orders/snapshots", body={**good_body, "online": "on"})
    assert (answer.status_code, Snapshot.objects.count()) == (400, 0)
