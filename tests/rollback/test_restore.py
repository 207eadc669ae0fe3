"""A deleted workflow comes back by a request too: approved where the rules say so, and by nobody around them."""

import pytest

from audit.models import AuditEntry
from rollback.approve import approve
from rollback.choices import Act, State
from rollback.errors import NotAcknowledged, NotApproved, StillInDolphin, TargetRefused, Voided
from rollback.execute import execute
from snapshotter.capture import capture
from snapshotter.choices import SyncState, Trigger
from snapshotter.lost.restore import restore
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync
from snapshotter.work import run_due
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.remade import delete


@pytest.fixture
def deleted(history, dolphin):
    raw = RawDolphin(dolphin.url, dolphin.token)
    delete(raw, dolphin.project, history.code)
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
        _restore(deleted, 1, oncall)


def test_what_is_there_is_rolled_back_instead(history, ask):
    with pytest.raises(StillInDolphin):
        ask(1, act=Act.RESTORE)


def test_a_request_to_restore_is_void_once_it_is_there_again(deleted, ask, rules, approver, oncall, dolphin):
    rules(approvals_needed=1)
    request = ask(1, act=Act.RESTORE)
    approve(request, actor=approver)
    rules(approvals_needed=0)
    _restore(deleted, 2, oncall)
    run_due()
    with pytest.raises(Voided):
        execute(again(request), actor=oncall)


def test_a_version_that_must_be_agreed_to_comes_back_by_a_request_only(deleted, ask, oncall):
    """Recovered from elsewhere, it was never live: a restore has no place to agree to that."""
    Snapshot.objects.filter(pk=deleted.version(2).pk).update(live_from=None, trigger=Trigger.IMPORT)
    with pytest.raises(NotAcknowledged) as caught:
        _restore(deleted, 2, oncall)
    assert [row["code"] for row in caught.value.extra["findings"]] == ["never_live"]
    assert AuditEntry.objects.get(event="restore.refused").reason.startswith("not_acknowledged")
    request = ask(2, act=Act.RESTORE, acknowledged=("never_live",))
    execute(request, actor=oncall)
    run_due()
    assert again(request).state == State.DONE


def test_what_a_rollback_would_refuse_no_restore_brings_back(history, oncall, publisher, dolphin):
    raw = RawDolphin(dolphin.url, dolphin.token)
    raw.edit(dolphin.project, history.code, "export PASSWORD=secret:0123456789ab")
    capture(history.again(), origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    run_due()
    delete(raw, dolphin.project, history.code)
    with pytest.raises(TargetRefused) as caught:
        _restore(history, 4, oncall)
    assert [row["code"] for row in caught.value.extra["findings"]] == ["masked_values"]
    assert not Snapshot.objects.filter(rollback_of__isnull=False).exists()


def test_nothing_to_agree_to_is_restored_at_once(deleted, oncall):
    sync = _restore(deleted, 1, oncall)
    run_due()
    assert Sync.objects.get(pk=sync.pk).state == SyncState.SUCCEEDED


def _restore(history, version, actor):
    return restore(
        history.again(),
        version=history.version(version),
        actor=actor,
        reason="now",
        origin=Origin(trigger=Trigger.ROLLBACK),
    )
