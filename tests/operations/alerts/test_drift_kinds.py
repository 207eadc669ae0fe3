"""Alerts of drift by really causing it: DolphinScheduler is changed behind our back, an inspection finds it, somebody ends it."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from drift.adopt import adopt
from drift.inspection.freshness import tell_late
from drift.models import InspectionRun
from drift.put_back import Order, put_back
from drift.rules.ignore import Field, ignore
from snapshotter.gates.quarantine import quarantine
from snapshotter.models import Snapshot
from snapshotter.work import run_due
from tests.drift.conftest import go, hands, look_at, orders, sweep  # noqa: F401  a published workflow and hands
from tests.drift.items import again
from tests.operations.alerts.test_kinds import facts, only


@pytest.fixture
def found(told, hands, sweep):  # noqa: F811
    """Somebody edits the script; return what is told of it."""
    told()
    hands.edit("echo theirs")
    sweep()
    return only(told())


@pytest.fixture
def item(found, look_at):  # noqa: F811
    return again(look_at().item)


def test_an_edit_is_told_once(found, told, sweep):  # noqa: F811
    assert (found["kind"], found["severity"], found["workflow"]) == ("drift_found", "high", "orders")
    assert found["message"]["sentences"] == ["Task task 0: script changed (+1 −1)"]
    assert "/drift/" in found["message"]["link"]
    sweep(is_full=True)
    assert told() == []


def test_an_edit_on_top_of_it_is_told_as_another_one(found, told, hands, sweep):  # noqa: F811
    hands.edit("echo theirs again")
    sweep()
    assert only(told())["kind"] == "drift_changed"


def test_taken_offline(told, hands, sweep):  # noqa: F811
    told()
    hands.release("OFFLINE")
    sweep()
    said = only(told())
    assert (said["kind"], said["severity"]) == ("drift_found", "high")
    assert "taken offline" in facts(said)["What differs"]


def test_content_in_quarantine(told, hands, sweep, manager, make_definition, go):  # noqa: F811
    quarantine(Snapshot.objects.get(version=1), reason="doubles rows", actor=manager)
    told()
    hands.edit("echo 1")
    sweep()
    said = only(told())
    assert (said["kind"], said["severity"]) == ("quarantined_live", "high")


@pytest.fixture
def schedule_on(hands):  # noqa: F811
    """An edit leaves the schedule off; put it on again."""

    def put_on():
        for row in hands.schedules():
            hands.schedule(row["id"], "online")

    return put_on


def test_gone_by_itself(item, told, hands, sweep, schedule_on):  # noqa: F811
    hands.edit("echo 2")
    schedule_on()
    sweep()
    assert _ended(told).startswith("Drift is gone")


def test_ignored(item, told, root, sweep, schedule_on):  # noqa: F811
    schedule_on()
    sweep()
    told()
    ignore(item.project, Field(path="tasks.*.taskParams.rawScript", reason="theirs to tune"), actor=root)
    assert _ended(told).startswith("Drift is ignored")


def test_published_over(item, told, go, make_definition):  # noqa: F811
    go(make_definition("echo 3"), force_reason="ours is right")
    assert _ended(told).startswith("Drift was published over")


def test_adopted(item, told, publisher):
    adopt(item, actor=publisher, reason="agreed", seen=item.found)
    run_due()
    assert _ended(told).startswith("Drift was adopted")


def test_put_back(item, told, publisher):
    put_back(item, Order(reason="not agreed", acknowledged=("schedule_on",)), actor=publisher)
    run_due()
    messages = {said["kind"]: said["message"]["title"] for said in told()}
    assert messages["drift_resolved"].startswith("[low] Drift was put back")
    assert messages["rollback_done"].startswith("[medium] Put back")


def test_an_edit_that_went_under(told, hands, go, make_definition, monkeypatch):  # noqa: F811
    """Saved between the last look of a publish and its write."""
    told()
    real, done = requests.Session.send, []

    def send(session, request, **options):
        if request.method == "PUT" and request.url.endswith(f"/process-definition/{hands.code}") and not done:
            done.append(True)
            hands.edit("echo theirs", online=False)
        return real(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", send)
    go(make_definition("echo 3"))
    kinds = [said["kind"] for said in told()]
    assert sorted(kinds) == ["overwrote_unseen", "publish_done"]


def test_inspections_that_stopped(told, sweep, instance, settings, hands):  # noqa: F811
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "INSPECT_EVERY": 300}
    run = sweep()
    told()
    long_ago = timezone.now() - timedelta(seconds=4 * 300)
    InspectionRun.objects.filter(pk=run.pk).update(started_at=long_ago, finished_at=long_ago)
    assert (tell_late(), tell_late()) == (1, 0)
    said = only(told())
    assert (said["kind"], said["instance"]) == ("checks_stopped", "sandbox")


def _ended(told):
    said = only([said for said in told() if said["kind"] == "drift_resolved"])
    assert said["severity"] == "low"
    return said["message"]["title"].removeprefix("[low] ")
