"""Kill -9 of the worker before every single event: afterwards everything is as if nothing had happened.

An event is a changing SQL statement or a call to DolphinScheduler, so every durable state between two of them is met. Each point is tried
on a workflow of its own; the number of points is learnt from an undisturbed run.
"""

import pytest

from snapshotter.models import Sync
from tests.faults import scenarios
from tests.faults.conftest import Worker, no_two_updates_overlap, pass_time

pytestmark = pytest.mark.mysql


def recover(worker: Worker, sync: Sync, **order: int) -> None:
    """Claim it as often as the sweep would, until nothing is due."""
    for _ in range(8):
        pass_time(sync)
        worker.run(sync, **order)
        order = {}
        sync.refresh_from_db()
        if sync.is_finished:
            return
    raise AssertionError(f"{sync.state} {sync.error_code} {sync.error_text}")


@pytest.mark.parametrize("accept", scenarios.ALL)
def test_killed_anywhere_the_end_is_the_same(worker, stage, dolphin, accept):
    events = worker.run(accept(stage, "undisturbed"))["events"]
    expected = stage.end("undisturbed")
    assert events > 10 and expected["lock"] is None
    for number in range(1, events + 1):
        key = f"killed-before-{number}"
        sync = accept(stage, key)
        assert worker.run(sync, kill_before=number)["killed"]
        again = (number * 7) % events + 1  # and once more, somewhere in the recovery
        recover(worker, sync, kill_before=again)
        assert stage.end(key) == expected, f"killed before event {number} of {events}, then before {again}"
    no_two_updates_overlap(dolphin.log)


@pytest.mark.parametrize("accept", scenarios.WRITING)
def test_killed_while_dolphin_is_at_work_the_end_is_the_same(worker, stage, dolphin, accept):
    """The worker is gone, DolphinScheduler carries the call out all the same, later."""
    undisturbed = accept(stage, "undisturbed")
    worker.run(undisturbed)
    expected = stage.end("undisturbed")
    writes = undisturbed.steps.filter(is_write=True).count()
    assert writes >= 2
    for number in range(1, writes + 1):
        key = f"killed-during-{number}"
        sync = accept(stage, key)
        dolphin.slow_writes = 0.4
        assert worker.run(sync, kill_during=number)["killed"]
        dolphin.slow_writes = 0.0
        dolphin.quiet()
        recover(worker, sync)
        assert stage.end(key) == expected, f"killed during write {number} of {writes}"
    no_two_updates_overlap(dolphin.log)
