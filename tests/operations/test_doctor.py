"""What doctor finds, and the fix it names."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from audit.actors import SYSTEM
from audit.protect import apply, removals
from audit.record import record
from audit.seal import seal
from audit.verify_audit import verify
from catalog.clients import pause
from operations import doctor
from operations.doctor import examine
from operations.health import Look
from operations.heartbeat import beat, forget
from operations.metrics.models import WorkerBeat


@pytest.fixture(autouse=True)
def a_worker(db):
    forget()
    beat("work")


def findings():
    """Return {what: fix}; whether the tests' MySQL has time zone tables is not what is tested."""
    return {finding.what: finding.fix for finding in examine() if "time zone tables" not in finding.what}


def test_a_sound_installation(instance, capsys):
    found = findings()
    assert "settings: no complaint" in found
    assert f"database: {connection.vendor} answers, all migrations are applied" in found
    assert "DolphinScheduler sandbox: answers, API of 3.1" in found
    assert set(found.values()) == {""}, found
    if connection.vendor == "sqlite":
        call_command("doctor")
        said = capsys.readouterr().out
        assert said.count("ok  ") == len(found) and "fix:" not in said


def test_settings_that_would_fail_later(instance, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "LEASE": 1.0, "ENCRYPTION_KEYS": [*_keys(settings), "no-key"]}
    found = findings()
    assert "At least" in found["settings: " + _starting(found, "settings: SNAPSHOTTER_LEASE")]
    assert any(what.startswith("settings: Key 2") for what in found)


def test_migrations_that_are_missing(db):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("catalog")
    MigrationRecorder(connection).record_unapplied(*newest)
    assert findings()["database: 1 migrations are not applied"] == "run manage.py migrate"


def test_a_broker_that_is_away(db, settings):
    from celery import current_app  # configured by the settings

    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "WORKER": "celery"}
    before = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        found = findings()
    finally:
        current_app.conf.broker_url = before
    (fix,) = [fix for what, fix in found.items() if what.startswith("broker: does not answer")]
    assert "CELERY_BROKER_URL" in fix


def test_an_unknown_time_zone(db, settings):
    settings.TIME_ZONE = "Mars/Olympus"
    assert "tzdata" in findings()["time zone: Mars/Olympus is unknown here"]


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda instance, dolphin: setattr(dolphin, "token", "other"), "refuses the token"),
        (lambda instance, dolphin: _move(instance, "http://127.0.0.1:9/dolphinscheduler"), "can't be reached"),
        (lambda instance, dolphin: pause(instance, "why"), "paused, why"),
        (lambda instance, dolphin: _break_token(instance), "can't be decrypted"),
    ],
)
def test_an_instance_that_does_not_serve(instance, dolphin, capsys, break_it, says):
    break_it(instance, dolphin)
    (what,) = [what for what, fix in findings().items() if fix]
    assert what.startswith("DolphinScheduler sandbox: ") and says in what
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "!!  DolphinScheduler sandbox" in capsys.readouterr().out


def test_a_disabled_instance_is_not_called(instance, dolphin):
    type(instance).objects.update(enabled=False)
    assert not [what for what in findings() if what.startswith("DolphinScheduler")]
    assert dolphin.log == []


def _keys(settings):
    return settings.SNAPSHOTTER["ENCRYPTION_KEYS"]


def _starting(found, text):
    return next(what for what in found if what.startswith(text)).removeprefix("settings: ")


def _move(instance, url):
    type(instance).objects.update(base_url=url)


def _break_token(instance):
    type(instance).objects.update(token_encrypted="gAAAAABnot-a-token")


def test_the_trail_without_a_sealer(instance, root, monkeypatch):
    found = findings()
    assert "audit trail: no triggers forbid changing its rows; a DBA can add them, see manage.py audit_protect" in found
    kept = record("thing.done", actor=root, target=root)
    now = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    WorkerBeat.objects.update(beat_at=now)
    monkeypatch.setattr(doctor, "clock", Look)  # ours is an hour ahead on purpose
    (what,) = [what for what, fix in findings().items() if "manage.py work" in fix]
    assert what.startswith("audit trail: entries wait for their seal since 20")
    while seal():
        pass
    assert set(findings().values()) == {""}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET reason = 'other' WHERE id = %s", [kept.pk])
    verify(actor=SYSTEM)
    assert findings()["audit trail: 1 findings by the last verification"] == "see them: manage.py verify_audit"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="MySQL ends the test's transaction")
def test_the_trails_triggers(db):
    apply()
    assert "audit trail: triggers forbid changing its rows" in findings()
    with connection.cursor() as cursor:
        cursor.execute(removals()[0])
    assert findings()["audit trail: triggers are missing: audit_entry_no_update"]


def test_no_worker(db):
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    (what,) = [what for what, fix in findings().items() if "manage.py work" in fix]
    assert what.startswith("worker: no round for 36")
    WorkerBeat.objects.all().delete()
    assert "manage.py work" in findings()["worker: no round yet"]


def test_the_metrics_token(db, settings):
    assert "metrics: no token is set; /metrics answers callers on this host alone" in findings()
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "METRICS_TOKEN": "short"}
    assert "settings: SNAPSHOTTER_METRICS_TOKEN is shorter than 16 characters." in findings()
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "METRICS_TOKEN": "x" * 32}
    assert "metrics: /metrics asks for the token" in findings()
