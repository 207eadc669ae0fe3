"""Each alert by really causing it: received once, saying what, where, who, why and what to do."""

from datetime import timedelta

import pytest
from django.db import DataError, connection
from django.utils import timezone

from audit.actors import SYSTEM
from audit.record import record
from audit.verify_audit import verify
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from catalog.service_accounts import issue_token
from drift.choices import ItemState
from drift.models import DriftItem
from drift.unmute import unmute, wake_due
from operations.alerts.choices import Kind
from operations.alerts.kinds import ALWAYS, BY_LOOKING
from operations.alerts.watch import watch
from operations.alerts.words import NEXT
from rollback.approve import approve
from rollback.execute import break_glass, execute
from rollback.many.criteria import criteria_of
from rollback.many.submit_many import AskMany, submit_many
from rollback.many.work import work_due
from rollback.models import RollbackRequest
from snapshotter.cancel import cancel
from snapshotter.capture import capture
from snapshotter.choices import ScheduleChoice, Trigger
from snapshotter.drafts.fail import fail_draft
from snapshotter.gates.quarantine import quarantine
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync, WebhookDelivery, WebhookEndpoint, WorkflowState
from snapshotter.webhooks.deliver import MAX_ATTEMPTS, deliver_due
from snapshotter.webhooks.ping import test_webhook as ping
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.services.raw_dolphin import RawDolphin

CANARY = "c4n4ry-hunter2"
EMOJI = "echo 😀"  # refused by DolphinScheduler's own database


def facts(said):
    return {fact["label"]: fact["text"] for fact in said["message"]["facts"]}


def only(messages):
    (said,) = messages
    return said


def test_a_publish_says_what_changed_with_secrets_masked(told, run_publish, make_definition, project):
    run_publish(make_definition(f"export PASSWORD={CANARY}\necho a"))
    first = only(told())
    assert (first["kind"], first["severity"], first["message"]["sentences"]) == ("publish_done", "low", [])
    run_publish(make_definition(f"export PASSWORD={CANARY}2\necho b"))
    said = only(told("publish_done"))
    assert CANARY not in str(said)
    assert [text for text in said["message"]["sentences"] if "(+" in text], said["message"]["sentences"]
    assert said["message"]["link"] == "https://snapshotter.example.com/workflows/orders/diff/?left=1&right=2"
    assert said["message"]["title"].startswith("[low] Published: orders (sandbox/warehouse)")
    assert (facts(said)["Who"], facts(said)["Message"], facts(said)["Version"]) == ("publisher", "why", "v2")
    assert said["workflow"] == "orders" and said["project"] == project.code


def test_many_changes_are_counted(told, run_publish, make_definition):
    run_publish(make_definition())
    told()
    more = make_definition("echo x")
    one = {"direct": "IN", "type": "VARCHAR", "value": "x"}
    more["definitions"]["settings"]["globalParams"] = [{"prop": f"p{n}", **one} for n in range(9)]
    run_publish(more)
    said = only(told("publish_done"))
    assert (len(said["message"]["sentences"]), said["message"]["more"]) == (5, "and 5 more")


def test_publish_failed(told, run_publish, make_definition):
    run_publish(make_definition())
    told()
    run_publish(make_definition(EMOJI))
    said = only(told())
    assert (said["kind"], said["severity"], said["outcome"]) == ("publish_failed", "high", "failed")
    assert facts(said)["In DolphinScheduler now"] and facts(said)["Why"]
    assert said["message"]["next"] == str(NEXT[Kind.PUBLISH_FAILED])


def test_a_draft_that_its_platform_failed(told, open_draft, make_definition, publisher):
    snapshot = open_draft(make_definition()).snapshot
    fail_draft(snapshot, code="E1", message="the platform broke", actor=publisher)
    assert only(told())["kind"] == "publish_failed"


def test_duplicate_publish(told, run_publish, request_publish, make_definition):
    run_publish(make_definition())
    told()
    assert request_publish(make_definition()).duplicate
    assert only(told())["kind"] == "duplicate_publish"


def test_a_version_that_the_database_does_not_take(told, request_publish, make_definition):
    def full(run, sql, params, many, context):
        if "INSERT INTO" in sql and Snapshot._meta.db_table in sql:
            raise DataError("c4n4ry: the disk is full")
        return run(sql, params, many, context)

    with connection.execute_wrapper(full), pytest.raises(DataError):
        request_publish(make_definition())
    said = only(told())
    assert (said["kind"], facts(said)["Why"]) == ("snapshot_failed", "orders: DataError")
    assert said["project"] is not None and Snapshot.objects.count() == 0


