"""Goal 14: an inspection of unchanged workflows, on the real DolphinScheduler and on the sandbox, in calls, seconds and memory."""

import copy
import gc
import hashlib
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.clients import client_for
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from dolphin.client import DolphinClient
from dolphin.sandbox import Sandbox
from dolphin.sandbox.state import STAMP
from dolphin.transport import Call, Observer
from drift.choices import RunKind
from drift.inspection import inspect
from drift.inspection.claim import begin
from drift.inspection.probe import read_lists
from drift.inspection.scan import Scan, rows_of
from drift.models import InspectionMark, InspectionRun
from operations.choices import RunKind as BulkKind
from operations.run_slice import run_slice
from operations.start import start
from snapshotter.choices import LiveState
from snapshotter.models import Snapshot, WorkflowState
from tests.bench.timing import Result
from tests.bench.workloads import form, raw_definition
from tests.services.raw_dolphin import RawDolphin

TASKS, ROUNDS = 10, 5
REAL, SANDBOX = (1_000,), (1_000, 10_000)


@dataclass(frozen=True)
class Told:
    """An inspection: `peak` MB of what it allocated, `served` seconds of its calls, from sending to the answer read."""

    count: int
    calls: int
    seconds: float
    peak: float = 0.0
    served: float = 0.0

    @property
    def own(self) -> float:
        return self.seconds - self.served


def results(
    servers: dict[str, RawDolphin], real: tuple[int, ...] = REAL, sandbox: tuple[int, ...] = SANDBOX
) -> Iterator[Result]:
    before = dict(settings.SNAPSHOTTER)
    # Its rests are not what is measured, nor are slow full checks: 3.5 readings an inspection for 1,000 workflows by default.
    settings.SNAPSHOTTER |= {"BULK_RATE": 0, "INSPECT_FULL": 1e9}
    try:
        for name, raw in servers.items():
            yield from _told(f"on {name}", [_real(name, raw, count) for count in real])
        yield from _told("on the sandbox", [_sandbox(count) for count in sandbox])
    finally:
        settings.SNAPSHOTTER.update(before)


def _told(place: str, pairs: list[tuple[Told, Told]]) -> Iterator[Result]:
    for first, again in pairs:
        note = f"{again.seconds:.2f} s, peak {again.peak:.0f} MB"
        if first.calls > first.count:
            note += f"; the first, which reads all: {first.seconds:.1f} s, {first.calls:,} calls"
        what = f"calls of an inspection of {again.count:,} unchanged, {place}"
        yield Result("14", what, again.calls, again.count / 1_000, 5, unit="", note=note)
    if len(pairs) > 1:
        small, large = pairs[0][1], pairs[-1][1]
        what = f"own time for each 1,000, of {large.count:,} and of {small.count:,}, {place}"
        # Beside its calls: the sandbox, in this process too, looks through all its rows for each page.
        ours, anchor = (one.own / one.count * 1e6 for one in (large, small))
        yield Result("14b", what, ours, anchor, 1.3)


def _real(name: str, raw: RawDolphin, count: int) -> tuple[Told, Told]:
    instance = _instance(f"inspect-{name.lower()}", raw.url, raw.token)
    project = Project.objects.create(instance=instance, code=raw.create_project(), name="inspect", mode=Mode.RECORD)
    first_code = 30_000_000_000
    for number in range(count):
        body = raw_definition(TASKS, first_code=first_code + number * 100, tenant=raw.tenant)
        raw.create(project.code, form(body))
    run, _ = start(BulkKind.BASELINE, instance=instance, project=project, actor=SYSTEM)
    while run_slice(run.pk, 600):
        pass
    return _three(instance, count)


def _sandbox(count: int) -> tuple[Told, Told]:
    """One workflow is made and captured; the others are its copies in the sandbox's rows and in ours."""
    with Sandbox() as sandbox:
        raw = RawDolphin(sandbox.url, sandbox.token)
        instance = _instance(f"sandbox-{count}", raw.url, raw.token)
        project = Project.objects.create(instance=instance, code=raw.create_project(), name="inspect", mode=Mode.RECORD)
        code = raw.create(project.code, form(raw_definition(TASKS)))
        raw.release(project.code, code, "ONLINE")
        raw.create_schedule(project.code, code, "0 0 3 * * ? *", online=True)
        run, _ = start(BulkKind.BASELINE, instance=instance, project=project, actor=SYSTEM)
        while run_slice(run.pk, 600):
            pass
        _copy(sandbox, project, code, count)
        _mark(instance, project)
        gc.collect()
        gc.freeze()  # the server's rows are in this process too: looking through them is no part of an inspection
        try:
            return _three(instance, count)
        finally:
            gc.unfreeze()


