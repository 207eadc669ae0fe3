"""Who reads metrics: who has the token; without one in the settings callers on this host alone; nobody by a cookie."""

import pytest

from config.checks import check_metrics_behind_a_proxy

TOKEN = "a-token-of-32-letters-for-metrics"


@pytest.fixture
def with_token(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "METRICS_TOKEN": TOKEN}


def status(client, **headers):
    return client.get("/metrics", headers=headers).status_code


@pytest.mark.parametrize(
    "told", ["", "Bearer", "Bearer ", "Bearer x", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer \u00e4"]
)
def test_without_the_token(db, client, with_token, told):
    answer = client.get("/metrics", headers={"Authorization": told} if told else {})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert TOKEN not in answer.content.decode()


def test_with_the_token_from_anywhere(db, client, with_token):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]


def test_a_superusers_cookie_is_no_token(client, with_token, root):
    client.force_login(root)
    assert status(client) == 401


@pytest.mark.parametrize(
    ("address", "expected"), [("127.0.0.1", 200), ("::1", 200), ("10.0.0.8", 401), ("", 401), ("unix:", 401)]
)
def test_no_token_in_the_settings(db, client, address, expected):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == expected


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Proto", "Via"])
def test_what_came_through_a_proxy_on_this_host_is_not_of_this_host(db, client, header):
    assert status(client, **{header: "127.0.0.1"}) == 401


@pytest.mark.parametrize("said", ["TRUSTED_PROXIES", "BEHIND_TLS_PROXY"])
def test_behind_a_proxy_nobody_is_on_this_host(db, client, settings, said):
    """A proxy on this host need not add a header."""
    if said == "TRUSTED_PROXIES":
        settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, said: 1}
    else:
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 401
    assert [message.id for message in check_metrics_behind_a_proxy()] == ["snapshotter.W003"]
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "METRICS_TOKEN": TOKEN}
    assert status(client, Authorization=f"Bearer {TOKEN}") == 200
    assert check_metrics_behind_a_proxy() == []


def test_reading_only(db, client):
    assert client.post("/metrics").status_code == 405
