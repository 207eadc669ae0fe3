"""Inspections of an instance: few calls, every change found, nothing found that is ours, killed and gone on with."""

from datetime import timedelta

import pytest
import requests
from django.db.models import F
from django.utils import timezone

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from drift.choices import ItemState, Kind, RunKind, RunState
from drift.inspection import claim
from drift.inspection.inspect import inspect_due, inspect_slice
from drift.models import DriftItem, IgnoreRule, InspectionMark, InspectionRun
from snapshotter.choices import LiveState
from snapshotter.claim import LeaseLost
from snapshotter.models import WorkflowState
from tests.drift.conftest import standing

LISTS = 2  # calls for a project of at most a page


@pytest.fixture
def several(go, make_definition, orders, dolphin):
    """Five more workflows that are published."""
    for number in range(5):
        body = make_definition(f"echo {number}", name=f"more {number}")
        tasks = body["definitions"]["tasks"]
        fresh = {code: str(dolphin.state.next_code()) for code in tasks}
        body["definitions"]["tasks"] = {fresh[code]: task for code, task in tasks.items()}
        for row in body["relations"]:
            row |= {key: int(fresh.get(str(row[key]), 0)) for key in ("preTaskCode", "postTaskCode")}
        go(body, key=f"more{number}")
    return list(Workflow.objects.order_by("pk"))


def test_unchanged_workflows_are_not_read_again(sweep, several):
    first = sweep()
    assert (first.state, first.looked_at, first.read_whole, first.calls) == (RunState.DONE, 6, 6, LISTS + 6)
    before = WorkflowState.objects.get(workflow=several[0]).checked_at
    second = sweep()
    assert (second.looked_at, second.read_whole, second.calls) == (6, 0, LISTS)
    assert second.verdicts == {"in_sync": 6} and not DriftItem.objects.exists()
    assert WorkflowState.objects.get(workflow=several[0]).checked_at > before


@pytest.mark.parametrize(
    ("act", "kinds"),
    [
        (lambda h: h.edit("echo mine"), [Kind.SCHEDULE_OFF, Kind.CONTENT]),
        (lambda h: h.rename("renamed"), [Kind.RENAMED]),
        (lambda h: h.cron("0 0 5 * * ? *"), [Kind.SCHEDULE]),
        (lambda h: h.schedule_off(), [Kind.SCHEDULE_OFF]),
        (lambda h: h.release("OFFLINE"), [Kind.WORKFLOW_OFF, Kind.SCHEDULE_OFF]),
        (lambda h: h.switch(1), [Kind.WORKFLOW_OFF, Kind.VERSION_SWITCHED, Kind.CONTENT]),
        (lambda h: h.delete(), [Kind.DELETED]),
        (lambda h: (h.delete(), h.recreate("orders_daily")), [Kind.RECREATED]),
        (lambda h: h.raw.create_schedule(h.project, h.code, "0 0 7 * * ? *"), [Kind.CORRUPT]),
    ],
    ids=["script", "name", "cron", "schedule off", "offline", "switched", "deleted", "recreated", "two schedules"],
)
def test_each_change_is_found_by_the_lists(sweep, hands, act, kinds):
    sweep()
    act(hands)
    run = sweep()
    assert (run.opened, run.read_whole, standing().kinds) == (1, 1, kinds)
    again = sweep()
    assert again.opened == again.closed == 0
    if Kind.CORRUPT not in kinds:  # it takes the list down, so its project is read whole until it is mended
        assert again.read_whole == 0


def test_all_schedules_at_one_look_serve_all(sweep, several, hands):
    hands.raw.create_schedule(hands.project, hands.code, "0 0 7 * * ? *")
    run = sweep()
    assert run.verdicts == {"corrupt": 1, "in_sync": 5} and run.state == RunState.DONE


def test_undone_it_is_closed(sweep, hands):
    hands.save(description="mine")
    assert sweep().opened == 1
    hands.save(description="")
    run = sweep()
    assert (run.closed, DriftItem.objects.get().state) == (1, ItemState.RESOLVED)


