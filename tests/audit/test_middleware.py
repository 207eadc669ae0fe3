"""The request context at the edge: the id on every answer, the address as far as proxies are trusted, the caller by name."""

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory

from audit.logs import RequestContextFilter
from audit.middleware import client_address
from audit.models import AuditEntry


@pytest.mark.parametrize(
    ("trusted", "forwarded", "remote", "address"),
    [
        (0, "", "192.0.2.1", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),  # nobody may write it
        (1, "203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "192.0.2.1", "203.0.113.9"),  # the caller wrote the first one himself
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1", "192.0.2.1"),  # it did not come through our proxies
        (1, "", "192.0.2.1", "192.0.2.1"),
        (1, "<script>", "192.0.2.1", ""),
        (1, "2001:DB8::1", "192.0.2.1", "2001:db8::1"),
        (0, "", "", ""),  # a Unix socket
    ],
)
def test_client_address(settings, trusted, forwarded, remote, address):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "TRUSTED_PROXIES": trusted}
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers)
    request.META["REMOTE_ADDR"] = remote
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/login/", 200), ("/nothing", 302), ("/api/nothing", 404), ("/", 302)]
)
def test_every_answer_carries_the_id(client, db, path, status):
    answer = client.get(path, headers={"X-Request-ID": "from-the-caller"})
    assert (answer.status_code, answer["X-Request-ID"]) == (status, "from-the-caller")


def test_so_does_what_another_middleware_refuses(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/login/", headers={"X-Request-ID": "from-the-caller"})
    assert (answer.status_code, answer["X-Request-ID"]) == (301, "from-the-caller")
    assert client.get("/healthz").status_code == 200  # probes come without TLS
    settings.SECURE_SSL_REDIRECT = False
    refused = client.get("/api/v1/workflows", headers={"Host": "evil.test", "X-Request-ID": "from-the-caller"})
    assert (refused.status_code, refused["X-Request-ID"]) == (400, "from-the-caller")
    assert refused.json()["request_id"] == "from-the-caller"


def test_the_line_django_logs_afterwards_carries_it(client, caplog, db):
    caplog.handler.addFilter(RequestContextFilter())
    client.get("/api/nothing", headers={"X-Request-ID": "from-the-caller"})
    assert [(line.name, line.request_id) for line in caplog.records] == [("django.request", "from-the-caller")]


def test_a_forged_id_is_not_taken(client):
    assert len(client.get("/healthz", headers={"X-Request-ID": "x y"})["X-Request-ID"]) == 32


def test_the_session_s_user_is_the_actor(client, root, project):
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/catalog/project/{project.pk}/change/", {"mode": "record"}, REMOTE_ADDR="192.0.2.9")
    row = AuditEntry.objects.filter(event="object.changed").latest("pk")
    assert (row.actor, row.actor_name, row.remote_addr) == (User.objects.get(), "root", "192.0.2.9")
    assert row.request_id == answer["X-Request-ID"]
