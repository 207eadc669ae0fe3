"""From an incident to all workflows back: each by a request of its own, children first, whatever stands in the way of one."""

import time
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.db import DataError
from django.utils import timezone
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed, NotFound
from catalog.models import Workflow
from catalog.permissions import APPROVE_ROLLBACK
from rollback.choices import ItemState, State
from rollback.errors import NotAcknowledged, NothingChosen, NothingLeft, OwnRequest
from rollback.many.again import again
from rollback.many.approve_many import approve_many
from rollback.many.cancel_many import cancel_many
from rollback.many.claim import MAX_TRIES, claim
from rollback.many.execute_many import execute_many
from rollback.many.progress import counted, of_batch
from rollback.many.submit_item import submit_item
from rollback.many.submit_many import AskMany, submit_many
from rollback.many.work import _work, execute_due, submit_due, work_due
from rollback.models import BatchItem, RollbackBatch, RollbackPolicy, RollbackRequest
from snapshotter.models import Snapshot
from snapshotter.work import run_due
from tests.rollback.many.conftest import LONG, of_mallory
from tests.services.raw_dolphin import RawDolphin

pytestmark = pytest.mark.database
AGREED = ("overwrites_edit", "others_since")


@pytest.fixture
def ask(oncall):
    criteria = of_mallory()

    def make(*, actor: User = oncall, acknowledged=AGREED, **more) -> RollbackBatch:
        asked = AskMany(
            criteria=replace(criteria, until=timezone.now()),
            reason="mallory broke it",
            acknowledged=acknowledged,
            **more,
        )
        return submit_many(asked, actor=actor)[0]

    return make


def seen(batch):
    return dict(RollbackRequest.objects.filter(batch=batch).values_list("pk", "bound_hash"))


def stages(batch):
    items, found = of_batch(batch)
    return {item.workflow.key: found[item.workflow_id].stage for item in items}


def test_everything_goes_back_children_first(ask, whole, oncall, work, dolphin):
    incident = whole
    batch = ask(category="bad_publish", ticket="INC-1")
    assert set(stages(batch).values()) == {"waiting"}
    assert {row["workflow"]: row["code"] for row in batch.left_out} == {
        "asked": "already_requested",
        "back": "already_back",
        "first": "nothing_before",
        "kept_out": "quarantined",
    }
    work()
    assert set(stages(batch).values()) == {"approved"}
    assert dolphin.log and not incident.written()
    assert execute_many(batch, actor=oncall) == 8
    work()
    assert counted(of_batch(batch)[1].values()) == [("done", 8)]
    order = incident.written()
    assert sorted(order) == sorted(
        ["a_parent", "b_waiter", "between", "edited", "plain", "twice", "y_child", "z_child"]
    )
    assert order.index("z_child") < order.index("a_parent") < order.index("b_waiter")
    assert order.index("y_child") < order.index("b_waiter")
    for key in order:
        assert incident.scripts(key) == [f"echo {key} good"]
    assert incident.scripts("untouched") == ["echo untouched good"]
    assert incident.scripts("asked") == ["echo asked bad"]
    requests = RollbackRequest.objects.filter(batch=batch)
    assert {
        (row.reason, row.ticket, row.category, row.target.version) for row in requests.select_related("target")
    } == {("mallory broke it", "INC-1", "bad_publish", 1)}
    events = AuditEntry.objects.filter(event__startswith="rollback.many_").values_list("event", "scope").order_by("id")
    assert list(events) == [
        ("rollback.many_requested", incident.project.scope),
        ("rollback.many_executed", incident.project.scope),
    ]
    assert AuditEntry.objects.filter(event="rollback.done").count() == 8


def test_a_failed_child_stops_only_those_that_use_it(ask, incident, oncall, work, dolphin):
    batch = ask()
    work()
    raw = RawDolphin(dolphin.url, dolphin.token)
    execute_many(batch, actor=oncall)
    work_due(LONG)
    raw.edit(dolphin.project, incident.codes["z_child"], "echo theirs")  # after it was queued
    work()
    told = stages(batch)
    assert told == {"z_child": "failed", "a_parent": "stopped", "b_waiter": "stopped", "plain": "done"}
    items, found = of_batch(batch)
    parent = next(item for item in items if item.workflow.key == "a_parent")
    assert Workflow.objects.get(pk=found[parent.workflow_id].holder).key == "z_child"
    execute_many(batch, actor=oncall, workflows=["b_waiter"], goes_alone=True)
    work()
    assert (stages(batch)["b_waiter"], stages(batch)["a_parent"]) == ("done", "stopped")
    raw.edit(dolphin.project, incident.codes["z_child"], "echo z_child bad", online=False)
    execute_many(batch, actor=oncall, workflows=["z_child"])
    work()
    assert set(stages(batch).values()) == {"done"}
    assert incident.scripts("a_parent") == ["echo a_parent good"]


