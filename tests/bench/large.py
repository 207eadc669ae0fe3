"""How much memory, how many bytes and how long pages of large definitions take: bounded, whatever is asked of them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from definitions.canonical import canonicalise
from definitions.compare import compare, summary
from dolphin.payloads import read_document
from snapshotter.choices import Status, Trigger
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import WorkflowState
from snapshotter.pieces import stored
from tests.bench.stores import Store
from tests.bench.timing import Result
from tests.bench.workloads import edited, long_script, raw_definition

MEGA = 1_000_000
MEMORY, TIME = 256.0, 3_000.0  # what a page may take: MB that the process grows by, milliseconds
PAGE, EXPORT = (
    2.0,
    2.5,
)  # what an answer may have: MB of a page; an export, in definitions, of which a difference holds two


@dataclass(frozen=True)
class Asked:
    """`address` is below /workflows/KEY/, of the pages or, of an export by the API, of that."""

    name: str
    address: str
    is_export: bool = False
    of_api: bool = False

    def path(self, key: str) -> str:
        return f"{'/api/v1' if self.of_api else ''}/workflows/{key}/{self.address}"


_PAIR = "diff/?left=1&right=2"
DIFF = (
    Asked("diff, summary", _PAIR),
    *(Asked(f"diff, {tab}", f"{_PAIR}&tab={tab}") for tab in ("tasks", "graph", "settings", "lineage")),
    Asked("diff, tasks unified", f"{_PAIR}&tab=tasks&mode=unified"),
)
VERSION = (
    Asked("version, summary", "versions/2/"),
    *(Asked(f"version, {tab}", f"versions/2/?tab={tab}") for tab in ("definition", "graph", "lineage")),
    Asked("download, canonical", "versions/2/canonical.json", is_export=True),
    Asked("download, as DolphinScheduler's", "versions/2/dolphinscheduler.json", is_export=True),
)
CONTENT = Asked("version with content in the API", "versions/2?content=true", is_export=True, of_api=True)
EXPORTS = tuple(
    Asked(f"diff as {form}", f"diff?left=1&right=2&format={form}", is_export=True, of_api=True)
    for form in ("json", "markdown", "jsondiff", "unified")
)


@dataclass(frozen=True)
class Case:
    """A workflow of two versions, and what is asked of it."""

    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Told:
    """What one request took, in MB and milliseconds; `definition` is the canonical size of one version."""

    case: str
    asked: Asked
    definition: float
    answer: float
    grown: float
    peak: float
    milliseconds: float
    faults: tuple[str, ...]

    def results(self) -> Iterator[Result]:
        what = f"{self.asked.name}, {self.case}"
        bound = EXPORT * self.definition if self.asked.is_export else PAGE
        note = f"(process {self.peak:.0f} MB)"
        yield Result("mem", what, self.grown, MEMORY, 1.0, "MB", note=note, faults=self.faults)
        yield Result("", f"  answer, of a definition of {self.definition:.1f} MB", self.answer, bound, 1.0, "MB")
        yield Result("", "  time", self.milliseconds, TIME, 1.0)


def cases() -> Iterator[Case]:
    thousand = raw_definition(1_000)
    every = (*DIFF, *VERSION, *EXPORTS)
    yield Case("1,000 tasks, 10 edits", thousand, edited(thousand, edits=10, seed=1), every)
    yield Case("1,000 tasks, all changed", thousand, edited(thousand, edits=1_000, seed=1), (*DIFF, *EXPORTS))
    most = raw_definition(2_000)
    yield Case("2,000 tasks, 10 edits", most, edited(most, edits=10, seed=1), (*every, CONTENT))
    script = long_script(20_000)
    yield Case("script of 20,000 lines, 40 changed", script, long_script(20_000, changed=40), every)
    yield Case("script of 20,000 lines, all changed", script, long_script(20_000, changed=20_000), (*DIFF, *EXPORTS))


def measure(url: str) -> Iterator[Told]:
    """Memory, bytes and time of each page, each in a process of its own."""
    store = Store(url, "snapshotter_bench_large").create().migrate()
    address = f"{url.rpartition('/')[0]}/{store.name}"
    with store.used():
        project = _project()
        for number, case in enumerate(cases(), 1):
            definition = _workflow(project, number, case) / MEGA
            for asked in case.asked:
                yield _told(case, asked, definition, _fresh(address, asked.path(f"large-{number}")))
    store.drop()


def _told(case: Case, asked: Asked, definition: float, told: dict[str, Any]) -> Told:
    faults = () if told["status"] == 200 else (f"answered {told['status']} {told['text']}",)
    sizes = {name: told[key] / MEGA for name, key in (("answer", "bytes"), ("grown", "grown"), ("peak", "peak"))}
    return Told(case.name, asked, definition, **sizes, milliseconds=told["milliseconds"], faults=faults)


def _fresh(url: str, address: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.fresh", address],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _project() -> Project:
    User.objects.create(username="root", is_superuser=True, is_staff=True)
    instance = Instance.objects.create(
        name="bench", base_url="http://127.0.0.1:9/ds", token_encrypted=encrypt("x"), flavour="3.1"
    )
    return Project.objects.create(instance=instance, code=1, name="large", mode=Mode.PUBLISH)


def _workflow(project: Project, number: int, case: Case) -> int:
    """Make it; return the bytes of its newer version's canonical definition."""
    key = f"large-{number}"
    workflow = Workflow.objects.create(key=key, project=project, workflow_code=number, name=key)
    state = WorkflowState.objects.create(workflow=workflow)
    before, after = (canonicalise(read_document(body)) for body in (case.before, case.after))
    with transaction.atomic():
        for canonical in (before, after):
            state.published = make_snapshot(
                workflow=workflow,
                pieces=stored(canonical, canonical.schedule_json),
                status=Status.PUBLISHED,
                origin=Origin(trigger=Trigger.API, message=case.name),
                actor=SYSTEM,
                change_summary=summary(compare(before.document, canonical.document)),
            )
        state.save(update_fields=["published"])
    return after.size
