"""Copies and tests are kept out by their names, unless they are governed already."""

import pytest

from catalog.errors import TemporaryWorkflow
from catalog.models import Project, Workflow
from catalog.temporary import is_temporary
from snapshotter.capture import capture, govern
from snapshotter.choices import Status, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.services.raw_dolphin import RawDolphin

CAPTURE = Origin(trigger=Trigger.CAPTURE)


@pytest.mark.parametrize(
    ("patterns", "name", "temporary"),
    [
        ("*_copy_*, *_import_*", "orders_copy_20261125180000123", True),
        ("*_copy_*, *_import_*", "orders(1)_import_20261125", True),
        ("*_copy_*, *_import_*", "orders_copy", False),
        ("*_copy_*, *_import_*", "orders_daily", False),
        ("", "orders_copy_1", False),
        (" , ,", "orders", False),
        ("test-*", "test-1", True),
        ("test-*", "Test-1", False),
        ("临时?", "临时1", True),
    ],
)
def test_patterns(patterns, name, temporary):
    assert is_temporary(Project(temporary_patterns=patterns), name) == temporary


def test_govern_and_publish_refuse_a_new_one(project, publisher, make_definition):
    with pytest.raises(TemporaryWorkflow) as caught:
        govern(project, workflow_code=5, name="a_copy_1", actor=publisher)
    assert caught.value.extra["name"] == "a_copy_1"
    body = make_definition(name="b_import_1")
    with pytest.raises(TemporaryWorkflow):
        publish(
            PublishRequest(workflow_key="b", definition=body, origin=CAPTURE, project=project),
            actor=publisher,
        )
    assert Workflow.objects.count() == 0


def test_one_named_by_its_key_only_is_told_by_what_is_read(project, publisher, dolphin):
    raw = RawDolphin(dolphin.url, dolphin.token)
    (task,) = raw.task_codes(project.code, 1)
    code = raw.create(project.code, raw.form("x_copy_2", {task: "echo"}))
    workflow = govern(project, workflow_code=code, name="x", actor=publisher)
    sync = capture(workflow, origin=CAPTURE, actor=publisher)
    run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code, Snapshot.objects.count()) == ("failed", "temporary_workflow", 0)


def test_one_that_is_governed_already_stays(project, publisher, make_definition):
    def go(body):
        publish(PublishRequest(workflow_key="o", definition=body, origin=CAPTURE, project=project), actor=publisher)
        run_due()

    go(make_definition())
    go(make_definition("echo 2", name="orders_copy_1"))
    newest = Snapshot.objects.latest("version")
    assert (newest.version, newest.status, newest.label) == (2, Status.PUBLISHED, "orders_copy_1")
    sync = capture(Workflow.objects.get(), origin=CAPTURE, actor=publisher)
    run_due()
    assert Sync.objects.get(pk=sync.pk).state == "succeeded"