def test_one_moved_to_another_project(sweep, hands, dolphin, orders, instance):
    other = Project.objects.create(instance=instance, code=hands.raw.create_project(), name="other", mode=Mode.RECORD)
    dolphin.state.definitions[orders.workflow_code][0]["projectCode"] = other.code
    sweep()
    assert standing().kinds == [Kind.MOVED] and standing().evidence["live"]["moved_to"] == other.code
    dolphin.state.definitions[orders.workflow_code][0]["projectCode"] = hands.project
    sweep()
    assert DriftItem.objects.get().state == ItemState.RESOLVED
    orders.refresh_from_db()
    assert orders.deleted_in_dolphin_at is None


def test_a_rule_that_begins_or_ends_is_judged_anew(sweep, hands, orders):
    hands.save(description="mine")
    sweep()
    rule = IgnoreRule.objects.create(
        project=orders.project, path="settings.description", reason="known", created_by_name="ops"
    )
    assert sweep().closed == 1
    IgnoreRule.objects.filter(pk=rule.pk).update(ended_at=timezone.now())
    assert sweep().opened == 1


def test_what_is_held_is_left_out(sweep, queued, dolphin):
    sweep()
    queued()
    run = sweep()
    assert (run.left_out, run.read_whole, DriftItem.objects.count()) == (1, 0, 0)


def test_full_reads_all_and_a_slow_full_check_comes_due(sweep, several):
    sweep()
    assert sweep(is_full=True).read_whole == 6
    InspectionMark.objects.filter(pk=several[2].pk).update(full_due_at=timezone.now())
    assert sweep().read_whole == 1


def test_what_others_wrote_into_the_row_is_not_trusted(sweep, orders):
    sweep()
    WorkflowState.objects.filter(workflow=orders).update(live_state=LiveState.CORRUPT)
    run = sweep()
    assert run.read_whole == 1 and WorkflowState.objects.get(workflow=orders).live_state == LiveState.IN_SYNC


def test_projects_that_are_off_and_paused_instances_are_left_out(sweep, several, instance, dolphin, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "INSPECT_EVERY": 300}
    calls = len(dolphin.log)
    Instance.objects.filter(pk=instance.pk).update(paused_because="tests")
    assert claim.begin_due() == 0
    Instance.objects.filter(pk=instance.pk).update(paused_because="")
    Project.objects.update(mode=Mode.OFF)
    assert claim.begin_due() == 0 and sweep().looked_at == 0 and len(dolphin.log) == calls
    Project.objects.update(mode=Mode.RECORD)
    assert sweep().looked_at == 6


def test_begins_once_an_interval_and_one_at_a_time(instance, orders, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "INSPECT_EVERY": 300, "BULK_RATE": 0}
    assert claim.begin_due() == 1 and claim.begin_due() == 0
    assert claim.begin(instance, kind=RunKind.COMMAND)[1] is False
    assert inspect_due(60) == 1 and inspect_due(60) == 0
    assert claim.begin_due() == 0
    InspectionRun.objects.update(finished_at=F("finished_at") - timedelta(seconds=301))
    assert claim.begin_due() == 1


def test_a_slice_goes_on_where_the_last_one_ended(instance, several, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "BULK_RATE": 0}
    run, _ = claim.begin(instance, kind=RunKind.COMMAND)
    slices = 0
    while inspect_slice(run.pk, 0):
        slices += 1
        assert slices < 20
    run.refresh_from_db()
    assert (run.state, run.looked_at, run.read_whole, run.attempt) == (RunState.DONE, 6, 6, slices)


def test_one_that_was_overtaken_writes_nothing_more(instance, orders):
    run, _ = claim.begin(instance, kind=RunKind.COMMAND)
    mine = claim.claim(run.pk)
    assert mine is not None and claim.claim(run.pk) is None
    InspectionRun.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    other = claim.claim(run.pk)
    assert other is not None and other.attempt == 2
    for act in (claim.renew, claim.give_back, claim.succeed, lambda one: claim.fail(one, "x", "y")):
        with pytest.raises(LeaseLost):
            act(mine)
    claim.succeed(other)