def test_one_that_is_refused_does_not_stop_the_others(ask, incident, oncall, work):
    batch = ask()
    raw = RawDolphin(incident.dolphin.url, incident.dolphin.token)
    raw.call("DELETE", f"/projects/{incident.project.code}/process-definition/{incident.codes['plain']}")
    work()
    item = BatchItem.objects.get(batch=batch, workflow__key="plain")
    assert (item.state, item.code, item.request) == (ItemState.LEFT_OUT, "missing_in_dolphin", None)
    assert sorted(stages(batch).values()) == ["approved"] * 3 + ["left_out"]
    raw.edit(incident.project.code, incident.codes["a_parent"], "echo theirs")
    execute_many(batch, actor=oncall)
    work()
    item = BatchItem.objects.get(batch=batch, workflow__key="a_parent")
    assert (item.state, item.code) == (ItemState.REFUSED, "voided")
    assert stages(batch)["a_parent"] == "voided"
    assert sorted(stages(batch).values()) == ["done", "left_out", "stopped", "voided"]


def test_a_worker_that_died_in_between_is_taken_over(ask, oncall, work, incident):
    """Killed after the request was made or the sync was begun, and before that was noted."""
    batch = ask()
    first = BatchItem.objects.filter(batch=batch).order_by("position").first()
    dead = claim(first.pk, ItemState.WAITING)
    from rollback.many.submit_item import _ask
    from rollback.submit import submit

    made = submit(_ask(dead), actor=oncall)
    assert claim(first.pk, ItemState.WAITING) is None
    BatchItem.objects.filter(pk=first.pk).update(lease_until="2020-01-01T00:00:00Z")
    work()
    first.refresh_from_db()
    assert (first.state, first.request_id, first.attempt) == (ItemState.SUBMITTED, made.pk, 2)
    assert RollbackRequest.objects.filter(batch=batch).count() == 4

    execute_many(batch, actor=oncall)
    from rollback.execute import execute

    dead = claim(first.pk, ItemState.ORDERED)
    execute(dead.request, actor=oncall)
    BatchItem.objects.filter(pk=first.pk).update(lease_until="2020-01-01T00:00:00Z")
    work()
    assert set(BatchItem.objects.filter(batch=batch).values_list("state", flat=True)) == {ItemState.BEGUN}
    assert set(stages(batch).values()) == {"done"}
    assert Snapshot.objects.filter(workflow=first.workflow, trigger="rollback").count() == 1


def test_two_people_start_the_same_at_once(ask, incident, oncall, root, work):
    first, second = ask(key="one"), ask(actor=root)
    assert ask(key="one") == first
    while work_due(0.0):
        pass
    assert set(stages(first).values()) == {"approved"}
    items = BatchItem.objects.filter(batch=second).values_list("state", "code")
    assert set(items) == {(ItemState.LEFT_OUT, "already_requested")}
    assert execute_many(first, actor=oncall) == 4
    with pytest.raises(NothingLeft):
        execute_many(first, actor=root)
    work()
    assert Snapshot.objects.filter(trigger="rollback").count() == 4


def test_approvals_are_one_by_one_and_never_ones_own(ask, incident, oncall, work, project, approver):
    RollbackPolicy.objects.create(project=project, approvals_needed=1)
    batch = ask()
    work()
    assert set(stages(batch).values()) == {"pending"}
    with pytest.raises(NothingLeft):
        execute_many(batch, actor=oncall)
    assign_perm(APPROVE_ROLLBACK, oncall, project)
    with pytest.raises(OwnRequest):
        approve_many(batch, actor=User.objects.get(pk=oncall.pk), seen=seen(batch))
    RawDolphin(incident.dolphin.url, incident.dolphin.token).edit(project.code, incident.codes["plain"], "echo theirs")
    decided = approve_many(batch, actor=approver, seen=seen(batch), comment="seen them all")
    assert (decided.approved, [row[:2] for row in decided.left], decided.more) == (3, [("plain", "voided")], 0)
    assert AuditEntry.objects.filter(event="rollback.approved").count() == 3
    with pytest.raises(NothingLeft):
        approve_many(batch, actor=approver, seen=seen(batch))
    assert execute_many(batch, actor=oncall) == 3


