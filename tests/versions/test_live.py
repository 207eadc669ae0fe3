"""What readers are shown of DolphinScheduler: kept for seconds, void after a publish, read by few at once, and never for others' eyes."""

import threading

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from catalog.errors import Conflict, NotFound
from catalog.models import Workflow
from snapshotter.errors import LiveBusy
from snapshotter.models import WorkflowState
from snapshotter.readers import MOST_KEPT, reading
from snapshotter.work import run_due
from versions import live
from versions.live import live_of


@pytest.fixture(autouse=True)
def nothing_kept():
    live._kept.clear()
    yield
    live._kept.clear()


@pytest.fixture
def own(settings):
    """Set own settings of a reader."""

    def change(**values):
        settings.SNAPSHOTTER = {**django_settings.SNAPSHOTTER, **values}

    return change


@pytest.fixture
def orders(api, good_body):
    api("post", "workflows/orders/publish", body=good_body)
    run_due()
    return Workflow.objects.select_related("project__instance").get(key="orders")


def test_a_second_look_within_the_time_asks_nobody(own, orders, dolphin):
    own(LIVE_CACHE=600)
    first = live_of(orders)
    calls = len(dolphin.log)
    assert live_of(orders) is first
    assert len(dolphin.log) == calls
    own(LIVE_CACHE=0)
    assert live_of(orders) is not first
    assert len(dolphin.log) > calls


def test_a_publish_makes_what_was_kept_void(own, orders, api, good_body):
    own(LIVE_CACHE=600)
    first = live_of(orders)
    good_body["definition"]["name"] = "orders two"
    assert api("post", "workflows/orders/publish", body=good_body).status_code == 202
    run_due()
    assert (first.canonical.document.name, live_of(orders).canonical.document.name) == ("orders_daily", "orders two")


def test_nothing_is_kept_while_a_change_runs(own, orders, api, good_body):
    own(LIVE_CACHE=600)
    good_body["definition"]["name"] = "orders two"
    api("post", "workflows/orders/publish", body=good_body)
    assert WorkflowState.objects.get(workflow=orders).lock_id is not None
    assert live_of(orders) is not live_of(orders)
    assert not live._kept


def test_a_reader_without_a_place_is_told_to_come_again(own, orders, api, dolphin):
    own(LIVE_READS=1, LIVE_WAIT=0)
    with reading(orders.project.instance_id):
        with pytest.raises(LiveBusy):
            live_of(orders)
        answer = api("get", "workflows/orders/diff")
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "live_busy", "5")
    assert live_of(orders).canonical.document.name == "orders_daily"


def test_one_who_waited_is_given_what_the_other_has_read(own, orders, dolphin):
    own(LIVE_CACHE=600, LIVE_READS=1, LIVE_WAIT=60)
    key = live._key(orders)
    found = live._read(orders)
    calls = len(dolphin.log)
    inside = threading.Event()
    answers = []

    def wait():
        inside.set()
        with reading(orders.project.instance_id):
            answers.append(live._kept.fresh(key))

    with reading(orders.project.instance_id):
        waiting = threading.Thread(target=wait)
        waiting.start()
        inside.wait()
        live._kept.keep(key, found)
    waiting.join()
    assert (answers, len(dolphin.log)) == ([found], calls)


def test_only_some_definitions_are_kept(own, orders):
    own(LIVE_CACHE=600)
    found = live_of(orders)
    for number in range(50):
        live._kept.keep((number,), found)
    assert len(live._kept) == MOST_KEPT


def test_what_is_kept_is_not_shown_to_those_who_may_not_see_it(own, orders, api):
    own(LIVE_CACHE=600)
    assert api("get", "workflows/orders/diff").status_code == 200
    assert live._kept
    assert api("get", "workflows/orders/diff", as_="outsider").status_code == 404


def test_what_can_not_be_read_is_not_kept(own, orders, dolphin):
    own(LIVE_CACHE=600)
    dolphin.state.definitions.clear()
    with pytest.raises(NotFound):
        live_of(orders)
    orders.project.instance.paused_because = "the token is refused"
    with pytest.raises(Conflict):
        live_of(orders)
    assert not live._kept


def test_what_was_read_while_something_was_published_is_not_kept(own, orders, monkeypatch):
    own(LIVE_CACHE=600)
    read = live._read

    def meanwhile(workflow):
        found = read(workflow)
        WorkflowState.objects.update(checked_at=timezone.now())
        return found

    monkeypatch.setattr(live, "_read", meanwhile)
    live_of(orders)
    assert not live._kept


def test_a_workflow_that_was_deleted_is_told_and_leads_to_its_restore(own, orders, dolphin, api, client, viewer):
    own(LIVE_CACHE=0)
    dolphin.state.definitions.clear()
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/workflows/orders/diff/?left=published&right=live")
    assert page.status_code == 200
    assert "DolphinScheduler has no such workflow any more." in page.content.decode()
    assert "/workflows/orders/restore/" in page.content.decode()
    file = client.get("/workflows/orders/diff/export/?format=json")
    assert (file.status_code, file.content) == (409, b"DolphinScheduler has no such workflow any more.")
    assert client.get("/workflows/orders/diff/?left=99&right=live").status_code == 404, "a number that never was"
    answer = api("get", "workflows/orders/diff")
    assert answer.status_code == 404
    assert "has no such workflow any more" in str(answer.json())
