"""Deadlines, freezes and the outbox go by the database's clock: a host whose clock is wrong decides nothing."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from audit.models import AuditEntry
from snapshotter.errors import Frozen
from snapshotter.gates.freeze import freeze
from snapshotter.models import FreezeWindow, Sync, WebhookDelivery
from snapshotter.webhooks.deliver import deliver_due
from snapshotter.webhooks.ping import test_webhook as ping

DAY = timedelta(days=1)


@pytest.fixture(params=[DAY, -DAY], ids=["a day ahead", "a day behind"])
def wrong_clock(request, monkeypatch):
    """The host's clock, not the database's. Used after the accounts are made."""
    real = timezone.now

    def set_wrong():
        monkeypatch.setattr(timezone, "now", lambda: real() + request.param)

    return set_wrong


def test_the_deadline_of_a_draft(open_draft, make_definition, settings, wrong_clock):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "CONFIRM_DEADLINE": 600}
    wrong_clock()
    sync = open_draft(make_definition()).sync
    row = Sync.objects.annotate(now=Now()).get(pk=sync.pk)
    assert timedelta(seconds=590) < row.due_at - row.now <= timedelta(seconds=600)
    assert (sync.due_at, str(row.due_at)) == (row.due_at, _told())


def _told():
    return AuditEntry.objects.get(event="draft.accepted").additional_data["deadline"]


def test_a_message_is_due_at_once_and_delivered_at_the_databases_time(hook, manager, receiver, wrong_clock):
    wrong_clock()
    ping(hook, actor=manager)
    assert (deliver_due(), len(receiver.got)) == (1, 1)
    row = WebhookDelivery.objects.annotate(now=Now()).get()
    assert abs(row.now - row.delivered_at) < timedelta(minutes=1)


def test_a_freeze_of_now(open_draft, make_definition, project, manager, wrong_clock):
    hour = timedelta(hours=1)
    now = timezone.now()
    freeze(FreezeWindow(project=project, reason="r", starts_at=now - hour, ends_at=now + hour), actor=manager)
    wrong_clock()
    with pytest.raises(Frozen):
        open_draft(make_definition())
