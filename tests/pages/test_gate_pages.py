"""Freeze windows and quarantine on the pages."""

import pytest
from django.utils import timezone

from snapshotter.models import ContentQuarantine, FreezeWindow, Snapshot, Sync
from tests.pages.conftest import MARKUP

ONCE = {"reason": f"audit {MARKUP}", "starts_at": "2020-01-01T00:00", "ends_at": "2099-01-01T00:00"}


@pytest.fixture
def frozen(project):
    now = timezone.now()
    day = timezone.timedelta(days=1)
    return FreezeWindow.objects.create(
        project=project, reason=f"audit {MARKUP}", created_by_name="wang", starts_at=now - day, ends_at=now + day
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_list(language, frozen, browse, viewer, client, django_assert_max_num_queries):
    FreezeWindow.objects.create(
        **{"reason": "weekend", "created_by_name": "wang", "time_zone": "Asia/Shanghai"},
        **{"start_weekday": 4, "start_time": "18:00", "end_weekday": 0, "end_time": "08:00"},
    )
    browse("/healthz", viewer)
    client.cookies["django_language"] = language
    with django_assert_max_num_queries(15):
        text = client.get("/freezes/").content.decode()
    assert MARKUP not in text and "audit" in text and "Asia/Shanghai" in text
    assert ("封网中" in text) == (language == "zh-hans")
    assert '<button class="btn main">' not in text, "a viewer may freeze nothing"


def test_a_workflow_says_that_it_is_frozen_or_soon_will_be(two_versions, frozen, browse, viewer, client):
    text = browse("/workflows/orders/", viewer).content.decode()
    assert "frozen until" in text and "audit" in text and MARKUP not in text
    hour = timezone.timedelta(hours=1)
    soon = {"starts_at": timezone.now() + hour, "ends_at": timezone.now() + 2 * hour}
    FreezeWindow.objects.filter(pk=frozen.pk).update(**soon)
    text = client.get("/workflows/orders/").content.decode()
    assert "Freeze ahead" in text and "audit" in text and MARKUP not in text
    FreezeWindow.objects.filter(pk=frozen.pk).update(starts_at=soon["starts_at"] + 48 * hour, ends_at=None)
    assert "audit" not in client.get("/workflows/orders/").content.decode()


def test_a_stranger_sees_only_what_holds_everywhere(frozen, browse, outsider, client):
    assert "audit" not in browse("/freezes/", outsider).content.decode()
    assert client.post(f"/freezes/{frozen.pk}/end/").status_code == 404
    client.logout()
    assert client.get("/freezes/").status_code == 302


def test_a_manager_freezes_and_lifts(project, browse, manager, client):
    page = browse("/freezes/", manager)
    assert [value for value, _ in page.context["form"].fields["scope"].choices] == [f"p{project.pk}"]
    assert client.post("/freezes/", {**ONCE, "scope": "all"}).status_code == 200
    assert client.post("/freezes/", {**ONCE, "scope": f"p{project.pk}", "ends_at": ""}).status_code == 200
    assert FreezeWindow.objects.count() == 0
    assert client.post("/freezes/", {**ONCE, "scope": f"p{project.pk}"}).status_code == 302
    window = FreezeWindow.objects.get()
    assert (window.project, window.created_by_name) == (project, "manager")
    assert client.post(f"/freezes/{window.pk}/end/").status_code == 302
    assert FreezeWindow.objects.open().count() == 0


def test_a_superuser_freezes_wider(instance, browse, root, client):
    browse("/freezes/", root)
    for scope in (f"i{instance.pk}", "all"):
        assert client.post("/freezes/", {**ONCE, "scope": scope}).status_code == 302
    assert set(FreezeWindow.objects.values_list("instance", "project")) == {(instance.pk, None), (None, None)}


def test_a_publisher_may_lift_nothing(frozen, browse, publisher, client):
    browse("/freezes/", publisher)
    assert client.post(f"/freezes/{frozen.pk}/end/").status_code == 403
    assert client.get(f"/freezes/{frozen.pk}/end/").status_code == 405


def test_the_publish_page_says_that_it_is_frozen_and_offers_the_way_round(two_versions, frozen, browse, root, client):
    page = browse("/workflows/orders/publish/", root)
    text = page.content.decode()
    assert "audit" in text and MARKUP not in text and 'name="override_freeze"' in text
    data = {
        "definition": page.context["form"].initial["definition"].replace("two", "three"),
        **{"message": "by hand", "base": 2, "online": "keep", "schedule": "keep"},
    }
    refused = client.post("/workflows/orders/publish/", data)
    assert (refused.status_code, Sync.objects.count()) == (200, 2)
    assert "Frozen until" in refused.content.decode()
    assert client.post("/workflows/orders/publish/", {**data, "override_freeze": "down"}).status_code == 302


def test_quarantine_by_the_version_page(two_versions, browse, manager, client):
    path = "/workflows/orders/versions/1/"
    assert "quarantine/" in browse(path, manager).content.decode()
    snapshot = Snapshot.objects.get(version=1)
    address = f"/snapshots/{snapshot.pk}/quarantine/"
    assert client.post(address, {"reason": ""}).status_code == 400
    assert client.post(address, {"reason": f"bad {MARKUP}"}).status_code == 302
    row = ContentQuarantine.objects.get()
    assert (row.workflow.key, row.created_by_name) == ("orders", "manager")
    text = client.get(path).content.decode()
    assert "bad" in text and MARKUP not in text
    assert "⊘" in client.get("/workflows/orders/").content.decode()
    assert client.post(f"{address}{row.pk}/lift/").status_code == 302
    assert ContentQuarantine.objects.open().count() == 0


def test_who_may_not_quarantine(two_versions, browse, publisher, outsider, client):
    address = f"/snapshots/{Snapshot.objects.get(version=1).pk}/quarantine/"
    browse("/workflows/", publisher)
    assert client.post(address, {"reason": "x"}).status_code == 403
    assert "quarantine/" not in client.get("/workflows/orders/versions/1/").content.decode()
    browse("/workflows/", outsider)
    assert client.post(address, {"reason": "x"}).status_code == 404
    assert ContentQuarantine.objects.count() == 0


def test_temporary_workflows_are_not_offered(project, browse, publisher, dolphin):
    from tests.services.raw_dolphin import RawDolphin

    raw = RawDolphin(dolphin.url, dolphin.token)
    (task,) = raw.task_codes(project.code, 1)
    raw.create(project.code, raw.form("orders_copy_20261125", {task: "echo"}))
    text = browse(f"/projects/{project.pk}/workflows/", publisher).content.decode()
    assert "temporary" in text and 'name="workflow_code"' not in text
