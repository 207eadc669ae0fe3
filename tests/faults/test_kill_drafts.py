"""Kill -9 before every event of what proves a platform's draft, and of what sends a webhook: nothing is lost, nothing is told wrongly."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from snapshotter.choices import DeliveryState
from snapshotter.models import Snapshot, Sync, WebhookDelivery, WebhookEndpoint
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.approve import approve_webhook
from snapshotter.webhooks.ping import test_webhook as ping
from tests.faults import scenarios
from tests.faults.conftest import LONG_AGO
from tests.faults.test_kill import kill_at_some_points
from tests.snapshotter.receiver import Receiver

pytestmark = pytest.mark.mysql


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture
def hook(stage, receiver) -> WebhookEndpoint:
    endpoint, _ = add_webhook(stage.project, url=f"{receiver.url}/hook", actor=SYSTEM)
    approve_webhook(endpoint, actor=SYSTEM)
    endpoint.refresh_from_db()
    return endpoint


@pytest.mark.parametrize(
    ("accept", "status", "event"),
    [
        (scenarios.confirmed, "published", "confirm.succeeded"),
        (scenarios.contradicted, "failed", "confirm.failed"),
        (scenarios.unanswered, "unconfirmed", "confirm.unconfirmed"),
    ],
)
def test_a_draft_ends_once_and_is_told_once(worker, stage, hook, dolphin, accept, status, event):
    worker.run(accept(stage, "first"))  # what all of them share is stored: the next ones are alike
    kill_at_some_points(worker, stage, accept, count=10_000)
    assert set(Snapshot.objects.values_list("status", flat=True)) == {status}
    assert set(WebhookDelivery.objects.values_list("event", flat=True)) == {event}
    messages = list(WebhookDelivery.objects.order_by("sync").values_list("sync", flat=True))
    assert messages == list(Sync.objects.order_by("pk").values_list("pk", flat=True)), "one message an end"
    assert not [call for call in dolphin.log if call.method == "PUT"], "DolphinScheduler is only read"


def test_a_message_is_delivered_at_least_once(worker, hook, receiver):
    def send(row: WebhookDelivery, **order: int) -> dict:
        WebhookDelivery.objects.filter(pk=row.pk).update(due_at=timezone.now() - LONG_AGO)
        return worker.order(delivery=row.pk, **order)

    events = send(ping(hook, actor=SYSTEM))["events"]
    assert events == 3  # the claim, the call, the note
    for number in range(1, events + 1):
        for again in range(1, events + 1):
            receiver.got.clear()
            row = ping(hook, actor=SYSTEM)
            assert send(row, kill_before=number)["killed"]
            row.refresh_from_db()
            assert row.state == DeliveryState.PENDING
            assert send(row, kill_before=again)["killed"]
            send(row)
            row.refresh_from_db()
            assert row.state == DeliveryState.DELIVERED
            assert worker.order(delivery=row.pk)["events"] <= 1, "a claim that finds nothing due"
            bodies = {body for _, _, body in receiver.got}
            assert bodies == {row.body.encode()}, f"killed before {number}, then before {again}"
            assert len(receiver.got) == 1 + (number == 3) + (again == 3)


def test_a_dead_senders_message_waits_for_its_claim_to_run_out(worker, hook, receiver):
    row = ping(hook, actor=SYSTEM)
    assert worker.order(delivery=row.pk, kill_before=3)["killed"]
    worker.order(delivery=row.pk)
    assert len(receiver.got) == 1
