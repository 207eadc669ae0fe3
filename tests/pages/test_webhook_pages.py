"""Webhooks on the pages: shown once, approved by a superuser, tested, logged, ended."""

import pytest

from snapshotter.models import WebhookDelivery, WebhookEndpoint
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.deliver import deliver_due
from tests.snapshotter.receiver import Receiver


@pytest.fixture
def receiver():
    with Receiver() as server:
        yield server


def test_from_adding_to_the_end(project, browse, manager, root, client, receiver):
    path = f"/projects/{project.pk}/webhooks/"
    browse(path, manager)
    page = client.post(path, {"url": f"{receiver.url}/hook"})
    secret = page.context["secret"]
    assert secret.startswith("whsec_") and secret in page.content.decode()
    again = client.get(path).content.decode()
    assert secret not in again and receiver.url in again
    endpoint = WebhookEndpoint.objects.get()
    own = f"/webhooks/{endpoint.pk}/"
    assert f"{own}approve/" not in client.get(own).content.decode(), "only a superuser is offered to approve"
    assert client.post(f"{own}approve/").status_code == 403
    assert client.post(f"{own}test/").status_code == 409
    browse("/", root)
    assert client.post(f"{own}approve/").status_code == 302
    browse("/", manager)
    assert client.post(f"{own}test/").status_code == 302
    deliver_due()
    text = client.get(own).content.decode()
    assert str(WebhookDelivery.objects.get().delivery_id) in text and "204" in text and secret not in text
    assert len(receiver.got) == 1
    assert client.post(f"{own}end/").status_code == 302
    assert WebhookEndpoint.objects.get().ended_at is not None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_log_in_both_languages(language, project, browse, manager, client, django_assert_max_num_queries):
    endpoint, _ = add_webhook(project, url="https://platform.example/<b>", actor=manager)
    browse("/", manager)
    client.cookies["django_language"] = language
    for path in (f"/webhooks/{endpoint.pk}/", f"/projects/{project.pk}/webhooks/"):
        with django_assert_max_num_queries(15):
            text = client.get(path).content.decode()
        assert '<b>"' not in text and "example/<b>" not in text
        assert ("等待超级用户批准" in text) == (language == "zh-hans")


def test_who_may_not(project, browse, manager, publisher, outsider, client):
    endpoint, _ = add_webhook(project, url="https://platform.example/", actor=manager)
    paths = [f"/projects/{project.pk}/webhooks/", f"/webhooks/{endpoint.pk}/"]
    verbs = [f"/webhooks/{endpoint.pk}/{verb}/" for verb in ("approve", "test", "end")]
    browse("/", publisher)
    assert [client.get(path).status_code for path in paths] == [403, 403]
    assert [client.post(path).status_code for path in verbs] == [403, 403, 403]
    assert [client.get(path).status_code for path in verbs] == [405, 405, 405]
    browse("/workflows/", outsider)
    assert [client.get(path).status_code for path in paths] == [404, 404]
    assert [client.post(path).status_code for path in verbs] == [404, 404, 404]
    assert WebhookEndpoint.objects.get().ended_at is None


def test_a_wrong_address_is_said_in_the_form(project, browse, manager, client):
    browse("/", manager)
    page = client.post(f"/projects/{project.pk}/webhooks/", {"url": "ftp://x/y"})
    assert page.status_code == 200 and "http or https" in page.content.decode()
    assert WebhookEndpoint.objects.count() == 0
