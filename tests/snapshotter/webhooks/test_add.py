"""Adding a webhook: its address, its secret, and that nothing goes out before a superuser's word."""

import pytest

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed
from catalog.secrets_at_rest import decrypt
from snapshotter.models import WebhookEndpoint
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.address import may_send


def test_a_manager_adds_one_and_gets_the_secret_once(project, manager):
    endpoint, secret = add_webhook(project, url="https://platform.example/hook?x=1", actor=manager)
    assert secret.startswith("whsec_") and len(secret) > 40
    assert secret not in endpoint.secret_encrypted and decrypt(endpoint.secret_encrypted) == secret
    assert not may_send(endpoint)
    assert AuditEntry.objects.get(event="webhook.added").actor_name == "manager"
    assert not AuditEntry.objects.filter(additional_data__icontains=secret).exists()


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://hooks.example.com/a", True),
        ("https://HOOKS.example.com/a", True),
        ("http://hooks.example.com:8080/a", True),
        ("http://internal:9000/a", True),
        ("http://internal:9001/a", False),
        ("http://internal/a", False),
        ("https://hooks.example.com.evil.org/a", False),
        ("https://evil.org/hooks.example.com", False),
    ],
)
def test_a_listed_host_needs_no_approval(url, listed, project, manager, settings):
    hosts = ["hooks.example.com", "internal:9000"]
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "WEBHOOK_HOSTS": hosts}
    endpoint, _ = add_webhook(project, url=url, actor=manager)
    assert may_send(endpoint) == listed


@pytest.mark.parametrize(
    "url",
    [
        *("", "platform.example", "ftp://x/y", "file:///etc/passwd", "javascript:alert(1)", "http://", "http:///x"),
        *("http://user:pass@x/y", "http://user@x/y", "http://x/#f", "http://x\\@y/", "http://x/ y", "http://x/\n"),
        *("http://[::1", "http://x:99999/", "https://平台/钩", "http://x/" + "y" * 500),
    ],
)
def test_what_is_no_address(url, project, manager):
    with pytest.raises(InvalidRequest):
        add_webhook(project, url=url, actor=manager)
    assert WebhookEndpoint.objects.count() == 0


def test_who_may_not(project, publisher):
    with pytest.raises(NotAllowed):
        add_webhook(project, url="https://x/y", actor=publisher)
    assert AuditEntry.objects.get(event="webhook.refused").actor_name == "publisher"
