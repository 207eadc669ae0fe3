"""Retention: what is past its days goes, what anything may still ask stays, and the trail says what went."""

from datetime import timedelta
from uuid import uuid4

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import AuditEntry
from catalog.models import Deployment
from operations.alerts.models import AlertChannel, AlertDelivery
from operations.models import InventoryRow, OperationRun
from operations.retention import retention
from operations.retention.models import RetentionMark
from operations.retention.retain import retain, retain_due, would_go
from snapshotter.choices import DeliveryState
from snapshotter.models import IdempotencyKey, MissedFire, Snapshot, Sync, SyncStep, WebhookDelivery, WorkflowState
from snapshotter.webhooks.ping import test_webhook as ping
from tests.snapshotter.conftest import hook, receiver  # noqa: F401  a receiver of webhooks

DAYS = {"JOURNALS": 10, "FAILED_JOURNALS": 20, "DELIVERIES": 10, "INVENTORIES": 10, "KEYS": 10, "SIGN_INS": 10}


@pytest.fixture(autouse=True)
def days(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, **{f"RETAIN_{name}": number for name, number in DAYS.items()}}


def ago(days):
    return timezone.now() - timedelta(days=days)


def age(sync, days):
    Sync.objects.filter(pk=sync.pk).update(created_at=ago(days), started_at=ago(days), finished_at=ago(days))


@pytest.fixture
def published(run_publish, make_definition):
    """Two publishes, each fifteen days old; the first is neither published nor the last."""
    made = [run_publish(make_definition(f"echo {number}")) for number in range(2)]
    for sync in made:
        age(sync, 15)
    return made


def has_journal(sync):
    sync.refresh_from_db()
    lines = sync.steps.exists()
    assert lines == (sync.journal_deleted_at is None)
    return lines


def test_an_old_journal_goes_and_the_sync_stays(published, client, root):
    first, last = published
    lines = first.steps.count()
    assert would_go()["journal_lines"] == 1
    assert retain()["journal_lines"] == lines
    assert [has_journal(first), has_journal(last)] == [False, True]
    assert (first.state, first.result) == ("succeeded", published[0].result)
    assert Snapshot.objects.get(pk=first.snapshot_id).status == "published"
    assert retain()["journal_lines"] == 0, "once"
    client.force_login(root)
    page = client.get(f"/syncs/{first.pk}/").content.decode()
    assert f"The journal was kept until {timezone.now():%Y-%m-%d}" in page


def test_what_is_gone_is_not_looked_at_again(published, settings, monkeypatch):
    """A look is one page: with pages of one sync, the one whose journal is gone would fill the first."""
    monkeypatch.setattr(retention, "LOOK", 1)
    first, last = published
    retain()
    journals = retention.KINDS[0]
    seen = journals.look(retention.cutoffs_of(settings.SNAPSHOTTER, journals.days, timezone.now()), 0)
    assert not has_journal(first) and seen.last == last.pk


@pytest.mark.parametrize("kept_by", ["age", "state", "lock", "fire", "attention"])
def test_a_journal_that_may_be_asked_stays(published, kept_by):
    first, _ = published
    if kept_by == "age":
        age(first, 9)
    elif kept_by in ("state", "attention"):
        Sync.objects.filter(pk=first.pk).update(state="running" if kept_by == "state" else "attention")
    elif kept_by == "lock":
        WorkflowState.objects.filter(workflow=first.workflow_id).update(lock=first)
    else:
        MissedFire.objects.create(workflow=first.workflow, sync=first, due_at=ago(15), state="missed")
    assert retain()["journal_lines"] == would_go()["journal_lines"] == 0
    assert has_journal(first)


def test_what_failed_is_kept_longer(published):
    first, _ = published
    Sync.objects.filter(pk=first.pk).update(state="failed")
    assert retain()["journal_lines"] == 0
    age(first, 21)
    assert retain()["journal_lines"] > 0
    assert not has_journal(first)


def test_for_ever(published, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "RETAIN_JOURNALS": 0, "RETAIN_FAILED_JOURNALS": 0}
    for sync in published:
        age(sync, 4000)
    assert retain()["journal_lines"] == 0
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "RETAIN_FAILED_JOURNALS": 1}
    assert retain()["journal_lines"] == 0, "one may be for ever without the other"


def test_messages(hook, manager):  # noqa: F811
    old, given_up, pending, young = (ping(hook, actor=manager) for _ in range(4))
    states = (DeliveryState.DELIVERED, DeliveryState.GIVEN_UP, DeliveryState.PENDING, DeliveryState.DELIVERED)
    for row, state, days in zip((old, given_up, pending, young), states, (11, 11, 11, 9), strict=True):
        WebhookDelivery.objects.filter(pk=row.pk).update(state=state, due_at=ago(days), created_at=ago(days))
    assert (would_go()["deliveries"], retain()["deliveries"]) == (1, 1)
    assert set(WebhookDelivery.objects.values_list("pk", flat=True)) == {given_up.pk, pending.pk, young.pk}
    WebhookDelivery.objects.filter(pk=given_up.pk).update(due_at=ago(21))
    assert retain()["deliveries"] == 1


def test_alerts(db):
    channel = AlertChannel.objects.create(name="night", kind="webhook")

    def alert(state, days, **more):
        row = AlertDelivery.objects.create(
            channel=channel, state=state, severity="low", delivery_id=uuid4(), due_at=ago(days), **more
        )
        AlertDelivery.objects.filter(pk=row.pk).update(created_at=ago(days))
        return row

    old, given_up = alert("delivered", 11), alert("given_up", 11)
    alert("folded", 11, told_by=old)
    pending, orphan, young = alert("pending", 11), alert("folded", 11), alert("delivered", 9)
    assert (would_go()["alerts"], retain()["alerts"]) == (2, 3), "what another message tells goes with it"
    assert set(AlertDelivery.objects.values_list("pk", flat=True)) == {pending.pk, orphan.pk, young.pk}
    assert given_up.pk not in AlertDelivery.objects.values_list("pk", flat=True)


