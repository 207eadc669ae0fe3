"""What is done to a workflow while faults fall on it. Each accepts one sync on a workflow of its own and leaves it queued."""

from collections.abc import Callable

from audit.actors import SYSTEM
from snapshotter.capture import capture
from snapshotter.choices import Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync
from snapshotter.put_back import put_back
from tests.faults.conftest import Stage

Accept = Callable[[Stage, str], Sync]


def publish(stage: Stage, key: str) -> Sync:
    stage.published(key)
    return stage.accept(key, stage.body(key, "echo new"))


def create(stage: Stage, key: str) -> Sync:
    return stage.first(key)


def captured(stage: Stage, key: str) -> Sync:
    workflow = stage.published(key)
    stage.edit(key, "echo theirs")
    return capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=SYSTEM)


def restore(stage: Stage, key: str) -> Sync:
    """DolphinScheduler refuses the update (a task type nobody has), so the former state is put back."""
    stage.published(key)
    body = stage.body(key, "echo new")
    next(iter(body["definitions"]["tasks"].values()))["taskType"] = "NO_SUCH_TYPE"
    return stage.accept(key, body)


def forced(stage: Stage, key: str) -> Sync:
    stage.published(key)
    stage.edit(key, "echo theirs")
    return stage.accept(key, stage.body(key, "echo new"), force_reason="agreed")


def cured(stage: Stage, key: str) -> Sync:
    """DolphinScheduler has corrupted the workflow; the published version is put back."""
    workflow = stage.published(key)
    stage.corrupt(key)
    return put_back(workflow, actor=SYSTEM, reason="repair")


WRITING = [publish, create, restore, forced, cured]
ALL = [*WRITING, captured]
