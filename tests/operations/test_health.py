"""Health: says what is wrong, to whom it may, in time, and never fails itself."""

import threading
from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from operations import health, heartbeat
from operations.health import Look, examine, overall
from operations.metrics.models import WorkerBeat

# Each part has a connection of its own, which does not see what a test's transaction has not committed.
pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a-token-of-32-letters-for-metrics"


@pytest.fixture(autouse=True)
def alive(monkeypatch):
    monkeypatch.setattr(health, "TIMEOUT", 60)  # a busy machine is not what is tested
    monkeypatch.setattr(health, "KEPT", 0.0)
    cache.clear()
    heartbeat.forget()
    heartbeat.beat("work")
    yield
    for looking in health._running.values():  # one under way would answer the next test
        looking.join(60)
    health._running.clear()
    cache.clear()
    heartbeat.forget()


@pytest.fixture
def holder(client, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "METRICS_TOKEN": TOKEN}
    return lambda: client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"})


def test_all_is_well(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


def test_a_database_that_does_not_answer(client, monkeypatch):
    def away():
        raise OperationalError("Access denied for user 'snapshotter'@'10.0.0.8'")

    monkeypatch.setitem(health._PARTS, "database", (away, "unavailable"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "does not answer"})


def test_a_part_that_hangs_holds_up_nobody_and_is_not_begun_twice(client, monkeypatch):
    release, begun = threading.Event(), []

    def hangs():
        begun.append(1)
        release.wait(30)
        return Look()

    monkeypatch.setattr(health, "TIMEOUT", 1)
    monkeypatch.setattr(health, "_PARTS", {"database": (lambda: Look(), "unavailable"), "broker": (hangs, "degraded")})
    monkeypatch.setattr(health, "_OF_THE_DATABASE", ())
    try:
        for _ in range(2):
            answer = client.get("/readyz")
            assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "broker": "does not answer"})
        assert begun == [1]
    finally:
        release.set()
        health._running["broker"].join(10)
    monkeypatch.setattr(health, "TIMEOUT", 60)
    assert examine()["broker"] == Look()


def test_a_look_answers_whoever_asks_at_the_same_moment(client, monkeypatch):
    """By its age, so that a probe never sees what was long ago."""
    looks = []
    monkeypatch.setattr(health, "_PARTS", {"database": (lambda: looks.append(1) or Look(), "unavailable")})
    monkeypatch.setattr(health, "_OF_THE_DATABASE", ())
    client.get("/readyz")
    monkeypatch.setattr(health, "KEPT", 3600.0)
    asked = [threading.Thread(target=health.latest) for _ in range(8)]
    for one in asked:
        one.start()
    for one in asked:
        one.join(60)
    assert client.get("/readyz").json() == {"status": "ok"} and looks == [1]
    monkeypatch.setattr(health, "KEPT", 0.0)
    client.get("/readyz")
    assert looks == [1, 1]


def test_migrations_that_are_missing(client, holder):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("catalog")
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*newest)
    try:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "migrations": "1 not applied"})
        assert holder().json()["parts"]["migrations"]["missing"] == [".".join(newest)]
    finally:
        recorder.record_applied(*newest)
    assert client.get("/readyz").json() == {"status": "ok"}


def test_no_worker(client):
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(seconds=3600))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["worker"].startswith("no round for 36")
    WorkerBeat.objects.all().delete()
    assert client.get("/readyz").json() == {"status": "degraded", "worker": "no round yet"}


def test_a_broker_that_is_away_only_delays(client, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "WORKER": "celery"}
    before = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        answer = client.get("/readyz")
    finally:
        current_app.conf.broker_url = before
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "broker": "does not answer"})


def test_clocks_that_differ(client, monkeypatch):
    monkeypatch.setattr(health, "clock_difference", lambda: -28800.0)
    told = {"status": "degraded", "clock": "differs from the database's by -28800 s"}
    assert client.get("/readyz").json() == told


def test_our_clock_and_the_databases_agree():
    assert abs(health.clock_difference()) < 5


def test_details_for_whom_they_are(client, holder, root, viewer):
    assert client.get("/readyz").json() == {"status": "ok"}
    for_holder = holder().json()
    assert for_holder["parts"]["worker"]["work"]["seconds"] < 600
    assert for_holder["parts"]["database"]["vendor"] == connection.vendor
    client.force_login(viewer)
    assert client.get("/readyz").json() == {"status": "ok"}
    client.force_login(root)
    assert client.get("/readyz").json()["parts"].keys() == for_holder["parts"].keys()


def test_no_token_in_the_settings_opens_nothing(client):
    assert client.get("/readyz", headers={"Authorization": "Bearer "}).json() == {"status": "ok"}


def test_the_worst_counts():
    assert overall({"a": Look(), "b": Look("degraded"), "c": Look("unavailable")}) == "unavailable"
    assert overall({"a": Look(), "b": Look("degraded")}) == "degraded"
