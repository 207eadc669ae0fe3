"""Two people at once, and the world that moves meanwhile: real connections on MySQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import AuditEntry
from catalog.errors import ServiceError
from rollback.approve import approve
from rollback.cancel import cancel
from rollback.choices import State
from rollback.execute import execute
from rollback.models import RollbackRequest
from rollback.reject import reject
from rollback.set_policy import set_policy
from rollback.standing import standing
from rollback.submit import Ask, submit
from rollback.void import void_due
from snapshotter.models import Snapshot
from snapshotter.work import run_due
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin

pytestmark = [pytest.mark.mysql, pytest.mark.races, pytest.mark.django_db(transaction=True)]

Act = Callable[[], object]


def at_once(*acts: Act) -> list[str]:
    """Do all at the same moment; return "ok" or the error's code of each."""
    barrier = Barrier(len(acts))

    def go(act: Act) -> str:
        try:
            barrier.wait(10)
            act()
        except ServiceError as error:
            return error.code
        else:
            return "ok"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


def test_two_last_approvals_are_counted_one_after_the_other(ask, rules, approver, second_approver):
    rules(approvals_needed=2)
    request = ask(1)
    ends = at_once(
        lambda: approve(again(request), actor=approver), lambda: approve(again(request), actor=second_approver)
    )
    assert ends == ["ok", "ok"]
    assert (again(request).state, len(standing(again(request)).approvals)) == (State.APPROVED, 2)


def test_one_person_in_two_windows_is_one_approval(ask, rules, approver):
    rules(approvals_needed=2)
    request = ask(1)
    ends = at_once(*[lambda: approve(again(request), actor=approver) for _ in range(4)])
    assert sorted(ends) == ["already_decided"] * 3 + ["ok"]
    assert (again(request).state, request.approvals.count()) == (State.PENDING, 1)


def test_approve_and_reject_at_once_end_in_one_of_them(ask, rules, approver, second_approver):
    rules(approvals_needed=1)
    request = ask(1)
    ends = at_once(
        lambda: approve(again(request), actor=approver),
        lambda: reject(again(request), actor=second_approver, comment="no"),
    )
    state = again(request).state
    assert state in (State.APPROVED, State.REJECTED)
    # A rejection may come a moment after the approval: an approved request can still be rejected.
    assert ends in (["ok", "ok"], ["request_closed", "ok"], ["ok", "request_closed"])
    assert state == (State.REJECTED if ends[1] == "ok" else State.APPROVED)


def test_two_who_ask_at_once_make_one_request(history, oncall, requester):
    def ask(actor, version):
        return lambda: submit(Ask(workflow=history.again(), target=history.version(version), reason="now"), actor=actor)

    ends = at_once(ask(oncall, 1), ask(requester, 2), ask(oncall, 2), ask(requester, 1))
    assert sorted(ends) == ["already_requested"] * 3 + ["ok"]
    assert RollbackRequest.objects.open().count() == 1


def test_eight_who_execute_at_once_begin_one_sync(ask, oncall, history):
    request = ask(1)
    ends = at_once(*[lambda: execute(again(request), actor=oncall) for _ in range(8)])
    assert ends.count("ok") == 1, ends
    assert set(ends) <= {"ok", "request_closed", "workflow_locked", "busy"}
    assert Snapshot.objects.filter(workflow=history.workflow).count() == 4
    run_due()
    assert again(request).state == State.DONE


def test_cancel_and_execute_at_once(ask, oncall, history):
    request = ask(1)
    ends = at_once(lambda: execute(again(request), actor=oncall), lambda: cancel(again(request), actor=oncall))
    run_due()
    state = again(request).state
    assert (ends, state) in (
        (["ok", "request_closed"], State.DONE),
        (["request_closed", "ok"], State.CANCELLED),
    ), (ends, state)
    assert Snapshot.objects.filter(workflow=history.workflow).count() == (4 if state == State.DONE else 3)


def test_expiring_while_it_is_executed(ask, oncall, history):
    """Begun in time, it goes on; swept a moment before, nothing begins."""
    request = ask(1)
    RollbackRequest.objects.filter(pk=request.pk).update(expires_at=timezone.now() + timedelta(seconds=0.05))
    ends = at_once(lambda: execute(again(request), actor=oncall), lambda: [void_due() for _ in range(6)])
    run_due()
    void_due()  # where it was refused for another reason a moment before its end
    state = again(request).state
    assert ends[1] == "ok"
    assert state == (State.DONE if ends[0] == "ok" else State.EXPIRED), (ends, state)


def test_approving_while_live_moves(ask, rules, approver, oncall, history, dolphin):
    """Whenever the edit comes, it is never overwritten by what was approved without it."""
    rules(approvals_needed=1)
    raw = RawDolphin(dolphin.url, dolphin.token)
    for number in range(4):
        request = ask(1, acknowledged=("overwrites_edit", "schedule_on"))
        text = f"echo theirs {number}"

        def decide(found=request):
            approve(again(found), actor=approver)
            execute(again(found), actor=oncall)

        ends = at_once(decide, lambda new=text: raw.edit(dolphin.project, history.code, new))
        run_due()
        scripts = {
            row["taskParams"]["rawScript"]
            for row in raw.definition(dolphin.project, history.code)["taskDefinitionList"]
        }
        state = again(request).state
        if state == State.DONE:  # approved and executed before the edit, or the edit came after the proof
            assert ends[0] == "ok"
        else:
            assert text in scripts, (state, ends, scripts)
            assert state in (State.VOIDED, State.FAILED), state
        if again(request).is_open or state == State.FAILED:
            cancel(again(request), actor=oncall)


def test_rules_that_become_stricter_while_somebody_executes(ask, project, lawgiver, oncall):
    request = ask(1)
    ends = at_once(
        lambda: execute(again(request), actor=oncall),
        lambda: set_policy(project, {"approvals_needed": 2}, actor=lawgiver),
    )
    assert ends[1] == "ok"
    assert ends[0] in ("ok", "not_approved")
    assert AuditEntry.objects.filter(event="policy.changed").count() == 1
