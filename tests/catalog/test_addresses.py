"""What an instance's address may look like; and that a token never follows the address to another server."""

import pytest
from django.core.exceptions import ValidationError

from catalog.addresses import check_address
from catalog.models import Instance
from catalog.secrets_at_rest import decrypt


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:12345/dolphinscheduler",
        "https://ds.example.com/dolphinscheduler",
        "http://dolphin-api:12345/dolphinscheduler",
        "http://[::1]:12345/dolphinscheduler",
    ],
)
def test_plain_addresses(url):
    check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://ds/x",
        "file:///etc/passwd",
        "http://user:secret@ds/x",
        "http://ds@evil/x",
        "http://ds/x?y=1",
        "http://ds/#x",
        "http:///x",
        "http://ds:port/x",
        "http://a b/x",
        "http://ds\n/x",
        "http://ds\\@evil/x",
        "http://[::1",
        "http://ds/a/../b",
    ],
)
def test_what_is_no_address(url):
    with pytest.raises(ValidationError):
        check_address(url)


def test_another_server_needs_the_token_again(root, client, instance, dolphin):
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/catalog/instance/{instance.pk}/change/"
    data = {"name": instance.name, "base_url": "http://elsewhere:1/dolphinscheduler", "token": "", "enabled": "on"}
    answer = client.post(path, data)
    assert "token" in answer.context["adminform"].form.errors
    assert Instance.objects.get().base_url == dolphin.url
    assert client.post(path, {**data, "token": "new"}).status_code == 302
    assert decrypt(Instance.objects.get().token_encrypted) == "new"
    same_server = {**data, "base_url": "http://elsewhere:1/other"}
    assert client.post(path, same_server).status_code == 302


def test_an_address_with_a_password_is_refused(root, client, instance, dolphin):
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    data = {"name": "x", "base_url": "http://me:hunter2@ds/dolphinscheduler", "token": "t", "enabled": "on"}
    answer = client.post("/catalog/instance/add/", data)
    assert "base_url" in answer.context["adminform"].form.errors
    assert Instance.objects.count() == 1
