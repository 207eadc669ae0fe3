"""The API's ordinary ways: publish, wait, capture, read, compare; who sees what."""

from unittest.mock import ANY

import pytest

from snapshotter.models import Snapshot, Sync
from snapshotter.work import run_due


@pytest.fixture
def published(api, good_body):
    api("post", "workflows/orders/publish", body=good_body)
    run_due()
    return good_body


def test_publish_answers_202_with_sync_and_draft(api, good_body):
    answer = api("post", "workflows/orders/publish", body=good_body)
    said = answer.json()
    assert answer.status_code == 202
    assert (said["workflow"], said["sync"]["state"], said["snapshot"]["status"]) == ("orders", "queued", "draft")
    assert (said["duplicate"], said["replayed"], said["recorded"]) == (False, False, False)
    run_due()
    sync = api("get", f"syncs/{said['sync']['id']}").json()
    assert (sync["state"], sync["is_finished"], sync["version"]) == ("succeeded", True, 1)
    assert [step["action"] for step in sync["steps"] if step["is_write"]] == ["create"]


def test_the_same_key_replays_and_another_body_clashes(api, good_body):
    first = api("post", "workflows/orders/publish", body=good_body, **{"Idempotency-Key": "k"}).json()
    again = api("post", "workflows/orders/publish", body=good_body, **{"Idempotency-Key": "k"}).json()
    assert (again["replayed"], again["sync"]["id"]) == (True, first["sync"]["id"])
    clash = api("post", "workflows/orders/publish", body={**good_body, "message": "x"}, **{"Idempotency-Key": "k"})
    assert (clash.status_code, clash.json()["code"]) == (422, "idempotency_key_reused")


def test_a_duplicate_answers_200(api, published):
    answer = api("post", "workflows/orders/publish", body=published)
    assert (answer.status_code, answer.json()["duplicate"], answer.json()["snapshot"]["version"]) == (200, True, 1)


def test_a_locked_workflow_answers_409_and_names_the_holder(api, good_body):
    first = api("post", "workflows/orders/publish", body=good_body).json()
    answer = api("post", "workflows/orders/publish", body={**good_body, "message": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "workflow_locked")
    assert answer.json()["extra"] == {
        "workflow": "orders",
        "holder": "publisher",
        "sync": first["sync"]["id"],
        "since": ANY,
    }


def test_capture_names_a_workflow_by_ids(api, published, project, dolphin):
    (code,) = dolphin.state.definitions
    taken = api("post", "workflows/other/capture", body={"project": project.code, "workflow_code": code})
    assert taken.status_code == 409
    answer = api("post", "workflows/orders/capture", body={})
    assert (answer.status_code, answer.json()["snapshot"]) == (202, None)
    run_due()
    sync = api("get", f"syncs/{answer.json()['sync']['id']}").json()
    assert (sync["state"], sync["result"], sync["version"]) == ("succeeded", {"unchanged": True}, 1)


def test_reading(api, published):
    assert [row["key"] for row in api("get", "workflows").json()["results"]] == ["orders"]
    assert api("get", "workflows/orders").json()["published_version"] == 1
    (version,) = api("get", "workflows/orders/versions?status=published").json()["results"]
    assert "definitions_json" not in version
    whole = api("get", "workflows/orders/versions/latest?content=true").json()
    assert len(whole["definitions_json"]["tasks"]) == 3
    assert api("get", f"snapshots/{whole['id']}").json()["content_hash"] == whole["content_hash"]
    assert len(api("get", f"snapshots?content_hash={whole['content_hash']}").json()["results"]) == 1
    assert api("get", "workflows/orders/diff?left=1&right=live").json()["identical"] is True


@pytest.mark.parametrize(
    "path",
    [
        "workflows/orders",
        "workflows/orders/versions",
        "workflows/orders/versions/1",
        "workflows/orders/diff",
        "snapshots/{snapshot}",
        "syncs/{sync}",
    ],
)
def test_an_outsider_sees_nothing(api, published, path):
    path = path.format(snapshot=Snapshot.objects.get().pk, sync=Sync.objects.get().pk)
    assert api("get", path, as_="viewer").status_code == 200
    answer = api("get", path, as_="outsider")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api("get", "workflows", as_="outsider").json()["results"] == []
    assert api("get", "snapshots", as_="outsider").json()["results"] == []


def test_masked_values_come_back_whole(api, published, dolphin):
    code = next(iter(published["definition"]["definitions"]["tasks"]))
    published["definition"]["definitions"]["tasks"][code]["taskParams"]["rawScript"] = "export PASSWORD=hunter2; run"
    api("post", "workflows/orders/publish", body=published)
    run_due()
    shown = api("get", "workflows/orders/versions/latest?content=true").json()["definitions_json"]["tasks"][code]
    assert "hunter2" not in str(shown)
    published["definition"]["definitions"]["tasks"][code] = {**shown, "failRetryTimes": 3}
    answer = api("post", "workflows/orders/publish", body=published)
    assert answer.status_code == 202, answer.json()
    run_due()
    task = dolphin.state.task_log[int(code)][-1]
    assert ("hunter2" in task["taskParams"], task["failRetryTimes"]) == (True, 3)
