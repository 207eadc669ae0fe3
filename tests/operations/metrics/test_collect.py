"""What the metrics say, part by part, against rows that were made by the product itself."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

from catalog.clients import pause
from drift.models import DriftItem, InspectionRun
from operations.heartbeat import beat
from operations.metrics import collect as collecting
from operations.metrics.models import WorkerBeat
from operations.metrics.upkeep import VERSION
from snapshotter.choices import LiveState
from snapshotter.finish import note_live
from snapshotter.models import Snapshot, Sync, SyncStep, WorkflowState
from snapshotter.work import run_due


def ago(**span):
    return timezone.now() - timedelta(**span)


def test_nothing_has_happened_yet(db, scrape):
    seen = scrape()
    assert seen("snapshotter_publishes_total", result="failed") == 0
    assert seen("snapshotter_syncs", kind="publish", state="attention") == 0
    assert seen("snapshotter_syncs_due_oldest_age_seconds") == 0
    assert seen("snapshotter_drift_items", severity="high") == 0
    assert seen("snapshotter_audit_last_seal_timestamp_seconds") is None
    assert all(value == 1 for (name, _), value in seen.values.items() if name == "snapshotter_metrics_part_up")


def test_a_publish_from_the_queue_to_its_end(scrape, counted, request_publish, make_definition):
    request_publish(make_definition())
    Sync.objects.update(created_at=ago(minutes=5))
    WorkflowState.objects.update(locked_at=ago(minutes=4))
    before = scrape()
    assert before("snapshotter_syncs", kind="publish", state="queued") == 1
    assert before("snapshotter_syncs_due") == 1
    assert 299 < before("snapshotter_syncs_due_oldest_age_seconds") < 600
    assert before("snapshotter_locks") == 1
    assert 239 < before("snapshotter_lock_oldest_age_seconds") < 540
    run_due()
    counted()
    after = scrape()
    assert after("snapshotter_syncs", kind="publish", state="queued") == 0
    assert (after("snapshotter_syncs_due"), after("snapshotter_locks")) == (0, 0)
    assert after("snapshotter_lock_oldest_age_seconds") == 0
    assert after("snapshotter_publishes_total", result="succeeded") == 1
    assert after("snapshotter_events_total", event="publish.accepted", outcome="ok", dolphin="sandbox") == 1
    labels = {"kind": "publish", "state": "succeeded", "dolphin": "sandbox"}
    assert after("snapshotter_sync_duration_seconds_count", **labels) == 1
    assert after("snapshotter_sync_duration_seconds_bucket", **labels, le="+Inf") == 1
    assert after("snapshotter_sync_duration_seconds_bucket", **labels, le="60") == 0
    assert after("snapshotter_sync_duration_seconds_bucket", **labels, le="900") == 1
    assert after("snapshotter_sync_duration_seconds_sum", **labels) >= 299
    assert after("snapshotter_workflows", **{"live_state": "in_sync"}) == 1


def test_what_was_deleted_in_dolphinscheduler_is_counted_as_missing(scrape, run_publish, make_definition):
    note_live(run_publish(make_definition()), LiveState.MISSING)
    seen = scrape()
    assert (
        seen("snapshotter_workflows", live_state="missing"),
        seen("snapshotter_workflows", live_state="in_sync"),
    ) == (1, 0)


def test_a_waiting_sync_is_due_since_its_time(scrape, request_publish, make_definition):
    request_publish(make_definition())
    Sync.objects.update(state="waiting", created_at=ago(hours=5), due_at=ago(seconds=30))
    assert 29 < scrape()("snapshotter_syncs_due_oldest_age_seconds") < 600
    Sync.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert scrape()("snapshotter_syncs_due") == 0


def test_how_dolphinscheduler_answers(scrape, run_publish, make_definition):
    run_publish(make_definition())
    calls = sum(len(step.summary["calls"]) for step in SyncStep.objects.all())
    seen = scrape()
    assert seen("snapshotter_dolphin_calls_seen", dolphin="sandbox") == calls > 1
    slow = SyncStep.objects.order_by("pk").last()
    slow.summary["calls"][0]["milliseconds"] = 90_000
    SyncStep.objects.filter(pk=slow.pk).update(summary=slow.summary)
    assert scrape()("snapshotter_dolphin_call_seconds", dolphin="sandbox", share="1") == 90
    SyncStep.objects.update(sent_at=ago(hours=2))
    assert scrape()("snapshotter_dolphin_calls_seen", dolphin="sandbox") is None


def test_the_version_is_the_projects():
    project = tomllib.loads((Path(__file__).resolve().parents[3] / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


def test_instances_and_inspections(scrape, instance, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "INSPECT_EVERY": 300.0}
    InspectionRun.objects.create(instance=instance, kind="scheduled", state="failed", finished_at=timezone.now())
    seen = scrape()
    assert seen("snapshotter_dolphin_info", dolphin="sandbox", flavour="3.1", version="") == 1
    assert (
        seen("snapshotter_dolphin_enabled", dolphin="sandbox"),
        seen("snapshotter_dolphin_paused", dolphin="sandbox"),
    ) == (1, 0)
    assert seen("snapshotter_inspection_last_done_timestamp_seconds", dolphin="sandbox") is None
    assert seen("snapshotter_inspection_late", dolphin="sandbox") == 0
    ended = ago(hours=1)
    InspectionRun.objects.create(instance=instance, kind="scheduled", state="done", finished_at=ended)
    pause(instance, "why")
    seen = scrape()
    assert seen("snapshotter_dolphin_paused", dolphin="sandbox") == 1
    told = seen("snapshotter_inspection_last_done_timestamp_seconds", dolphin="sandbox")
    assert told == pytest.approx(ended.timestamp(), abs=0.01)
    assert seen("snapshotter_inspection_late", dolphin="sandbox") == 1, "three intervals are a quarter of an hour"


def test_standing_drift_by_severity(scrape, run_publish, make_definition):
    sync = run_publish(make_definition())
    now = timezone.now()
    item = DriftItem.objects.create(
        workflow=sync.workflow,
        project=sync.workflow.project,
        open_key=sync.workflow_id,
        live_state="drifted",
        severity="high",
        published=Snapshot.objects.get(pk=sync.snapshot_id),
        found="0" * 64,
        first_seen_at=now,
        changed_at=now,
        last_seen_at=now,
    )
    assert scrape()("snapshotter_drift_items", severity="high") == 1
    DriftItem.objects.filter(pk=item.pk).update(open_key=None, state="resolved")
    assert scrape()("snapshotter_drift_items", severity="high") == 0


def test_signs_of_life(db, scrape):
    beat("work")
    WorkerBeat.objects.update(beat_at=ago(minutes=3))
    beat("work")  # within ten seconds: not written again
    told = scrape()("snapshotter_worker_last_round_timestamp_seconds", worker="work")
    assert told == pytest.approx(ago(minutes=3).timestamp(), abs=60)


def test_the_trail(root, scrape, counted, run_publish, make_definition):
    run_publish(make_definition())
    assert scrape()("snapshotter_audit_unsealed") > 1
    counted()
    seen = scrape()
    assert seen("snapshotter_audit_unsealed") == 0
    assert seen("snapshotter_audit_sequence") == seen("snapshotter_events_counted_sequence") > 1
    assert seen("snapshotter_audit_last_seal_timestamp_seconds") == pytest.approx(timezone.now().timestamp(), abs=600)


def test_a_part_that_fails_is_named_and_the_others_stand(db, scrape, monkeypatch):
    def broken():
        raise DatabaseError

    monkeypatch.setitem(collecting.PARTS, "calls", broken)
    seen = scrape()
    assert seen("snapshotter_metrics_part_up", part="calls") == 0
    assert seen("snapshotter_metrics_part_up", part="syncs") == 1
    assert seen("snapshotter_locks") == 0


def test_gauges_are_kept_a_while_and_counters_never(root, scrape, counted, settings, run_publish, make_definition):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "METRICS_CACHE": 600}
    scrape()
    run_publish(make_definition())
    counted()
    seen = scrape()
    assert seen("snapshotter_workflows", live_state="in_sync") == 0, "kept"
    assert seen("snapshotter_publishes_total", result="succeeded") == 1
    cache.clear()
    assert scrape()("snapshotter_workflows", live_state="in_sync") == 1


def test_the_same_figures_however_many_queries(db, scrape, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        scrape()