def test_a_dolphin_that_is_away_ends_it_with_the_reason(sweep, orders, dolphin):
    before = WorkflowState.objects.get(workflow=orders)
    dolphin.fault("status", status=503, times=50)
    run = sweep()
    assert (run.state, run.error_code, run.open_key) == (RunState.FAILED, "dolphin_unavailable", None)
    after = WorkflowState.objects.get(workflow=orders)
    assert (after.live_state, after.checked_at) == (before.live_state, before.checked_at)


def test_a_refused_token_pauses_the_instance(sweep, orders, dolphin, instance):
    dolphin.fault("unauthorized")
    run = sweep()
    instance.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "dolphin_unauthorized") and instance.paused_because


def test_one_that_can_not_be_read_does_not_stop_the_others(sweep, several, dolphin):
    dolphin.fault("status", "GET", f"/process-definition/{several[1].workflow_code}", status=503, times=9)
    run = sweep()
    assert (run.state, run.looked_at, run.left_out) == (RunState.DONE, 5, 1)
    mark = InspectionMark.objects.get(pk=several[1].pk)
    assert (mark.failures, mark.error_code) == (1, "dolphin_unavailable") and mark.due_at > timezone.now()
    dolphin.faults.clear()
    assert sweep().left_out == 1
    InspectionMark.objects.filter(pk=several[1].pk).update(due_at=timezone.now())
    run = sweep()
    assert (run.left_out, run.read_whole) == (0, 1)
    assert InspectionMark.objects.get(pk=several[1].pk).failures == 0


def test_failures_double_the_pause(orders, sweep, dolphin):
    pauses = []
    for _ in range(3):
        dolphin.fault("garbage", "GET", f"/process-definition/{orders.workflow_code}")
        run = sweep()
        assert run.verdicts == {"cannot_compare": 1}
        mark = InspectionMark.objects.get(pk=orders.pk)
        pauses.append(mark.due_at - run.started_at)
        InspectionMark.objects.update(due_at=timezone.now())
    assert [round(pause / pauses[0]) for pause in pauses] == [1, 2, 4]
    assert WorkflowState.objects.get(workflow=orders).live_state == LiveState.CANNOT_COMPARE


def test_a_project_that_can_not_be_listed_does_not_stop_the_others(sweep, orders, instance, dolphin):
    gone = Project.objects.create(instance=instance, code=77, name="gone", mode=Mode.RECORD)
    lost = Workflow.objects.create(key="lost", project=gone, name="lost", workflow_code=78)
    published = WorkflowState.objects.get(workflow=orders).published
    WorkflowState.objects.create(workflow=lost, published=published, live_state=LiveState.IN_SYNC)
    dolphin.fault("html", "POST", "/projects/77/schedules/list", times=9)
    run = sweep()
    assert (run.state, run.error_code, run.looked_at, run.left_out) == (RunState.DONE, "not_listed", 1, 1)
    assert "gone" in run.error_text


def test_the_trail_says_what_was_found(sweep, hands):
    hands.save(description="mine")
    sweep()
    entry = AuditEntry.objects.get(event="drift.found")
    assert entry.object_repr.startswith("orders ") and entry.actor_name == "system"
    assert entry.additional_data["likely_by"] == "admin"


def test_what_was_changed_between_lists_and_reading_and_then_undone_is_read_again(sweep, hands, orders):
    """The lists look as they did before: only that they were not what was read tells that the finding is old."""
    sweep()
    InspectionMark.objects.update(full_due_at=timezone.now())
    real, done = requests.Session.send, []

    def send(session, request, **options):
        if request.url.endswith(f"/process-definition/{hands.code}") and not done:
            done.append(True)
            hands.release("OFFLINE")
        return real(session, request, **options)

    requests.Session.send = send
    try:
        assert sweep().opened == 1
    finally:
        requests.Session.send = real
    hands.release("ONLINE")
    hands.schedule(hands.schedules()[0]["id"], "online")
    run = sweep()
    assert (run.read_whole, run.closed) == (1, 1)
