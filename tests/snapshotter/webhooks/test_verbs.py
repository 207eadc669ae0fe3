"""Approving, testing and ending a webhook."""

import pytest

from audit.models import AuditEntry
from catalog.errors import NotAllowed
from snapshotter.errors import WebhookNotApproved
from snapshotter.models import WebhookDelivery
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.address import may_send
from snapshotter.webhooks.approve import approve_webhook
from snapshotter.webhooks.end import end_webhook
from snapshotter.webhooks.ping import test_webhook as ping


@pytest.fixture
def fresh_hook(project, manager):
    return add_webhook(project, url="https://platform.example/hook", actor=manager)[0]


def test_only_a_superuser_approves_and_once(fresh_hook, manager, root):
    with pytest.raises(NotAllowed):
        approve_webhook(fresh_hook, actor=manager)
    assert (approve_webhook(fresh_hook, actor=root), approve_webhook(fresh_hook, actor=root)) == (True, False)
    fresh_hook.refresh_from_db()
    assert (may_send(fresh_hook), fresh_hook.approved_by_name) == (True, "root")
    assert AuditEntry.objects.filter(event="webhook.approved").count() == 1
    assert AuditEntry.objects.filter(event="webhook.refused", outcome="refused").count() == 1


def test_a_ping_needs_an_approved_address_and_a_manager(fresh_hook, hook, manager, publisher):
    with pytest.raises(WebhookNotApproved):
        ping(fresh_hook, actor=manager)
    with pytest.raises(NotAllowed):
        ping(hook, actor=publisher)
    assert ping(hook, actor=manager).event == "ping"
    assert AuditEntry.objects.filter(event="webhook.tested").count() == 1


def test_ended_once_with_what_waits(hook, manager, publisher, root):
    row = ping(hook, actor=manager)
    with pytest.raises(NotAllowed):
        end_webhook(hook, actor=publisher)
    assert (end_webhook(hook, actor=manager), end_webhook(hook, actor=manager)) == (True, False)
    row.refresh_from_db()
    assert (row.state, row.error) == ("given_up", "the webhook was ended")
    assert approve_webhook(hook, actor=root) is False
    hook.refresh_from_db()
    with pytest.raises(WebhookNotApproved):
        ping(hook, actor=manager)
    assert WebhookDelivery.objects.count() == 1
    assert AuditEntry.objects.filter(event="webhook.ended").count() == 1
