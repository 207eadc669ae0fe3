"""A key is lost and a new one put in: nothing breaks but what the key was for, doctor says what, and each way out works."""

import pytest
from cryptography.fernet import Fernet

from audit.actors import SYSTEM
from audit.record import record
from audit.seal import seal
from audit.status import status
from audit.verify_audit import verify
from audit.walk import Head
from catalog.models import Instance
from catalog.secrets_at_rest import encrypt
from catalog.test_connection import test_connection as connect
from operations.alerts.models import AlertChannel
from operations.doctor import examine
from snapshotter.models import Snapshot, Sync, WebhookDelivery
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.approve import approve_webhook
from snapshotter.webhooks.deliver import deliver_due
from snapshotter.webhooks.ping import test_webhook as ping
from snapshotter.work import run_due
from tests.operations.conftest import request_publish  # noqa: F401
from tests.pages.conftest import browse, two_versions  # noqa: F401
from tests.pages.test_pages import PAGES

FORMER = "The stored DolphinScheduler token can"


@pytest.fixture
def channel(db):
    return AlertChannel.objects.create(name="night", kind="webhook", address_encrypted=encrypt('{"url": "http://x"}'))


@pytest.fixture
def webhook(project, manager, root):
    endpoint, _secret = add_webhook(project=project, url="https://platform.example.com/hook", actor=manager)
    approve_webhook(endpoint, actor=root)
    endpoint.refresh_from_db()
    return endpoint


@pytest.fixture
def lost(two_versions, channel, webhook, settings):  # noqa: F811
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "ENCRYPTION_KEYS": [Fernet.generate_key().decode()]}
    return two_versions


def test_every_page_is_shown(lost, browse, root, project, instance, channel):  # noqa: F811
    of_secrets = (f"/catalog/instance/{instance.pk}/change/", f"/catalog/project/{project.pk}/change/")
    alerts = ("/operations/alerts/", "/operations/alerts/channels/", f"/operations/alerts/channels/{channel.pk}/")
    others = (*of_secrets, *alerts, "/trail/", "/drift/")
    asks = []
    for path in (*PAGES, *others):
        page = browse(path.format(sync=lost.pk, project=project.pk), root)
        if page.status_code != 200:  # it asks DolphinScheduler alone
            assert (page.status_code, FORMER in page.content.decode()) == (503, True), path
            asks.append(path)
    assert asks == ["/projects/{project}/workflows/"]


def test_a_publish_ends_untouched_and_says_why(lost, request_publish, make_definition, publisher, client, dolphin):  # noqa: F811
    calls = len(dolphin.log)
    sync = request_publish(make_definition("echo more"), force_reason="after the loss").sync
    run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code, len(dolphin.log)) == ("failed", "token_unreadable", calls)
    assert Snapshot.objects.get(pk=sync.snapshot_id).live_effect == "untouched"


def test_messages_wait(lost, webhook, manager):
    ping(webhook, actor=manager)
    deliver_due()
    row = WebhookDelivery.objects.order_by("pk").last()
    assert (row.state, row.error) == ("pending", "token_unreadable")


def test_doctor_names_each(lost, instance, webhook, channel, project):
    found = {one.what: one.fix for one in examine()}
    (secrets,) = [what for what in found if what.startswith("secrets:")]
    assert f"webhook {webhook.pk} of {project}" in secrets and "alert channel" in secrets and found[secrets]
    (token,) = [what for what in found if what.startswith(f"DolphinScheduler {instance.name}: {FORMER}")]
    assert found[token] == "check address and token on the instance's page"


def test_entering_the_token_again_is_enough(lost, instance, dolphin, request_publish, make_definition):  # noqa: F811
    Instance.objects.filter(pk=instance.pk).update(token_encrypted=encrypt(dolphin.token), paused_because="")
    assert connect(Instance.objects.get(), actor=SYSTEM).flavour == "3.1"
    sync = request_publish(make_definition("echo more")).sync
    run_due()
    assert Sync.objects.get(pk=sync.pk).error_code in ("", "live_changed")
    assert not any(FORMER in one.what for one in examine())


def test_the_former_key_behind_the_new_one_reads_all(lost, settings):
    new = settings.SNAPSHOTTER["ENCRYPTION_KEYS"]
    former = "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI="
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "ENCRYPTION_KEYS": [*new, former]}
    assert not [one for one in examine() if one.what.startswith("secrets:")]


def test_audit_keys_that_are_lost_are_told_of_and_sealing_goes_on(instance, settings):
    record("publish.accepted", actor=SYSTEM, target=instance)
    seal()
    head = Head(status().sequence, status().hash)
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": ["another-key-of-at-least-32-characters-x"]}
    record("publish.succeeded", actor=SYSTEM, target=instance)
    assert seal() == 1
    kinds = {row["kind"] for row in verify(actor=SYSTEM, known=[head]).findings}
    assert kinds == {"unknown_key"}
