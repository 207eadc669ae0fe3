"""Signing in: throttled by person and address, the address being the caller's even behind our proxy."""

from axes.models import AccessAttempt


def attempt(client, address, password="wrong", **more):
    headers = {"X-Forwarded-For": address}
    return client.post("/login/", {"username": "root", "password": password}, headers=headers, **more)


def test_ten_wrong_passwords_lock_one_address_only(client, root, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "TRUSTED_PROXIES": 1}
    for _ in range(10):
        answer = attempt(client, "203.0.113.9")
    assert answer.status_code == 429
    assert attempt(client, "203.0.113.9", "right password").status_code == 429
    assert attempt(client, "203.0.113.10", "right password").status_code == 302
    assert AccessAttempt.objects.get(ip_address="203.0.113.9").failures_since_start >= 10


def test_a_forged_address_does_not_get_around_it(client, root):
    for number in range(10):
        answer = attempt(client, f"203.0.113.{number}", REMOTE_ADDR="192.0.2.1")
    assert answer.status_code == 429
    assert {row.ip_address for row in AccessAttempt.objects.all()} == {"192.0.2.1"}
