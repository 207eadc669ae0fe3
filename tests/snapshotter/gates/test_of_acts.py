"""Retry, put back, cancel and give up keep to the gates, to drafts of platforms, and tell webhooks."""

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.errors import DeploymentChanged
from catalog.models import Deployment
from snapshotter.cancel import cancel
from snapshotter.choices import Status
from snapshotter.errors import Frozen, NotCancellable
from snapshotter.models import FreezeWindow, Snapshot, Sync, WebhookDelivery
from snapshotter.put_back import put_back
from snapshotter.retry import retry


@pytest.fixture
def freeze_now(project):
    def make():
        now, day = timezone.now(), timezone.timedelta(days=1)
        times = {"starts_at": now - day, "ends_at": now + day}
        return FreezeWindow.objects.create(project=project, reason="audit", created_by_name="wang", **times)

    return make


def test_a_retry_in_a_freeze_is_refused_and_changes_nothing(run_publish, make_definition, freeze_now, publisher):
    run_publish(make_definition())
    failed = run_publish(make_definition("echo 😀")).snapshot
    assert failed.status == Status.FAILED
    freeze_now()
    with pytest.raises(Frozen):
        retry(failed, actor=publisher)
    assert (Snapshot.objects.get(pk=failed.pk).status, Sync.objects.count()) == (Status.FAILED, 2)
    assert AuditEntry.objects.get(event="publish.retry_refused").outcome == "refused"


def test_a_retry_takes_no_override_along(run_publish, make_definition, freeze_now, root, publisher):
    run_publish(make_definition())
    freeze_now()
    failed = run_publish(make_definition("echo 😀"), actor=root, override_freeze="down").snapshot
    with pytest.raises(Frozen):
        retry(failed, actor=publisher)


def test_putting_back_asks_the_gates(run_publish, make_definition, freeze_now, publisher):
    workflow = run_publish(make_definition()).workflow
    Deployment.objects.update(identity="production")
    with pytest.raises(DeploymentChanged):
        put_back(workflow, actor=publisher, reason="drift")
    Deployment.objects.update(identity="tests")
    freeze_now()
    with pytest.raises(Frozen):
        put_back(workflow, actor=publisher, reason="drift")
    assert Sync.objects.count() == 1
    assert AuditEntry.objects.get(event="put_back.refused").outcome == "refused"


def test_a_platforms_draft_is_not_cancelled(open_draft, make_definition, publisher):
    sync = open_draft(make_definition()).sync
    with pytest.raises(NotCancellable):
        cancel(sync, actor=publisher)
    assert Sync.objects.get().waits_for_platform


def test_a_cancel_is_told(hook, request_publish, make_definition):
    cancel(request_publish(make_definition()).sync, actor=SYSTEM)
    assert WebhookDelivery.objects.get().event == "sync.cancelled"
