"""Goal 13: rollback on the real DolphinScheduler, beside its own calls and beside DolphinScheduler's native switch."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import cycle

from audit.actors import SYSTEM
from catalog.models import Instance, Workflow
from dolphin import transport
from dolphin.client import DolphinClient
from rollback.execute import execute
from rollback.submit import Ask, submit
from snapshotter import sync as syncing
from snapshotter.choices import Online, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_one
from tests.bench.crowd import crowd
from tests.bench.publishing import Server, edit_live, succeeded
from tests.bench.timing import Result, elapsed
from tests.bench.workloads import edited
from tests.services.raw_dolphin import RawDolphin
from versions import live

ROUNDS = 6
SIZES = (10, 100, 500, 1_000)
_GOAL, _GOAL_SMALL = 1.15, 1.3


def results(servers: dict[str, RawDolphin]) -> Iterator[Result]:
    for name, raw in servers.items():
        server = Server(f"{name} rollback", raw)
        with crowd() if name == "MySQL" else nullcontext():
            for count in SIZES:
                yield from _rollbacks(server, name, count)


def _rollbacks(server: Server, name: str, count: int) -> Iterator[Result]:
    """Version 1 and version 2 differ in one task; there and back again."""
    workflow, raw = server.make(count)
    twin, twin_raw = server.make(count)
    _second(workflow, edited(raw, edits=1, seed=1))
    edit_live(server, twin, edited(twin_raw, edits=1, seed=1))
    ours, own, native, asked = [], [], [], []
    for _round, version, switched in zip(range(ROUNDS), cycle((1, 2)), cycle((1, 2)), strict=False):
        calls: list[transport.Call] = []
        with _noting(calls):
            ask = _ask(workflow, version)
            asked.append(elapsed(lambda made=ask: made.append(submit(made.pop(), actor=SYSTEM))))  # type: ignore[misc]
            noted = len(calls)
            ours.append(elapsed(lambda made=ask: _execute(made)))  # type: ignore[misc]
        own.append(sum(call.answered_at - call.sent_at for call in calls[noted:]) * 1000)
        native.append(elapsed(lambda number=switched: _switch(server, twin, number)))  # type: ignore[misc]
    median = statistics.median
    note = f"({len(calls) - noted} calls; asking took {median(asked):.0f} ms, {noted} calls)"
    goal = _GOAL_SMALL if count == SIZES[0] else _GOAL
    yield Result("13", f"rollback of {count} tasks, on {name}", median(ours), median(own), goal, note=note)
    faster = 1.0 if name == "MySQL" and count >= 500 else float("inf")
    yield Result("13b", f"the same, beside the native switch, {count} tasks", median(ours), median(native), faster)


def _ask(workflow: Workflow, version: int) -> list[object]:
    """Return what is asked for, in a list that takes the answer."""
    found = Workflow.objects.select_related("project__instance").get(pk=workflow.pk)
    content = Snapshot.objects.get(workflow=workflow, version=version).content_hash
    target = Snapshot.objects.filter(workflow=workflow, content_hash=content).select_related("workflow").first()
    assert target is not None
    return [Ask(workflow=found, target=target, reason="bench")]


def _execute(made: list[object]) -> None:
    sync = execute(made[0], actor=SYSTEM)  # type: ignore[arg-type]
    run_one(sync.pk)
    succeeded(sync.pk)


def _second(workflow: Workflow, body: dict[str, object]) -> None:
    request = PublishRequest(
        workflow_key=workflow.key, definition=body, origin=Origin(trigger=Trigger.API), online=Online.ON
    )
    accepted = publish(request, actor=SYSTEM)
    assert accepted.sync is not None
    run_one(accepted.sync.pk)
    succeeded(accepted.sync.pk)


def _switch(server: Server, workflow: Workflow, version: int) -> None:
    """What DolphinScheduler's own page does: OFFLINE, switch, ONLINE."""
    code = int(workflow.workflow_code or 0)
    server.raw.release(server.code, code, "OFFLINE")
    server.call("GET", f"{code}/versions/{version}")
    server.raw.release(server.code, code, "ONLINE")


@contextmanager
def _noting(calls: list[transport.Call]) -> Iterator[None]:
    """Note every call of the client, the looks' and the worker's."""
    usual, looking = syncing.client_for, live.client_for

    def working(instance: Instance, *, observer: transport.Observer) -> DolphinClient:
        return usual(instance, observer=lambda call: (calls.append(call), observer(call)))  # type: ignore[func-returns-value]

    def looked(instance: Instance) -> DolphinClient:
        return looking(instance, observer=calls.append)

    syncing.client_for, live.client_for = working, looked  # type: ignore[assignment]
    try:
        yield
    finally:
        syncing.client_for, live.client_for = usual, looking
