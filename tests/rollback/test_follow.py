"""A request ends with its sync, however that ends."""

import pytest
from guardian.shortcuts import assign_perm

from catalog.permissions import MANAGE, PUBLISH
from rollback.choices import State
from rollback.execute import execute
from rollback.follow_due import follow_due
from rollback.models import RollbackRequest
from snapshotter.cancel import cancel
from snapshotter.choices import SyncState
from snapshotter.models import Sync
from snapshotter.unlock import unlock
from tests.rollback.conftest import again


@pytest.fixture
def executing(ask, oncall, project):
    for right in (PUBLISH, MANAGE):
        assign_perm(right, oncall, project)
    request = ask(1)
    execute(request, actor=oncall)
    return again(request)


def test_a_cancelled_sync_is_a_failed_rollback_that_may_be_tried_again(executing, oncall):
    cancel(executing.sync, actor=oncall)
    request = again(executing)
    assert (request.state, request.closed_code) == (State.FAILED, "cancelled")
    execute(request, actor=oncall)
    assert again(request).state == State.EXECUTING


def test_a_freed_workflow_ends_its_rollback(executing, oncall, history):
    unlock(history.again(), actor=oncall, reason="stuck")
    assert again(executing).state == State.FAILED


def test_what_was_not_told_is_found(executing):
    Sync.objects.filter(pk=executing.sync_id).update(state=SyncState.FAILED, error_code="lost")
    assert RollbackRequest.objects.filter(state=State.EXECUTING).count() == 1
    assert follow_due() == 1
    assert (again(executing).state, again(executing).closed_code) == (State.FAILED, "lost")
    assert follow_due() == 0
