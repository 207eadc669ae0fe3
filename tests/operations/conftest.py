"""A project with workflows made in DolphinScheduler itself, and runs worked to their end by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from catalog.models import Project
from operations.choices import RunKind
from operations.models import OperationRun
from operations.run_slice import run_slice
from operations.start import start
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.conftest import request_publish, run_publish  # noqa: F401  publishes to look at


@pytest.fixture(autouse=True)
def no_waiting(settings: Any) -> None:
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "BULK_RATE": 0}


@pytest.fixture
def raw(dolphin: Any) -> RawDolphin:
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def make(raw: RawDolphin, project: Project) -> Callable[..., int]:
    """Return a maker of workflows of two shell tasks."""

    def create(name: str, *scripts: str, **more: Any) -> int:
        codes = raw.task_codes(project.code, 2)
        texts = dict(zip(codes, [*scripts, "echo a", "echo b"][:2], strict=True))
        return raw.create(project.code, raw.form(name, texts, **more))

    return create


@pytest.fixture
def do(project: Project, publisher: Any) -> Callable[..., OperationRun]:
    """Start a run of the project and work until it is over."""

    def go(kind: RunKind, **options: Any) -> OperationRun:
        options = {"instance": project.instance, "project": project, "actor": publisher, **options}
        run, _ = start(kind, **options)
        while run_slice(run.pk, 60.0):
            pass
        run.refresh_from_db()
        return run

    return go
