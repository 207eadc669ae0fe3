"""`manage.py check --deploy` in a production's environment is clean, and says what is wrong where it is not."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import checks
from config.checks import check_settings

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "production-" + "k3y-0f-many-different-letters-" * 2,
    "SNAPSHOTTER_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=",
    "SNAPSHOTTER_AUDIT_KEYS": "tests-only-audit-key-of-32-letters-or-more",
    "DATABASE_URL": "mysql://snapshotter:secret@db.internal:3306/snapshotter",
    "CELERY_BROKER_URL": "redis://redis.internal:6379/0",
    "ALLOWED_HOSTS": "snapshotter.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://snapshotter.example.com",
    "BEHIND_TLS_PROXY": "true",
    "SNAPSHOTTER_METRICS_TOKEN": "tests-only-token-for-metrics",
    "SNAPSHOTTER_DEPLOYMENT_ID": "production",
}


def check(**changes):
    """Run the command as an operator does: a process of its own, nothing of the tests' settings."""
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, **changes}
    command = [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_production_settings_are_clean():
    done = check()
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"DEBUG": "true"}, "security.W018"),
        ({"HTTPS": "false"}, "security.W008"),
        ({"SECRET_KEY": "short"}, "security.W009"),
        ({"SNAPSHOTTER_ENCRYPTION_KEYS": ""}, "snapshotter.E001"),
        ({"SNAPSHOTTER_ENCRYPTION_KEYS": "no-key"}, "snapshotter.E002"),
        ({"SNAPSHOTTER_WORKER": "nobody"}, "snapshotter.E003"),
        ({"SNAPSHOTTER_LEASE": "10"}, "snapshotter.E004"),
        ({"SNAPSHOTTER_WRITE_SETTLE": "5"}, "snapshotter.E005"),
        ({"SNAPSHOTTER_MAX_CALLS_PER_INSTANCE": "0"}, "snapshotter.E006"),
        ({"SNAPSHOTTER_MAX_BODY_BYTES": "10"}, "snapshotter.E007"),
        ({"DATABASE_URL": "sqlite:////tmp/x.sqlite3"}, "snapshotter.W001"),
        ({"SNAPSHOTTER_AUDIT_KEYS": ""}, "snapshotter.W002"),
        ({"SNAPSHOTTER_AUDIT_KEYS": "short"}, "snapshotter.E010"),
        ({"SNAPSHOTTER_METRICS_TOKEN": ""}, "snapshotter.W003"),
        ({"SNAPSHOTTER_DEPLOYMENT_ID": ""}, "snapshotter.W004"),
    ],
)
def test_what_is_wrong_is_named(changes, says):
    done = check(**changes)
    assert done.returncode == 1
    assert says in done.stderr
    assert "secret@" not in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SNAPSHOTTER_ENCRYPTION_KEYS", "DATABASE_URL"])
def test_there_is_no_default_for_a_secret(name):
    environment = {"PATH": os.environ["PATH"], **{key: value for key, value in PRODUCTION.items() if key != name}}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert name in done.stderr


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"METRICS_TOKEN": "short"}, {"snapshotter.E011"}),
        ({"METRICS_TOKEN": "x" * 16}, set()),
        ({"PUBLIC_URL": "snapshotter.example.com"}, {"snapshotter.E015"}),
        ({"BULK_RATE": -1}, {"snapshotter.E016"}),
        ({"RETAIN_KEYS": -1}, {"snapshotter.E013"}),
        ({"RETAIN_JOURNALS": 30, "RETAIN_FAILED_JOURNALS": 20}, {"snapshotter.E014"}),
        ({"RETAIN_JOURNALS": 0, "RETAIN_FAILED_JOURNALS": 20}, {"snapshotter.E014"}),
        ({"RETAIN_JOURNALS": 30, "RETAIN_FAILED_JOURNALS": 0}, set()),
    ],
)
def test_metrics_and_retention(settings, changes, says):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, **changes}
    assert {message.id for message in check_settings()} == says


def test_each_complaint_has_a_number_of_its_own():
    numbers = re.findall(r'id="(snapshotter\.\w+)"', Path(checks.__file__).read_text())
    assert len(numbers) == len(set(numbers)) > 15


def test_a_log_format_that_there_is_not(settings):
    settings.LOG_FORMAT = "xml"
    assert {message.id for message in check_settings()} == {"snapshotter.E012"}