def test_the_rest_is_cancelled(ask, oncall, work, incident):
    batch = ask()
    submit_due(0.0)  # one of them
    assert cancel_many(batch, actor=oncall, reason="it was somebody else") == 4
    work()
    assert set(stages(batch).values()) == {"cancelled"}
    assert RollbackRequest.objects.get(batch=batch).state == State.CANCELLED
    entry = AuditEntry.objects.get(event="rollback.many_cancelled")
    assert (entry.reason, len(entry.additional_data["workflows"])) == ("it was somebody else", 4)
    with pytest.raises(NothingLeft):
        cancel_many(batch, actor=oncall)


def test_what_is_cancelled_while_it_is_asked_for_goes_too(ask, oncall, incident):
    batch = ask(picks={"plain": (1, 2)})
    item = claim(BatchItem.objects.get(batch=batch).pk, ItemState.WAITING)
    assert cancel_many(batch, actor=oncall) == 1
    submit_item(item)
    assert RollbackRequest.objects.get(batch=batch).state == State.CANCELLED
    assert stages(batch) == {"plain": "cancelled"}


def test_nobody_goes_further_than_their_rights(ask, incident, asker, bystander, outsider, work):
    with pytest.raises(NotAllowed):
        ask(actor=bystander)
    assert AuditEntry.objects.filter(event="rollback.many_request_refused", outcome="refused").count() == 1
    with pytest.raises(NothingChosen):
        ask(actor=outsider)
    batch = ask(actor=asker)
    work()
    with pytest.raises(NotAllowed):
        execute_many(batch, actor=asker)
    with pytest.raises(NotAllowed):
        approve_many_of_pending(batch, bystander)
    with pytest.raises(NotAllowed):
        cancel_many(batch, actor=bystander)
    with pytest.raises(NotAllowed):
        again(batch, actor=bystander)
    for verb in (execute_many, cancel_many):
        with pytest.raises(NotFound):
            verb(batch, actor=outsider)
    refused = AuditEntry.objects.filter(outcome="refused").values_list("event", flat=True)
    assert {"rollback.many_execute_refused", "rollback.many_cancel_refused", "rollback.decision_refused"} <= set(
        refused
    )
    assert set(stages(batch).values()) == {"approved"}


def approve_many_of_pending(batch, actor):
    RollbackRequest.objects.filter(batch=batch, workflow__key="plain").update(state=State.PENDING)
    try:
        approve_many(batch, actor=actor, seen=seen(batch))
    finally:
        RollbackRequest.objects.filter(batch=batch, workflow__key="plain").update(state=State.APPROVED)


def test_warnings_are_agreed_to_by_name_and_what_moved_is_left_out(ask, whole, put, work, oncall):
    with pytest.raises(NotAcknowledged) as refusal:
        ask(acknowledged=())
    assert refusal.value.extra["codes"] == ["others_since", "overwrites_edit"] or set(
        refusal.value.extra["codes"]
    ) == set(AGREED)
    with pytest.raises(InvalidRequest):
        submit_many(AskMany(criteria=None, reason=" "), actor=oncall)
    batch = ask(acknowledged=(), picks={"plain": (1, 2), "twice": (1, 2), "first": (0, 0), "nowhere": (0, 0)})
    assert list(stages(batch)) == ["plain"]
    assert [(row["workflow"], row["code"]) for row in batch.left_out] == [
        ("twice", "moved"),
        ("first", "nothing_before"),
        ("nowhere", "not_found"),
    ]
    put("plain", "echo plain mended")
    work()
    assert BatchItem.objects.get(batch=batch).code == "moved"
    assert not RollbackRequest.objects.filter(batch=batch).exists()
    with pytest.raises(NothingLeft):
        again(batch, actor=oncall)


