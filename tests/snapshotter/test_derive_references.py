"""Deriving references: once a content, by whichever worker, whatever becomes of its lineage."""

import pytest

from snapshotter import tasks
from snapshotter.derive_lineage import derive_due
from snapshotter.derive_references import derive_references
from snapshotter.models import ContentLineage, ContentReference, DefinitionBlob

OTHER, ITS_TASK = 4711, 815


@pytest.fixture
def version(run_publish, make_definition, dolphin):
    """A version nobody has looked at yet: its second task waits for a task of another workflow, its third for all of it."""
    body = make_definition()
    _, waits, waits_too = body["definitions"]["tasks"].values()
    for task, named in ((waits, ITS_TASK), (waits_too, 0)):
        item = {"projectCode": dolphin.project, "definitionCode": OTHER, "depTaskCode": named}
        task.update(taskType="DEPENDENT", taskParams={"dependence": {"dependTaskList": [{"dependItemList": [item]}]}})
    dolphin.fault("html", method="GET", path="query-process-definition-list")  # what it waits for is not there
    sync = run_publish(body)
    assert sync.state == "succeeded", sync.error_text
    return sync.snapshot


def noted():
    return sorted(ContentReference.objects.values_list("kind", "workflow", "named_task"))


def test_it_is_noted_once(version):
    assert (derive_due(60), derive_due(60)) == (1, 0)
    assert noted() == [("dependency", OTHER, 0), ("dependency", OTHER, ITS_TASK)]
    assert set(ContentReference.objects.values_list("content_hash", flat=True)) == {version.content_hash}
    assert set(ContentReference.objects.values_list("task_name", flat=True)) == {"task 1", "task 2"}
    assert ContentLineage.objects.get().has_references is True


def test_what_an_older_release_has_read_is_noted_too(version):
    derive_due(60)
    ContentReference.objects.all().delete()
    ContentLineage.objects.update(has_references=None)
    assert derive_due(60) == 1
    assert len(noted()) == 2


def test_two_workers_note_it_once(version):
    derive_due(60)
    row = ContentLineage.objects.get()
    ContentLineage.objects.update(has_references=None)
    assert (derive_references(row), derive_references(row), len(noted())) == (True, False, 2)


def test_a_damaged_content_is_said_to_be_unknown(version, caplog):
    derive_due(60)
    ContentLineage.objects.update(has_references=None)
    DefinitionBlob.objects.update(data=b"spoilt")
    assert derive_due(60) == 1
    assert ContentLineage.objects.get().has_references is False
    assert "can't be read" in caplog.text


def test_the_sweep_sends_a_worker_where_only_references_are_missing(version, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.lineage, "delay", lambda: sent.append("lineage"))
    derive_due(60)
    tasks.sweep()
    assert sent == []
    ContentLineage.objects.update(has_references=None)
    tasks.sweep()
    assert sent == ["lineage"]
