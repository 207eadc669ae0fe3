"""What is done to a workflow while faults fall on it. Each accepts one sync on a workflow of its own and leaves it queued."""

from collections.abc import Callable

from django.utils import timezone

from audit.actors import SYSTEM
from catalog.models import Workflow
from rollback.execute import execute
from rollback.submit import Ask, submit
from snapshotter.builder import build
from snapshotter.capture import capture
from snapshotter.choices import Trigger
from snapshotter.drafts.confirm import confirm
from snapshotter.drafts.draft import draft
from snapshotter.lost.restore import restore as bring_back
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import PublishRequest
from snapshotter.put_back import put_back
from snapshotter.store import put_content
from snapshotter.work import run_due
from tests.faults.conftest import LONG_AGO, Stage

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


def rolled_back(stage: Stage, key: str) -> Sync:
    """Version 2 is live; somebody who may goes back to version 1."""
    workflow = stage.published(key)
    stage.accept(key, stage.body(key, "echo new"))
    run_due()
    return _rolled_back(workflow)


def rolled_back_in_vain(stage: Stage, key: str) -> Sync:
    """DolphinScheduler refuses version 1 by now (a task type nobody has any more), so version 2 is put back."""
    workflow = stage.published(key)
    stage.accept(key, stage.body(key, "echo new"))
    run_due()
    first = stage.body(key)
    next(iter(first["definitions"]["tasks"].values()))["taskType"] = "NO_SUCH_TYPE"
    bad = build(first, label=None, published=None)
    put_content(bad)
    Snapshot.objects.filter(workflow=workflow, version=1).update(content_hash=bad.content_hash)
    return _rolled_back(workflow)


def _rolled_back(workflow: Workflow) -> Sync:
    target = Snapshot.objects.select_related("workflow").get(workflow=workflow, version=1)
    found = Workflow.objects.select_related("project__instance").get(pk=workflow.pk)
    request = submit(Ask(workflow=found, target=target, reason="v2 loses rows"), actor=SYSTEM)
    return execute(request, actor=SYSTEM)


def restored(stage: Stage, key: str) -> Sync:
    """Somebody has deleted the workflow in DolphinScheduler; its published version is made anew."""
    workflow = stage.published(key)
    stage.delete(key)
    version = Snapshot.objects.get(workflow=workflow)
    return bring_back(
        workflow, version=version, actor=SYSTEM, reason="deleted", origin=Origin(trigger=Trigger.ROLLBACK)
    )


def confirmed(stage: Stage, key: str) -> Sync:
    """A platform has done what its draft says."""
    return _confirmed(stage, key, "echo a")


def contradicted(stage: Stage, key: str) -> Sync:
    """A platform says that it has done what its draft says, and has not."""
    return _confirmed(stage, key, "echo something else")


def unanswered(stage: Stage, key: str) -> Sync:
    """A draft whose deadline has passed without a word."""
    sync = _draft(stage, key)
    Sync.objects.filter(pk=sync.pk).update(due_at=timezone.now() - LONG_AGO)
    return sync


def _confirmed(stage: Stage, key: str, script: str) -> Sync:
    sync = _draft(stage, key)
    tasks = stage.body(key, script)["definitions"]["tasks"]
    scripts = {int(code): task["taskParams"]["rawScript"] for code, task in tasks.items()}
    form = stage.raw.form(f"name of {key}", scripts)
    code = stage.raw.create(stage.project.code, form)
    assert sync.snapshot is not None
    confirm(sync.snapshot, workflow_code=code, actor=SYSTEM)
    return sync


def _draft(stage: Stage, key: str) -> Sync:
    origin = Origin(trigger=Trigger.API, message="why")
    request = PublishRequest(workflow_key=key, definition=stage.body(key), origin=origin, project=stage.project)
    sync = draft(request, actor=SYSTEM).sync
    assert sync is not None
    return sync


WRITING = [publish, create, restore, forced, cured, restored]
ALL = [*WRITING, captured]
ROLLING_BACK = [rolled_back, rolled_back_in_vain]
CONFIRMING = [confirmed, contradicted, unanswered]
