"""Check now: each way of changing a workflow behind our back is named, once, and is gone when it is undone."""

import pytest

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import NotFound, ProjectOff
from catalog.models import Project, Workflow
from dolphin.errors import DolphinUnavailable
from drift.check import check
from drift.choices import ItemState, Kind, Severity
from drift.models import DriftItem
from snapshotter.choices import LiveState
from snapshotter.errors import WorkflowLocked
from snapshotter.models import WorkflowState
from tests.drift.conftest import standing


def state():
    return WorkflowState.objects.get(workflow__key="orders")


def events():
    rows = AuditEntry.objects.filter(event__startswith="drift.").order_by("pk")
    return list(rows.values_list("event", flat=True))


def test_nothing_differs(look_at):
    before = state().checked_at
    checked = look_at()
    assert (checked.judgement.live_state, checked.judgement.kinds, checked.item) == (LiveState.IN_SYNC, (), None)
    assert state().checked_at > before and not DriftItem.objects.exists() and not events()


def test_a_save_that_changes_nothing_is_no_finding(look_at, hands):
    hands.save()
    checked = look_at()
    assert checked.judgement.live_state == LiveState.IN_SYNC
    evidence = checked.judgement.evidence
    assert evidence["live"]["dolphin_version"] > evidence["published"]["dolphin_version"]


@pytest.mark.parametrize(
    ("act", "verdict", "kinds", "severity"),
    [
        (lambda h: h.edit("echo mine"), LiveState.NEWER, [Kind.SCHEDULE_OFF, Kind.CONTENT], Severity.HIGH),
        (lambda h: h.save(description="mine"), LiveState.NEWER, [Kind.CONTENT], Severity.MEDIUM),
        (lambda h: h.rename("orders new"), LiveState.NEWER, [Kind.RENAMED], Severity.LOW),
        (lambda h: h.move_boxes(), LiveState.NEWER, [Kind.LAYOUT], Severity.LOW),
        (lambda h: h.cron("0 0 5 * * ? *"), LiveState.DRIFTED, [Kind.SCHEDULE], Severity.MEDIUM),
        (lambda h: h.schedule_off(), LiveState.DRIFTED, [Kind.SCHEDULE_OFF], Severity.HIGH),
        (lambda h: h.release("OFFLINE"), LiveState.DRIFTED, [Kind.WORKFLOW_OFF, Kind.SCHEDULE_OFF], Severity.HIGH),
        (
            lambda h: h.switch(1),
            LiveState.DRIFTED,
            [Kind.WORKFLOW_OFF, Kind.VERSION_SWITCHED, Kind.CONTENT],
            Severity.HIGH,
        ),
        (lambda h: h.delete(), LiveState.MISSING, [Kind.DELETED], Severity.HIGH),
    ],
    ids=["script", "settings", "name", "boxes", "cron", "schedule off", "offline", "switched", "deleted"],
)
def test_each_is_named(look_at, hands, act, verdict, kinds, severity):
    act(hands)
    checked = look_at()
    item = standing()
    assert checked.item == item
    assert (item.live_state, item.kinds, item.severity) == (verdict, kinds, severity)
    assert state().live_state == verdict and events() == ["drift.found"]
    assert AuditEntry.objects.get(event="drift.found").additional_data["kinds"] == kinds


def test_what_was_deleted_is_looked_for(look_at, hands, orders, instance):
    hands.delete()
    code = hands.recreate(orders.name)
    assert look_at().judgement.kinds == (Kind.RECREATED,)
    assert standing().evidence["live"]["recreated_as"] == code
    assert Workflow.objects.get().deleted_in_dolphin_at is not None


def test_one_that_was_moved_is_found(look_at, hands, dolphin, orders, instance):
    other = Project.objects.create(instance=instance, code=hands.raw.create_project(), name="other", mode=Mode.RECORD)
    dolphin.state.definitions[orders.workflow_code][0]["projectCode"] = other.code
    assert look_at().judgement.kinds == (Kind.MOVED,)
    assert standing().evidence["live"]["moved_to"] == other.code
    assert events() == ["drift.found"]


