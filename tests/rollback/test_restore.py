"""A deleted workflow comes back by a request too: approved where the rules say so, and by nobody around them."""

import pytest

from rollback.approve import approve
from rollback.choices import Act, State
from rollback.errors import NotApproved, StillInDolphin, Voided
from rollback.execute import execute
from snapshotter.choices import Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.restore import restore
from snapshotter.work import run_due
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin


@pytest.fixture
def deleted(history, dolphin):
    raw = RawDolphin(dolphin.url, dolphin.token)
    raw.release(dolphin.project, history.code, "OFFLINE")
    raw.data("DELETE", f"/projects/{dolphin.project}/process-definition/{history.code}")
    return history


def test_it_is_asked_for_approved_and_made_anew(deleted, ask, rules, approver, oncall):
    rules(approvals_needed=1)
    request = ask(1, act=Act.RESTORE)
    assert request.state == State.PENDING
    approve(request, actor=approver)
    execute(again(request), actor=oncall)
    run_due()
    request = again(request)
    assert request.state == State.DONE, request.closed_text
    assert request.sync.snapshot.content_hash == deleted.version(1).content_hash
    assert request.workflow.workflow_code not in (None, deleted.code)


def test_nobody_goes_around_the_approval(deleted, rules, oncall):
    rules(approvals_needed=1)
    with pytest.raises(NotApproved):
        restore(
            deleted.again(),
            version=deleted.version(1),
            actor=oncall,
            reason="now",
            origin=Origin(trigger=Trigger.ROLLBACK),
        )


def test_what_is_there_is_rolled_back_instead(history, ask):
    with pytest.raises(StillInDolphin):
        ask(1, act=Act.RESTORE)


def test_a_request_to_restore_is_void_once_it_is_there_again(deleted, ask, rules, approver, oncall, dolphin):
    rules(approvals_needed=1)
    request = ask(1, act=Act.RESTORE)
    approve(request, actor=approver)
    rules(approvals_needed=0)
    restore(
        deleted.again(), version=deleted.version(2), actor=oncall, reason="now", origin=Origin(trigger=Trigger.ROLLBACK)
    )
    run_due()
    with pytest.raises(Voided):
        execute(again(request), actor=oncall)
