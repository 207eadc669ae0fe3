"""The version that failed last is kept in the workflow's state, whatever ended it."""

import pytest

from snapshotter.cancel import cancel
from snapshotter.drafts.fail import fail_draft
from snapshotter.models import WorkflowState
from snapshotter.retry import retry

pytestmark = pytest.mark.database


def newest_failed():
    state = WorkflowState.objects.get(workflow__key="orders")
    return state.has_newest_failed, state.failed_version


def test_a_failed_publish_until_it_is_tried_again(run_publish, publisher, make_definition):
    run_publish(make_definition())
    assert newest_failed() == (False, None)
    sync = run_publish(make_definition("echo 😀"))
    assert newest_failed() == (True, 2)
    retry(sync.snapshot, actor=publisher)
    assert newest_failed() == (False, None)


def test_a_newer_version_leaves_it_behind(run_publish, make_definition):
    run_publish(make_definition())
    run_publish(make_definition("echo 😀"))
    run_publish(make_definition("echo good"))
    assert newest_failed() == (False, 2)


def test_a_cancelled_one(request_publish, publisher, make_definition):
    cancel(request_publish(make_definition()).sync, actor=publisher)
    assert newest_failed() == (True, 1)


def test_a_draft_whose_platform_failed(open_draft, publisher, make_definition):
    fail_draft(open_draft(make_definition()).snapshot, code="x", message="y", actor=publisher)
    assert newest_failed() == (True, 1)