def test_the_same_again_is_no_news_and_another_is(look_at, hands):
    hands.save(description="mine")
    first = look_at().item
    hands.save()
    assert look_at().item == first and events() == ["drift.found"]
    hands.save(description="yours")
    item = look_at().item
    assert item == first and item.found != first.found and item.changed_at > first.changed_at
    assert events() == ["drift.found", "drift.changed"]


def test_undone_it_is_gone_by_itself(look_at, hands):
    hands.save(description="mine")
    look_at()
    hands.save(description="")
    checked = look_at()
    assert checked.item is None and checked.judgement.live_state == LiveState.IN_SYNC
    item = DriftItem.objects.get()
    assert (item.state, item.open_key, item.closed_by_name) == (ItemState.RESOLVED, None, "system")
    assert item.closed_at is not None and events() == ["drift.found", "drift.resolved"]


def test_a_doubled_schedule_is_corrupt(look_at, hands):
    hands.raw.create_schedule(hands.project, hands.code, "0 0 7 * * ? *")
    checked = look_at()
    assert checked.judgement.kinds == (Kind.CORRUPT,) and checked.judgement.severity == Severity.HIGH
    assert state().live_state == LiveState.CORRUPT and "2 schedules" in standing().evidence["problems"][0]


def test_who_saved_is_told_and_when(look_at, hands):
    look_at()  # so that the two looks are near enough for a date without a zone to be told
    hands.save(description="mine")
    item = look_at().item
    assert item.actor_name == "admin" and item.evidence["likely"]["told"]
    assert abs((item.acted_at - item.first_seen_at).total_seconds()) < 60


def test_a_workflow_that_somebody_changes_is_not_looked_at(look_at, queued, dolphin):
    sync = queued()
    calls = len(dolphin.log)
    with pytest.raises(WorkflowLocked) as refused:
        look_at()
    assert refused.value.extra["sync"] == sync.pk and len(dolphin.log) == calls


def test_rights_and_modes(orders, viewer, outsider, hands, dolphin):
    assert check(orders, actor=viewer).item is None
    calls = len(dolphin.log)
    with pytest.raises(NotFound):
        check(orders, actor=outsider)
    assert AuditEntry.objects.filter(event="drift.check_refused").count() == 1
    Project.objects.filter(pk=orders.project_id).update(mode=Mode.OFF)
    orders.project.refresh_from_db()
    with pytest.raises(ProjectOff):
        check(orders, actor=viewer)
    assert len(dolphin.log) == calls


def test_one_never_published_is_not_covered(project, dolphin):
    workflow = Workflow.objects.create(key="new", project=project, name="new")
    WorkflowState.objects.create(workflow=workflow)
    checked = check(workflow, actor=SYSTEM)
    assert checked.judgement.live_state == LiveState.NOT_COVERED and dolphin.log == []


def test_a_dolphin_that_is_away_says_nothing(look_at, hands, dolphin):
    before = state()
    dolphin.fault("status", "GET", f"/{hands.code}", status=503, times=9)
    with pytest.raises(DolphinUnavailable):
        look_at()
    assert (state().live_state, state().checked_at) == (before.live_state, before.checked_at)


def test_what_can_not_be_understood_can_not_be_compared(look_at, hands, dolphin):
    hands.save(description="mine")
    item = look_at().item
    dolphin.fault("garbage", "GET", f"/{hands.code}")
    checked = look_at()
    assert checked.judgement.live_state == LiveState.CANNOT_COMPARE and checked.judgement.problem[0]
    assert checked.item == item and state().live_state == LiveState.CANNOT_COMPARE
    assert look_at().judgement.live_state == LiveState.NEWER and events() == ["drift.found"]


def test_the_api_says_it(orders, hands, viewer, outsider, client):
    hands.edit("echo mine")
    client.force_login(viewer)
    answer = client.post("/api/v1/workflows/orders/check")
    said = answer.json()
    assert answer.status_code == 200, said
    assert (said["live_state"], said["kinds"], said["severity"]) == ("newer", ["schedule_off", "content"], "high")
    assert said["counts"] == {"tasks_modified": 1} and said["item"] == standing().pk and said["problem"] is None
    assert client.get("/api/v1/workflows/orders/check").status_code == 405
    client.force_login(outsider)
    assert client.post("/api/v1/workflows/orders/check").status_code == 404