def test_a_capture_that_failed(told, run_publish, make_definition, dolphin, publisher):
    workflow = run_publish(make_definition()).workflow
    told()
    capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    raw = RawDolphin(dolphin.url, dolphin.token)
    raw.call("DELETE", f"/projects/{workflow.project.code}/process-definition/{workflow.workflow_code}")
    run_due()
    assert only(told())["kind"] == "snapshot_failed"


def test_a_refused_token_in_the_middle(told, run_publish, make_definition, dolphin):
    run_publish(make_definition(), online="on")
    told()
    dolphin.fault("unauthorized", method="PUT")
    run_publish(make_definition("echo new"))
    messages = told()
    assert sorted(said["kind"] for said in messages) == ["attention", "instance_paused"]


def test_a_token_that_is_none(told, request_publish, make_definition):
    Instance.objects.update(token_encrypted=encrypt("wrong"))
    request_publish(make_definition())
    run_due()
    assert "instance_paused" in {said["kind"] for said in told()}


def test_fires_missed(told, run_publish, make_definition, dolphin):
    body = make_definition(schedule={**SCHEDULE, "crontab": "* * * * * ? *", "releaseState": "ONLINE"})
    run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online="on")
    told()
    dolphin.fault("delay", method="PUT", seconds=2.5)
    run_publish(make_definition("echo new"))
    said = only(told("fire_missed"))
    assert facts(said)["Missed"] and said["severity"] == "high"


def test_a_rollback_is_told_as_one_and_not_as_a_publish(told, roll_back):
    told()
    roll_back(1)
    messages = told()
    said = only([said for said in messages if said["cause"] != "publish.succeeded"])
    assert (said["kind"], said["severity"]) == ("rollback_done", "medium")
    assert said["message"]["sentences"] and "left=3&right=4" in said["message"]["link"]
    assert [said["kind"] for said in messages] == ["rollback_done"]


def test_a_rollback_that_failed(told, ask, oncall, history, dolphin):
    request = ask(1)
    execute(request, actor=oncall)
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    told()
    run_due()
    assert [said["kind"] for said in told()] == ["rollback_failed"]


def test_approval_waiting(told, ask, rules, approver, oncall, history):
    told()
    ask(1)
    assert told() == []  # nobody's word is needed
    RollbackRequest.objects.update(open_key=None, state="cancelled")
    rules(approvals_needed=1)
    request = ask(2)
    said = only(told())
    assert (said["kind"], said["reason"]) == ("approval_waiting", "v3 loses rows")
    assert said["message"]["link"].endswith(f"/rollbacks/{request.pk}/")
    approve(request, bound_hash=request.bound_hash, actor=approver)
    assert told() == []


def test_many_rollbacks_that_wait_are_told_once(told, rules, history, oncall, approver):
    since, project = history.version(2).created_at, history.workflow.project
    criteria = criteria_of(publisher="publisher", since=since, project=project)
    told()
    submit_many(AskMany(criteria=criteria, reason="a bad evening"), actor=oncall)
    work_due(60.0)
    assert [said for said in told() if said["kind"] == "approval_waiting"] == []
    RollbackRequest.objects.update(open_key=None, state="cancelled")
    rules(approvals_needed=1)
    batch, _new = submit_many(AskMany(criteria=criteria, reason="a bad night"), actor=oncall)
    work_due(60.0)
    said = only(told("approval_waiting"))
    assert (said["reason"], said["target"]) == ("a bad night", str(batch))
    assert said["message"]["link"].endswith(f"/rollbacks/many/{batch.pk}/")


def test_break_glass_and_its_review(told, ask, rules, breaker):
    rules(approvals_needed=2, review_hours=5)
    request = ask(1, actor=breaker)
    told()
    break_glass(request, actor=breaker, reason="the night run begins in ten minutes")
    said = only(told())
    assert (said["kind"], said["severity"]) == ("break_glass", "high") and "ten minutes" in said["reason"]
    assert watch() == 0
    RollbackRequest.objects.update(review_due_at=timezone.now() - timedelta(minutes=1))
    assert (watch(), watch()) == (1, 0)
    assert only(told())["kind"] == "review_due"


