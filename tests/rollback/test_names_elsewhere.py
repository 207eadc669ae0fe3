"""What is kept of a rollback names nothing of projects that its readers may not see, whatever the one who asked may see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from catalog.choices import Mode
from catalog.models import Project
from catalog.permissions import VIEW
from rollback.errors import NotAcknowledged
from rollback.many.criteria import criteria_of
from rollback.many.submit_many import AskMany, submit_many
from rollback.many.work import work_due
from rollback.models import BatchItem
from snapshotter.choices import Trigger
from snapshotter.derive_lineage import derive_due
from snapshotter.make_snapshot import Origin
from snapshotter.publish import PublishRequest, publish
from snapshotter.store import document_of
from snapshotter.work import run_due
from tests.definitions.documents import c1
from tests.rollback.impact.conftest import waits_for
from tests.services.raw_dolphin import RawDolphin

SECRET = "merger payroll"


@pytest.fixture
def secret_one(history, root, instance, dolphin, project, oncall):
    """v4 has one task more; a workflow of a project that only `oncall` may see too waits for it."""

    def put(key, body, within, message=""):
        origin = Origin(trigger=Trigger.API, message=message)
        publish(PublishRequest(workflow_key=key, definition=body, origin=origin, project=within), actor=root)
        run_due()

    raw = RawDolphin(dolphin.url, dolphin.token)
    secret = Project.objects.create(
        instance=instance, code=raw.create_project("secret"), name="secret", mode=Mode.PUBLISH
    )
    added, other = dolphin.state.next_code(), dolphin.state.next_code()
    tasks = dict.fromkeys([*document_of(history.version(3)).tasks, added], "true")
    put("orders", c1(tasks, name="orders daily"), project, message="adds a task")
    body = c1({other: "true"}, name=SECRET)
    body["definitions"]["tasks"][str(other)].update(waits_for(project.code, history.code, added))
    put("hidden", body, secret)
    derive_due(60)
    assign_perm(VIEW, oncall, secret)
    return type(oncall).objects.get(pk=oncall.pk)


@pytest.fixture
def reader(client, viewer):
    viewer.is_staff = True
    viewer.save()
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_request_tells_others_how_many_and_who_asks_whom(ask, secret_one, reader):
    with pytest.raises(NotAcknowledged) as refusal:
        ask(3, actor=secret_one)
    (row,) = refusal.value.extra["findings"]
    assert (row["code"], SECRET in row["text"]) == ("dependent_task_removed", True)
    request = ask(3, actor=secret_one, acknowledged=("dependent_task_removed",))
    kept = {row["code"]: row["values"] for row in request.findings}
    assert kept["dependent_task_removed"] == kept["dependents"] == {"names": [], "count": 1, "hidden": 1}
    page = reader.get(reverse("rollback:request", args=[request.pk])).content.decode()
    answer = reader.get(f"/api/v1/rollbacks/{request.pk}").content.decode()
    assert "1 (–)" in page and "1 more that you may not see" in page
    assert "dependent_task_removed" in answer
    assert not any(SECRET in text for text in (page, answer))


def test_so_does_an_item_of_a_batch(history, secret_one, reader):
    since = timezone.now() - timedelta(hours=1)
    criteria = criteria_of(text="adds a task", since=since)
    batch, _is_new = submit_many(AskMany(criteria=criteria, reason="v4 is bad"), actor=secret_one)
    work_due(60.0)
    item = BatchItem.objects.get(batch=batch)
    assert (item.code, [row["values"]["hidden"] for row in item.findings]) == ("not_acknowledged", [1])
    page = reader.get(reverse("rollback-many:batch", args=[batch.pk])).content.decode()
    answer = reader.get(f"/api/v1/rollback-batches/{batch.pk}").content.decode()
    assert "not_acknowledged" in page
    assert "dependent_task_removed" in answer
    assert not any(SECRET in text for text in (page, answer))
