"""What makes an instance fresh, and from when on it is late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Project, Workflow
from drift.choices import RunKind, RunState
from drift.inspection import claim
from drift.inspection.freshness import freshness, tell_late
from drift.models import InspectionRun
from snapshotter.choices import LiveState
from snapshotter.models import WorkflowState
from tests.drift.conftest import REFUSED
from tests.drift.inspection.test_work import EVERY, ago, ended, every  # noqa: F401  a fixture

LIST = "/projects/77/schedules/list"


@pytest.fixture
def lost(orders, instance):
    """A workflow in a project that DolphinScheduler does not list."""
    other = Project.objects.create(instance=instance, code=77, name="gone", mode=Mode.RECORD)
    workflow = Workflow.objects.create(key="lost", project=other, name="lost", workflow_code=78)
    published = WorkflowState.objects.get(workflow=orders).published
    return WorkflowState.objects.create(workflow=workflow, published=published, live_state=LiveState.IN_SYNC)


def later(run, seconds):
    """Have ended it so long ago."""
    InspectionRun.objects.filter(pk=run.pk).update(started_at=ago(seconds), finished_at=ago(seconds))


def test_a_project_that_does_not_answer_makes_nothing_fresh(sweep, lost, instance, dolphin):
    good = sweep(is_full=True)
    later(good, 3 * EVERY)
    dolphin.fault("html", "POST", LIST, times=9)
    run = sweep()
    assert (run.state, run.error_code, run.looked_at) == (RunState.DONE, "not_listed", 1)
    good.refresh_from_db()
    assert freshness(instance).last == good.finished_at


def test_it_is_late_when_it_goes_on_so_and_why(instance, project, every):  # noqa: F811
    ended(instance, 3 * EVERY + 60)
    run = ended(instance, 20, began=2 * EVERY, error_code="not_listed", error_text="gone: away")
    found = freshness(instance)
    assert (found.is_late, found.why, found.text) == (True, "not_listed", "gone: away")
    assert tell_late() == 1
    InspectionRun.objects.filter(pk=run.pk).update(state=RunState.WORKING, open_key=1)
    claim.succeed(run)
    assert not AuditEntry.objects.filter(event="inspection.resumed").exists()


def test_one_that_never_knew_all_is_late_too(instance, project, every):  # noqa: F811
    ended(instance, 3 * EVERY + 60, error_code="not_listed")
    found = freshness(instance)
    assert (found.is_late, found.last, found.why) == (True, None, "not_listed")


def test_a_project_that_is_refused_says_so_itself(sweep, lost, instance, on_call):
    """Its workflows say that they can't be compared: nothing is unknown."""
    on_call(LIST, lambda: REFUSED)
    run = sweep()
    assert (run.state, run.error_code, run.verdicts) == (
        RunState.DONE,
        "list_refused",
        {LiveState.CANNOT_COMPARE: 1, LiveState.IN_SYNC: 1},
    )
    assert freshness(instance).last == run.finished_at
    lost.refresh_from_db()
    assert lost.live_state == LiveState.CANNOT_COMPARE


def test_the_first_of_a_large_instance_may_take_long(instance, orders, every):  # noqa: F811
    """It is late only where nobody goes on with it."""
    run, _ = claim.begin(instance, kind=RunKind.SCHEDULED)
    InspectionRun.objects.filter(pk=run.pk).update(started_at=ago(10 * EVERY))
    mine = claim.claim(run.pk)
    assert not freshness(instance).is_late
    claim.give_back(mine)
    assert tell_late() == 0
    InspectionRun.objects.filter(pk=run.pk).update(lease_until=ago(3 * EVERY))
    assert freshness(instance).why == "at_work" and tell_late() == 1
    assert claim.claim(run.pk) is not None


def test_it_counts_from_when_it_is_meant_to_be_again(instance, orders, every):  # noqa: F811
    """Switched off for two days: nobody says that it is late, neither then nor when it is on again."""
    ended(instance, 2 * 24 * 3600)
    Project.objects.update(mode=Mode.OFF)
    assert tell_late() == 0
    Project.objects.update(mode=Mode.PUBLISH)
    assert claim.begin_due() == 1
    assert tell_late() == 0 and not freshness(instance).is_late
    InspectionRun.objects.filter(state=RunState.WORKING).update(started_at=ago(3 * EVERY))
    found = freshness(instance)
    assert found.late_since is not None and timezone.now() - found.late_since < timedelta(seconds=60)
