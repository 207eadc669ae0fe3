"""Kill -9 of the worker before every single event: afterwards everything is as if nothing had happened.

An event is a changing SQL statement or a call to DolphinScheduler, so every durable state between two of them is met. Each point is tried
on a workflow of its own; the number of points is learnt from an undisturbed run.
"""

import pytest

from catalog.models import Instance
from snapshotter.models import Sync
from tests.faults import scenarios
from tests.faults.conftest import Stage, Worker, no_two_updates_overlap, pass_time
from tests.faults.proxy import Proxy

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


def kill_at_some_points(worker: Worker, stage: Stage, accept: scenarios.Accept, count: int) -> None:
    """Kill at so many points, spread evenly, and once more in each recovery."""
    events = worker.run(accept(stage, "undisturbed"))["events"]
    expected = stage.end("undisturbed")
    assert expected["lock"] is None
    for number in range(1, events + 1, max(1, events // count)):
        key = f"killed-before-{number}"
        sync = accept(stage, key)
        assert worker.run(sync, kill_before=number)["killed"]
        again = (number * 7) % events + 1
        recover(worker, sync, kill_before=again)
        assert stage.end(key) == expected, f"killed before event {number} of {events}, then before {again}"


@pytest.mark.parametrize("accept", [*scenarios.ALL, scenarios.rolled_back])
def test_killed_anywhere_the_end_is_the_same(worker, stage, dolphin, accept):
    dolphin.slow_put = 0.03  # wide enough for two updates to meet, where a scenario wants it
    # A restore has the most points, nearly all of them those of a create; make soak tries every one.
    kill_at_some_points(worker, stage, accept, count=12 if accept is scenarios.restored else 10_000)
    if accept is not scenarios.cured:
        no_two_updates_overlap(dolphin.log)


def test_a_rollback_in_vain_is_killed_at_some_points(worker, stage):
    kill_at_some_points(worker, stage, scenarios.rolled_back_in_vain, count=10)


@pytest.mark.soak
def test_a_rollback_in_vain_is_killed_anywhere(worker, stage):
    kill_at_some_points(worker, stage, scenarios.rolled_back_in_vain, count=10_000)


@pytest.mark.dolphin_mysql
@pytest.mark.parametrize(
    "accept", [scenarios.publish, scenarios.create, scenarios.restore, scenarios.rolled_back, scenarios.restored]
)
def test_on_the_real_one_a_few_points(worker, real_stage, accept):
    with Proxy(real_stage.raw.url) as proxy:
        Instance.objects.update(base_url=proxy.url)
        kill_at_some_points(worker, real_stage, accept, count=4)
        no_two_updates_overlap(proxy.log)


@pytest.mark.soak
@pytest.mark.dolphin_mysql
@pytest.mark.parametrize("accept", [*scenarios.ALL, scenarios.rolled_back])
def test_on_the_real_one_every_point(worker, real_stage, accept):
    kill_at_some_points(worker, real_stage, accept, count=10_000)


@pytest.mark.parametrize("accept", scenarios.WRITING)
def test_killed_while_dolphin_is_at_work_the_end_is_the_same(worker, stage, dolphin, accept):
    """The worker is gone, DolphinScheduler carries the call out all the same, later."""
    dolphin.slow_put = 0.03
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
    if accept is not scenarios.cured:
        no_two_updates_overlap(dolphin.log)
