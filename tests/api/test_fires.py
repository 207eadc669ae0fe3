"""Missed fires in the API: read with the sync and the workflow, started once by who may."""

from datetime import UTC, datetime

import pytest

from snapshotter.choices import FireState, Online, ScheduleChoice
from snapshotter.models import MissedFire, Sync
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE


@pytest.fixture
def fire(api, good_body):
    good_body["definition"]["schedule"] = {**SCHEDULE, "releaseState": "ONLINE"}
    body = {**good_body, "online": Online.ON, "schedule": ScheduleChoice.FROM_DEFINITION}
    api("post", "workflows/orders/publish", body=body)
    run_due()
    Sync.objects.update(result={"schedule_off": []})
    sync = Sync.objects.get()
    due = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    return MissedFire.objects.create(
        workflow=sync.workflow, sync=sync, due_at=due, state=FireState.MISSED, dolphin_time="2026-03-01 03:00:00"
    )


def test_fires_stand_with_sync_and_workflow(api, fire):
    MissedFire.objects.create(workflow=fire.workflow, sync=fire.sync, due_at="2026-03-02T03:00Z", state=FireState.RAN)
    (told,) = api("get", f"syncs/{fire.sync_id}").json()["missed_fires"]
    assert (told["due_at"], told["state"], told["can_be_started"]) == ("2026-03-01T03:00:00Z", "missed", True)
    assert api("get", "workflows/orders/missed-fires").json()["results"] == [told]


def test_a_run_is_started_once(api, fire):
    started = api("post", f"missed-fires/{fire.pk}/start")
    assert (started.status_code, started.json()["state"], started.json()["started_by_name"]) == (
        200,
        "started",
        "publisher",
    )
    again = api("post", f"missed-fires/{fire.pk}/start")
    assert (again.status_code, again.json()["code"]) == (409, "fire_not_startable")


def test_who_may_not(api, fire):
    assert api("post", f"missed-fires/{fire.pk}/start", as_="viewer").status_code == 403
    assert api("post", f"missed-fires/{fire.pk}/start", as_="outsider").status_code == 404
    assert api("post", f"missed-fires/{fire.pk}/start", as_="").status_code == 401
    assert api("get", "workflows/orders/missed-fires", as_="outsider").status_code == 404
    assert api("get", f"missed-fires/{fire.pk}/start").status_code == 405


def test_a_fresh_answer_asks_for_no_fires(api, good_body, django_assert_num_queries):
    answer = api("post", "workflows/orders/publish", body=good_body).json()
    assert answer["sync"]["missed_fires"] == []
