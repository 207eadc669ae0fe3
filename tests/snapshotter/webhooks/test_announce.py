"""Every end of a sync is told, once per endpoint, in the transaction that ends it."""

import json

import pytest
from django.db import transaction
from django.utils import timezone

from catalog.choices import Mode
from snapshotter.capture import capture
from snapshotter.choices import Online, Trigger
from snapshotter.drafts.confirm import confirm
from snapshotter.drafts.fail import fail_draft
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync, WebhookDelivery, WebhookEndpoint
from snapshotter.webhooks.announce import announce
from snapshotter.work import run_due


def events():
    return list(WebhookDelivery.objects.order_by("pk").values_list("event", flat=True))


def told():
    return json.loads(WebhookDelivery.objects.latest("pk").body)


def test_a_publish_that_succeeds_and_one_that_fails(hook, run_publish, make_definition):
    sync = run_publish(make_definition())
    body = told()
    assert (body["event"], body["workflow"], body["project"]) == ("publish.succeeded", "orders", hook.project.code)
    assert (body["sync"]["id"], body["sync"]["state"]) == (sync.pk, "succeeded")
    assert (body["snapshot"]["version"], body["snapshot"]["status"]) == (1, "published")
    run_publish(make_definition("echo 😀"), online=Online.ON)
    assert (told()["sync"]["error_code"], told()["snapshot"]["status"]) == ("dolphin_10107", "failed")
    assert events() == ["publish.succeeded", "publish.failed"]


def test_attention(hook, run_publish, make_definition, dolphin):
    dolphin.fault("cut", method="POST", path="process-definition", after=True)
    sync = run_publish(make_definition())
    sync.steps.filter(answered_at=None).update(sent_at=timezone.now() - timezone.timedelta(hours=1))
    dolphin.token = "another"  # a write may have been done, and DolphinScheduler can't be asked any more
    Sync.objects.update(due_at=timezone.now() - timezone.timedelta(seconds=1))
    run_due()
    assert events() == ["publish.attention"]
    assert told()["sync"]["state"] == "attention"


def test_captures(hook, run_publish, make_definition, publisher):
    workflow = run_publish(make_definition()).workflow
    capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    run_due()
    assert events()[1:] == ["capture.unchanged"]


def test_drafts(hook, open_draft, make_definition, publisher, project):
    fail_draft(open_draft(make_definition()).snapshot, code="x", message="", actor=publisher)
    assert told()["snapshot"]["status"] == "failed"
    open_draft(make_definition())
    Sync.objects.waiting_for_platform().update(due_at=timezone.now() - timezone.timedelta(seconds=1))
    run_due()
    assert told()["snapshot"]["status"] == "unconfirmed"
    confirm(open_draft(make_definition()).snapshot, workflow_code=5, actor=publisher)
    run_due()
    assert events() == ["confirm.failed", "confirm.unconfirmed", "confirm.failed"]


@pytest.mark.parametrize("gone", ["ended_at", "approved_at"])
def test_who_is_not_told(gone, hook, run_publish, make_definition, project):
    value = timezone.now() if gone == "ended_at" else None
    WebhookEndpoint.objects.update(**{gone: value})
    other = type(project).objects.create(instance=project.instance, code=9, name="other", mode=Mode.PUBLISH)
    WebhookEndpoint.objects.create(project=other, url="http://x", secret_encrypted="", approved_at=timezone.now())
    run_publish(make_definition())
    assert events() == []


def test_an_end_that_is_rolled_back_is_not_told(hook, run_publish, make_definition):
    sync = run_publish(make_definition())
    with pytest.raises(RuntimeError), transaction.atomic():
        announce(sync, "publish.succeeded")
        raise RuntimeError
    assert events() == ["publish.succeeded"]


def test_no_text_of_people_and_no_definition_goes_out(hook, run_publish, make_definition):
    run_publish(make_definition("export PASSWORD=hunter2"))
    assert "hunter2" not in WebhookDelivery.objects.get().body
    assert "why" not in WebhookDelivery.objects.get().body