def _copy(sandbox: Sandbox, project: Project, code: int, count: int) -> None:
    own = sandbox.state
    row, schedule = own.definitions[code][0], own.schedules_of(code)[0]
    workflow = Workflow.objects.get(workflow_code=code)
    state = WorkflowState.objects.select_related("published").get(workflow=workflow)
    codes = {}
    for number in range(1, count):
        name, other = f"copy {number}", own.next_code()
        codes[name] = other
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)  # not all within one second
        named = {"code": other, "name": name, "id": own.next_id("definitions"), "updateTime": moment.strftime(STAMP)}
        own.definitions[other].append({**row, **named})
        own.relation_log[other] = own.relation_log[code]
        own.schedules.append({**schedule, "processDefinitionCode": other, "id": own.next_id("schedules")})
    Workflow.objects.bulk_create(
        [
            Workflow(key=f"{project.pk}.{name}", project=project, name=name, workflow_code=other)
            for name, other in codes.items()
        ],
        batch_size=500,
    )
    made = list(Workflow.objects.filter(project=project).exclude(pk=workflow.pk))
    Snapshot.objects.bulk_create([_version(state.published, one) for one in made], batch_size=500)
    published = dict(Snapshot.objects.filter(project=project).values_list("workflow", "pk"))
    WorkflowState.objects.bulk_create([_state(state, one, published[one.key]) for one in made], batch_size=500)


def _mark(instance: Instance, project: Project) -> None:
    """As a first inspection leaves them: reading ten thousand whole is not what is measured here."""
    with client_for(instance) as client:
        scan = Scan(project, read_lists(client, project.code), is_full=False)
    InspectionMark.objects.bulk_create(
        [
            InspectionMark(
                workflow_id=row.pk,
                probe=scan.digest(row),
                published=row.published,
                full_due_at=scan.lists.at + timedelta(days=1),
            )
            for row in rows_of(project, 0)
        ],
        batch_size=500,
    )


def _version(snapshot: Snapshot, workflow: Workflow) -> Snapshot:
    other = copy.copy(snapshot)
    other.pk, other.workflow, other.workflow_code = None, workflow, workflow.workflow_code
    other.label, other.label_hash = workflow.name, hashlib.sha256(workflow.name.encode()).hexdigest()
    return other


def _state(state: WorkflowState, workflow: Workflow, published: int) -> WorkflowState:
    return WorkflowState(
        workflow=workflow,
        published_id=published,
        last_version=1,
        expected_online=state.expected_online,
        expected_schedule_online=state.expected_schedule_online,
        live_state=LiveState.IN_SYNC,
        checked_at=state.checked_at,
    )


def _instance(name: str, url: str, token: str) -> Instance:
    return Instance.objects.create(name=name, base_url=url, token_encrypted=encrypt(token), flavour="3.1")


def _three(instance: Instance, count: int) -> tuple[Told, Told]:
    """The first one reads all that has no mark; the quickest of some is told; the last is measured, which slows it."""
    first = _inspect(instance, count)
    again = min((_inspect(instance, count) for _ in range(ROUNDS)), key=lambda told: told.own)
    tracemalloc.start()
    _inspect(instance, count)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return first, replace(again, peak=peak)


def _inspect(instance: Instance, count: int) -> Told:
    calls: list[Call] = []
    run, _ = begin(instance, kind=RunKind.COMMAND)
    began = time.perf_counter()
    with _noting(calls):
        while inspect.inspect_slice(run.pk, 3_600):
            pass
    seconds = time.perf_counter() - began
    run = InspectionRun.objects.get(pk=run.pk)
    assert run.verdicts == {"in_sync": count}, (run.verdicts, run.error_code, run.error_text)
    served = sum(call.answered_at - call.sent_at for call in calls)
    return Told(count, run.calls, seconds, served=served)


@contextmanager
def _noting(calls: list[Call]) -> Iterator[None]:
    """Note the calls of the inspection's client."""
    real = inspect.client_for

    def noted(instance: Instance, *, observer: Observer) -> DolphinClient:
        def both(call: Call) -> None:
            calls.append(call)
            observer(call)

        return real(instance, observer=both)

    inspect.client_for = noted  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.client_for = real
