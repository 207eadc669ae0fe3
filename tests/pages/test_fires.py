"""What pages show of fires: waiting, what was lost, the button; and who may press it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from snapshotter.choices import FireState, SyncState
from snapshotter.models import MissedFire, Sync

DUE = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def fire(two_versions):
    Sync.objects.filter(pk=two_versions.pk).update(result={"schedule_off": [], "fires_beyond_the_list": 3})
    workflow = two_versions.workflow
    due = timezone.now() - timedelta(hours=1)
    return MissedFire.objects.create(
        workflow=workflow,
        sync=two_versions,
        due_at=due,
        state=FireState.MISSED,
        dolphin_time=f"{due:%Y-%m-%d %H:%M:%S}",
    )


@pytest.mark.parametrize("path", ["/syncs/{sync}/", "/workflows/orders/", "/workflows/orders/versions/2/"])
@pytest.mark.parametrize(("language", "says"), [("en", "Start that run"), ("zh-hans", "补跑这一次")])
def test_a_missed_fire_is_shown_with_its_button(fire, browse, publisher, client, path, language, says):
    client.cookies["django_language"] = language
    page = browse(path.format(sync=fire.sync_id), publisher).content.decode()
    assert says in page and fire.dolphin_time in page
    assert f'action="/missed-fires/{fire.pk}/start/"' in page


def test_the_button_starts_the_run_once(fire, browse, publisher, client, dolphin):
    browse("/workflows/", publisher)
    answer = client.post(f"/missed-fires/{fire.pk}/start/")
    assert (answer.status_code, answer["Location"]) == (302, f"/syncs/{fire.sync_id}/")
    assert client.post(f"/missed-fires/{fire.pk}/start/").status_code == 409
    assert [run["scheduleTime"] for run in dolphin.state.instances if run["commandType"] == "COMPLEMENT_DATA"] == [
        fire.dolphin_time
    ]
    page = client.get(f"/syncs/{fire.sync_id}/").content.decode()
    assert "started afterwards" in page and "Start that run" not in page


def test_who_may_not_press_it(fire, browse, viewer, outsider, client, dolphin):
    page = browse(f"/syncs/{fire.sync_id}/", viewer).content.decode()
    assert "disabled" in page
    assert client.post(f"/missed-fires/{fire.pk}/start/").status_code == 403
    browse("/workflows/", outsider)
    assert client.post(f"/missed-fires/{fire.pk}/start/").status_code == 404
    assert client.get(f"/missed-fires/{fire.pk}/start/").status_code == 405
    assert AuditEntry.objects.filter(event="fire.refused").count() == 1
    assert not [run for run in dolphin.state.instances if run["commandType"] == "COMPLEMENT_DATA"]


def test_waiting_says_for_what(two_versions, browse, publisher):
    Sync.objects.filter(pk=two_versions.pk).update(
        state=SyncState.WAITING, error_code="fire_guard", result={"fire_guard": {"fire": DUE.isoformat(), "waits": 1}}
    )
    page = browse(f"/syncs/{two_versions.pk}/", publisher)
    assert "Waits for the fire at 2026-03-01 03:00:00 UTC." in page.content.decode()
    assert page["Refresh"]


def test_notices(two_versions, browse, publisher):
    problem = {"code": "tenant_missing", "text": "<b>no</b> tenant", "where": ""}
    result = {
        "preflight": {"problems": [problem], "warnings": [{**problem, "code": "not_checked"}]},
        "fire_guard": {"no_gap": True, "seconds": 60},
        "fires_unknown": True,
        "fires_beyond_the_list": 2,
    }
    Sync.objects.filter(pk=two_versions.pk).update(state=SyncState.FAILED, error_code="preflight", result=result)
    page = browse(f"/syncs/{two_versions.pk}/", publisher).content.decode()
    for text in ("tenant_missing", "not_checked", "never rests for 60", "reckoned", "2 more fires", "&lt;b&gt;no"):
        assert text in page, text