def test_what_dolphin_scheduler_alone_can_tell_is_asked_for_again(ask, incident, oncall, work, dolphin):
    batch = ask(picks={"plain": (1, 2)})
    BatchItem.objects.filter(batch=batch).update(state=ItemState.LEFT_OUT, code="not_acknowledged")
    assert again(batch, actor=oncall, acknowledged=["has_running_instances"]) == 1
    work()
    batch.refresh_from_db()
    assert batch.acknowledged == [*sorted({*AGREED, "has_running_instances"})]
    assert stages(batch) == {"plain": "approved"}


def test_something_passing_is_tried_again_later(ask, incident, oncall, work, dolphin):
    batch = ask(picks={"plain": (1, 2)})
    dolphin.fault("status", method="GET", status=503, times=50)
    assert submit_due(0.0) == 1
    item = BatchItem.objects.get(batch=batch)
    assert (item.state, item.tries, item.request) == (ItemState.WAITING, 1, None)
    assert item.due_at is not None and item.lease_until is None and item.code
    assert submit_due(0.0) == 0  # its time has not come
    dolphin.faults.clear()
    BatchItem.objects.update(due_at=None)
    work()
    assert stages(batch) == {"plain": "approved"}
    execute_many(batch, actor=oncall)
    assert execute_due(0.0) == 1
    run_due()
    assert stages(batch) == {"plain": "done"}
    assert submit_due(LONG) + execute_due(LONG) == 0


def test_what_is_published_while_dolphinscheduler_is_read_is_left_out(ask, incident, put, work, monkeypatch):
    """The look takes a moment, and a publish may end in it."""
    import rollback.one_look

    look = rollback.one_look.look_now

    def slow_look(workflow):
        if workflow.key == "plain":
            put("plain", "echo plain mended")
        return look(workflow)

    monkeypatch.setattr(rollback.one_look, "look_now", slow_look)
    batch = ask()
    work()
    item = BatchItem.objects.get(batch=batch, workflow__key="plain")
    assert (item.state, item.code, item.request) == (ItemState.LEFT_OUT, "moved", None)
    assert sorted(stages(batch).values()) == ["approved"] * 3 + ["left_out"]


def test_what_nobody_foresaw_is_tried_some_times_and_then_told(ask, incident, oncall, work):
    batch = ask(picks={"plain": (1, 2), "z_child": (1, 2)})
    work()
    execute_many(batch, actor=oncall)
    plain = BatchItem.objects.get(batch=batch, workflow__key="plain")
    RollbackRequest.objects.filter(pk=plain.request_id).update(bound={})  # no code of ours writes that
    for number in range(MAX_TRIES + 1):
        work()
        plain.refresh_from_db()
        if number < MAX_TRIES:
            assert (plain.state, plain.code, plain.tries) == (ItemState.ORDERED, "unexpected", number + 1)
            BatchItem.objects.filter(pk=plain.pk).update(due_at=None)
    assert (plain.state, plain.code, plain.lease_until) == (ItemState.REFUSED, "unexpected", None)
    assert stages(batch) == {"plain": "refused", "z_child": "done"}


def test_data_that_one_item_can_not_write_does_not_stop_those_behind_it(ask, incident):
    """The database says no to one; it is there for the others."""
    batch = ask(picks={"plain": (1, 2), "z_child": (1, 2)})
    first, second = BatchItem.objects.filter(batch=batch).order_by("position")

    def act(item):
        if item.pk == first.pk:
            raise DataError(1406, "Data too long for column")
        submit_item(item)

    assert _work([first.pk, second.pk], ItemState.WAITING, act, time.monotonic() + LONG) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.code, first.tries, second.state) == ("waiting", "unexpected", 1, "submitted")
    BatchItem.objects.filter(pk=first.pk).update(tries=MAX_TRIES, due_at=None)
    _work([first.pk], ItemState.WAITING, act, 0.0)
    first.refresh_from_db()
    assert (first.state, first.code) == (ItemState.LEFT_OUT, "unexpected")


# --- the page


def test_an_empty_search_says_what_is_missing_and_rows_say_who_when_and_why(incident, oncall, client):
    client.force_login(oncall, backend="django.contrib.auth.backends.ModelBackend")
    empty = client.get("/rollbacks/many/?publisher=&since=&until=&text=&project=").content.decode()
    assert "Say who published, since when, or what to look for." in empty
    assert '<option value="mallory">' in empty and "Times are in" in empty
    assert "Say who published" not in client.get("/rollbacks/many/").content.decode()
    found = client.get("/rollbacks/many/?publisher=mallory").content.decode()
    assert "mallory · " in found and "change plain" in found