def test_quarantine_of_what_is_live(told, run_publish, make_definition, manager):
    old = run_publish(make_definition()).snapshot
    live = run_publish(make_definition("echo bad")).snapshot
    told()
    quarantine(old, reason="doubles rows", actor=manager)
    assert told() == []
    quarantine(live, reason="doubles rows", actor=manager)
    assert only(told())["kind"] == "quarantined_live"


def test_a_lock_that_is_held_for_long_is_told_once(told, request_publish, make_definition, publisher):
    sync = request_publish(make_definition()).sync
    told()
    assert watch() == 0
    WorkflowState.objects.update(locked_at=timezone.now() - timedelta(hours=2))
    assert (watch(), watch()) == (1, 0)
    said = only(told())
    assert (said["kind"], said["workflow"]) == ("lock_stuck", "orders") and "publisher holds it" in said["reason"]
    cancel(Sync.objects.get(pk=sync.pk), actor=publisher)
    assert watch() == 0


def test_no_lock_is_told_where_the_settings_say_so(told, request_publish, make_definition, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "LOCK_STUCK": 0}
    request_publish(make_definition())
    WorkflowState.objects.update(locked_at=timezone.now() - timedelta(days=2))
    assert watch() == 0


def test_a_token_that_ends_soon(told, project, manager):
    issue_token("platform", project=project, role="publish", days=30, actor=manager)
    assert watch() == 0
    token = issue_token("platform", project=project, role="publish", days=3, actor=manager)
    assert (watch(), watch()) == (1, 0)
    said = only(told())
    assert (said["kind"], said["project"]) == ("token_expiring", project.code)
    assert token not in str(said)


def test_a_trail_that_does_not_verify(told, instance):
    record("thing.done", actor=SYSTEM, target=instance)
    told()
    verify(actor=SYSTEM)
    assert told() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET reason = 'other' WHERE event = 'thing.done'")
    verify(actor=SYSTEM)
    said = only(told())
    assert (said["kind"], said["severity"]) == ("trail_broken", "high")


def test_a_webhook_that_was_given_up(told, project, manager, root):
    endpoint = WebhookEndpoint.objects.create(
        project=project, url="http://127.0.0.1:9/", secret_encrypted=encrypt("x"), approved_at=timezone.now()
    )
    ping(endpoint, actor=manager)
    WebhookDelivery.objects.update(attempts=MAX_ATTEMPTS - 1)
    told()
    deliver_due()
    said = only(told())
    assert said["kind"] == "webhook_given_up" and f"/webhooks/{endpoint.pk}/" in said["message"]["link"]


@pytest.fixture
def drifted(run_publish, make_definition):
    """What an inspection leaves: an item, and the found content kept."""
    run_publish(make_definition())
    other = run_publish(make_definition("echo theirs")).snapshot
    first = Snapshot.objects.get(version=1)
    now = timezone.now()
    return DriftItem.objects.create(
        workflow=first.workflow,
        project=first.project,
        state=ItemState.OPEN,
        open_key=first.pk,
        live_state="drifted",
        severity="medium",
        kinds=["content"],
        published=first,
        found="x",
        content_hash=other.content_hash,
        actor_name="zhang.san",
        **dict.fromkeys(("first_seen_at", "changed_at", "last_seen_at"), now),
    )


@pytest.mark.parametrize(
    ("event", "detail", "kind", "severity"),
    [
        ("drift.found", {"kinds": ["content"], "severity": "medium"}, "drift_found", "medium"),
        ("drift.found", {"kinds": ["schedule_off"], "severity": "high"}, "drift_found", "high"),
        ("drift.found", {}, "drift_found", "medium"),
        ("drift.changed", {"kinds": ["layout"], "severity": "low"}, "drift_changed", "low"),
        ("drift.found", {"kinds": ["quarantined_live"], "severity": "high"}, "quarantined_live", "high"),
        ("drift.resolved", {"kinds": ["content"], "severity": "medium"}, "drift_resolved", "low"),
    ],
)
def test_drift(event, detail, kind, severity, told, drifted):
    told()
    record(event, actor=SYSTEM, target=drifted, scope="sandbox/warehouse", detail=detail)
    said = only(told())
    assert (said["kind"], said["severity"], said["workflow"]) == (kind, severity, "orders")
    if kind != "drift_resolved":
        assert any("extract" in text or "(+" in text for text in said["message"]["sentences"])
    if detail.get("kinds"):
        assert facts(said)["Likely by"] == "zhang.san"


