"""The mark of a whole reading is trusted only while nobody else has looked or changed: DolphinScheduler's lists come back to the letter."""

import pytest
from django.utils import timezone

from catalog.choices import Mode
from catalog.models import Project
from drift.models import DriftItem, IgnoreRule
from snapshotter.capture import capture
from snapshotter.choices import SyncState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.put_back import put_back
from snapshotter.work import run_due
from tests.drift.conftest import standing


@pytest.fixture
def switch(hands):
    """Take the workflow or its schedule off or on, which changes neither version nor time of saving."""
    number = hands.schedules()[0]["id"]

    def turn(what, how):
        if what == "workflow":
            hands.release(how.upper())
        else:
            hands.schedule(number, how)

    return turn


@pytest.mark.parametrize("what", ["workflow", "schedule"])
def test_what_comes_again_after_a_put_back_is_found(sweep, switch, orders, publisher, what):
    sweep()
    switch(what, "offline")
    sweep()
    assert standing()
    sync = put_back(orders, actor=publisher, reason="it must run")
    run_due()
    sync.refresh_from_db()
    assert sync.state == SyncState.SUCCEEDED and not DriftItem.objects.standing().exists()
    switch(what, "offline")
    assert sweep().opened == 1


def test_what_comes_again_after_a_check_is_found(sweep, switch, look_at):
    sweep()
    switch("schedule", "offline")
    sweep()
    switch("schedule", "online")
    assert look_at().item is None
    switch("schedule", "offline")
    assert sweep().opened == 1


def test_what_a_check_found_is_closed_once_it_is_undone(sweep, switch, look_at):
    sweep()
    switch("schedule", "offline")
    assert look_at().item is not None
    switch("schedule", "online")
    run = sweep()
    assert (run.read_whole, run.closed) == (1, 1)


def test_what_a_capture_took_as_meant_counts(sweep, switch, orders, publisher):
    """It was off when it was captured: on again it is not as meant, though it was when it was last read."""
    sweep()
    switch("schedule", "offline")
    capture(orders, origin=Origin(trigger=Trigger.API), actor=publisher)
    run_due()
    switch("schedule", "online")
    assert sweep().opened == 1 and standing().kinds == ["schedule_on"]


def test_a_check_costs_one_whole_reading_more(sweep, look_at):
    sweep()
    look_at()
    assert (sweep().read_whole, sweep().read_whole) == (1, 0)


def test_a_rule_that_went_with_its_workflow_is_judged_anew_when_it_is_over(sweep, hands, orders, instance):
    """It is a rule of the project that the workflow was in when it was made."""
    hands.save(description="mine")
    before = Project.objects.create(instance=instance, code=88, name="before", mode=Mode.OFF)
    rules = {"workflow": orders, "path": "settings.description", "reason": "known", "created_by_name": "ops"}
    IgnoreRule.objects.create(project=before, **rules)
    sweep()
    assert not DriftItem.objects.exists()
    IgnoreRule.objects.update(expires_at=timezone.now())  # nobody says that it is over
    assert sweep().opened == 1