def test_inventories_that_a_newer_one_replaced(project):
    def inventory(days, *, of=None, state="succeeded", kind="inventory"):
        run = OperationRun.objects.create(
            kind=kind, instance=project.instance, project=of, state=state, actor_name="root", finished_at=ago(days)
        )
        item = run.items.create(project_code=1, workflow_code=run.pk, name="orders")
        InventoryRow.objects.create(item=item)
        return run

    of_project, replaced = inventory(30, of=project), inventory(30)
    baseline = inventory(30, kind="baseline")
    newest_of_project, failed = inventory(20, of=project), inventory(5, state="failed")
    assert (would_go()["inventory_rows"], would_go()["inventories"]) == (1, 0)
    assert retain()["inventory_rows"] == 2, "with what was found"
    assert not OperationRun.objects.filter(pk=of_project.pk).exists()
    newest = inventory(4)
    retain()
    left = {baseline, failed, newest}
    assert set(OperationRun.objects.all()) == left and InventoryRow.objects.count() == len(left)
    assert replaced not in left and newest_of_project not in left


def test_idempotency_keys(project, published):
    first, last = published
    Sync.objects.filter(pk=last.pk).update(state="attention")
    rows = [
        IdempotencyKey.objects.create(project=project, key_hash=f"{number:064}", request_hash="", sync=sync)
        for number, sync in enumerate((first, last, None, first))
    ]
    IdempotencyKey.objects.exclude(pk=rows[3].pk).update(created_at=ago(11))
    assert (would_go()["idempotency_keys"], retain()["idempotency_keys"]) == (2, 2)
    assert set(IdempotencyKey.objects.values_list("pk", flat=True)) == {rows[1].pk, rows[3].pk}


def test_sign_ins(db):
    for model, more in ((AccessLog, {}), (AccessFailureLog, {}), (AccessAttempt, {"failures_since_start": 1})):
        for days in (11, 9):
            row = model.objects.create(username=f"{days}", user_agent="", http_accept="", path_info="", **more)
            model.objects.filter(pk=row.pk).update(attempt_time=ago(days))
    for days in (11, 9, -1):
        Session.objects.create(session_key=f"key{days}", session_data="", expire_date=ago(days))
    before = would_go()
    deleted = retain()
    for kind in ("sign_ins", "failed_sign_ins", "sign_in_attempts", "sessions"):
        assert (before[kind], deleted[kind]) == (1, 1), kind
    assert [model.objects.get().username for model in (AccessLog, AccessFailureLog, AccessAttempt)] == ["9"] * 3
    assert Session.objects.count() == 2


def test_batch_by_batch_comes_to_the_same(db, monkeypatch):
    monkeypatch.setattr(retention, "LOOK", 2)
    AccessLog.objects.bulk_create(
        AccessLog(username="x", user_agent="", http_accept="", path_info="") for _ in range(7)
    )
    AccessLog.objects.update(attempt_time=ago(11))
    Session.objects.bulk_create(Session(session_key=f"{n}", session_data="", expire_date=ago(11)) for n in range(7))
    before = would_go()
    deleted = retain()
    assert (before["sign_ins"], deleted["sign_ins"], before["sessions"], deleted["sessions"]) == (7, 7, 7, 7)


def test_the_worker_goes_on_where_it_stopped_and_then_rests(published, monkeypatch):
    monkeypatch.setattr(retention, "LOOK", 1)
    first, last = published
    rounds = 0
    while True:
        retain_due(0)  # one batch
        rounds += 1
        mark = RetentionMark.objects.get()
        if mark.done_at:
            break
        assert rounds < 20
    assert rounds > 2 and mark.place == 0
    assert [has_journal(first), has_journal(last)] == [False, True]
    assert mark.due_at > timezone.now() + timedelta(minutes=50)
    age(last, 30)
    assert retain_due(60) == 0, "not before an hour is over"


def test_two_workers_do_not_delete_at_once(published):
    RetentionMark.objects.create(due_at=timezone.now() + timedelta(seconds=100))  # somebody is at it
    assert retain_due(60) == 0
    assert has_journal(published[0])


def test_told_once_a_day_with_counts(published):
    deleted = retain_due(60)
    assert not AuditEntry.objects.filter(event="retention.done").exists(), "the day is not over"
    yesterday = timezone.now().date() - timedelta(days=1)
    RetentionMark.objects.update(day=yesterday, due_at=ago(1))
    retain_due(60)
    RetentionMark.objects.update(due_at=ago(1))
    retain_due(60)
    assert deleted
    entry = AuditEntry.objects.get(event="retention.done")
    assert entry.additional_data == {"day": str(yesterday), "deleted": {"journal_lines": deleted}}
    assert (entry.actor_id, entry.outcome) == (None, "ok")


def test_a_copied_database_is_left_as_it_is(published):
    Deployment.objects.update(identity="another")
    assert retain_due(60) == 0
    assert has_journal(published[0])
    with pytest.raises(CommandError, match="another deployment"):
        call_command("retain")


def test_the_command(published, capsys):
    lines = published[0].steps.count()
    call_command("retain", "--dry-run")
    assert "journal_lines: 1  (RETAIN_JOURNALS 10, RETAIN_FAILED_JOURNALS 20)" in capsys.readouterr().out
    assert SyncStep.objects.filter(sync=published[0]).count() == lines
    call_command("retain")
    assert f"journal_lines: {lines}  (" in capsys.readouterr().out