def test_a_name_in_another_project_is_not_told_the_readers_of_the_one_it_was_in(told, drifted, instance):
    there = Project.objects.create(instance=instance, code=99, name="there")
    Workflow.objects.filter(pk=drifted.workflow_id).update(project=there, name="payroll-2027")
    told()
    record("drift.found", actor=SYSTEM, target=drifted, scope="sandbox/warehouse", detail={"kinds": ["moved"]})
    said = only(told())
    assert facts(said)["Workflow"] == "orders" and "payroll-2027" not in str(said)


@pytest.mark.parametrize(
    ("event", "detail", "begins"),
    [
        ("drift.resolved", {"as": "resolved"}, "Drift is gone"),
        ("drift.resolved", {"as": "ignored", "rule": 1}, "Drift is ignored"),
        ("drift.resolved", {"sync": 1, "snapshot": 1}, "Drift was published over"),
        ("drift.adopted", {"sync": 1, "snapshot": 1}, "Drift was adopted"),
        ("drift.put_back", {"sync": 1, "snapshot": 1}, "Drift was put back"),
    ],
)
def test_the_end_of_a_drift_says_which(event, detail, begins, told, drifted):
    """Whoever was told that it was found hears how it ended, and nothing is gone that only nobody looks at any more."""
    told()
    record(event, actor=SYSTEM, target=drifted, scope="sandbox/warehouse", detail=detail)
    said = only(told())
    assert (said["kind"], said["severity"]) == ("drift_resolved", "low")
    assert said["message"]["title"] == f"[low] {begins}: orders (sandbox/warehouse)"
    assert ("stands" in said["message"]["next"]) == ("ignored" in begins)


def test_what_changed_under_a_mute_is_told_when_its_time_is_over(told, drifted, root):
    mute = {"state": ItemState.MUTED, "muted_until": timezone.now() - timedelta(seconds=1)}
    DriftItem.objects.update(**mute, severity="high", kinds=["schedule_off"])
    told()
    assert (wake_due(), wake_due()) == (1, 0)
    said = only(told())
    assert (said["kind"], said["severity"], facts(said)["What differs"]) == (
        "drift_changed",
        "high",
        "schedule taken off",
    )
    assert said["message"]["title"].startswith("[high] Drift stands, and its mute is over: orders")
    DriftItem.objects.update(state=ItemState.MUTED)
    unmute(DriftItem.objects.select_related("project__instance").get(), actor=root)
    assert told() == [], "whoever unmutes it has it before them"


@pytest.mark.parametrize(
    ("act", "begins"), [("put_back", "Put back"), ("restore", "Restored"), ("rollback", "Rolled back")]
)
def test_what_a_request_did_is_told_by_its_act(act, begins, told, ask):
    request = ask(1)
    RollbackRequest.objects.update(act=act)
    told()
    record("rollback.done", actor=SYSTEM, target=request, scope="sandbox/warehouse")
    assert only(told())["message"]["title"].startswith(f"[medium] {begins}: ")


def test_checks_stopped(told, instance):
    record("inspection.late", actor=SYSTEM, target=instance, reason="3 intervals")
    said = only(told())
    assert (said["kind"], said["instance"]) == ("checks_stopped", "sandbox")
    assert said["message"]["link"].endswith(f"/catalog/instance/{instance.pk}/change/")


def test_every_kind_has_a_cause_and_a_next_step():
    by_looking = {Kind.PUBLISH_FAILED, Kind.PUBLISH_DONE, Kind.APPROVAL_WAITING, Kind.ROLLBACK_FAILED}
    by_looking |= {Kind.DRIFT_FOUND, Kind.DRIFT_CHANGED, Kind.QUARANTINED_LIVE, Kind.TRAIL_BROKEN}
    assert {kind for kind, _severity in ALWAYS.values()} | by_looking == set(Kind) == set(NEXT)
    assert not ALWAYS.keys() & BY_LOOKING.keys()
    assert not [event for event in (*ALWAYS, *BY_LOOKING) if event.startswith("alert.")], "it would go in circles"
