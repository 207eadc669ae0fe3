"""System checks of the product's own settings: what would fail later is said now, with the fix."""

from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from operations.metrics.access import is_behind_a_proxy

WORKERS = ("celery", "embedded")
LOG_FORMATS = ("line", "json")


@register(Tags.security)
def check_settings(**_: Any) -> list[CheckMessage]:
    """Judge the SNAPSHOTTER settings."""
    return [
        *_keys(),
        *_audit_keys(),
        *_worker(),
        *_times(),
        *_deployment(),
        *_limits(),
        *_public_url(),
        *_database(),
        *_metrics(),
        *_logs(),
        *_retention(),
    ]


def _keys() -> Iterator[CheckMessage]:
    keys = settings.SNAPSHOTTER["ENCRYPTION_KEYS"]
    if not keys:
        yield Error("SNAPSHOTTER_ENCRYPTION_KEYS is empty.", hint=_NEW_KEY, id="snapshotter.E001")
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            yield Error(
                f"Key {number} of SNAPSHOTTER_ENCRYPTION_KEYS is no Fernet key.", hint=_NEW_KEY, id="snapshotter.E002"
            )


def _audit_keys() -> Iterator[CheckMessage]:
    keys = settings.SNAPSHOTTER["AUDIT_KEYS"]
    if not keys:
        yield Warning(
            "SNAPSHOTTER_AUDIT_KEYS is empty: the audit trail is sealed with a key made of the encryption key.",
            hint=_NEW_AUDIT_KEY,
            id="snapshotter.W002",
        )
    for number, key in enumerate(keys, 1):
        if len(key) < _AUDIT_KEY_LENGTH:
            yield Error(
                f"Key {number} of SNAPSHOTTER_AUDIT_KEYS is shorter than {_AUDIT_KEY_LENGTH} characters.",
                hint=_NEW_AUDIT_KEY,
                id="snapshotter.E010",
            )


_AUDIT_KEY_LENGTH = 32
_NEW_AUDIT_KEY = (
    'Make one and keep it apart from the database: python -c "import secrets; print(secrets.token_urlsafe(32))"'
)
_NEW_KEY = 'Make one: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


def _worker() -> Iterator[CheckMessage]:
    worker = settings.SNAPSHOTTER["WORKER"]
    if worker not in WORKERS:
        yield Error(f"SNAPSHOTTER_WORKER is {worker!r}.", hint=f"One of {', '.join(WORKERS)}.", id="snapshotter.E003")


def _times() -> Iterator[CheckMessage]:
    own = settings.SNAPSHOTTER
    longest = own["CONNECT_TIMEOUT"] + own["READ_TIMEOUT"]
    if own["LEASE"] <= 2 * longest:
        yield Error(
            "SNAPSHOTTER_LEASE must outlive any call to DolphinScheduler, or two workers could write at once.",
            hint=f"At least {2 * longest + 1:.0f} seconds with these time-outs.",
            id="snapshotter.E004",
        )
    if own["WRITE_SETTLE"] < 2 * own["READ_TIMEOUT"]:
        yield Error(
            "SNAPSHOTTER_WRITE_SETTLE is too short: DolphinScheduler may still be at work when a write is sent again.",
            hint=f"At least {2 * own['READ_TIMEOUT']:.0f} seconds with this read time-out.",
            id="snapshotter.E005",
        )
    if own["CONFIRM_DEADLINE"] <= 0:
        yield Error(
            "SNAPSHOTTER_CONFIRM_DEADLINE must be above 0, or no draft could ever be confirmed in time.",
            hint="900 seconds is usual.",
            id="snapshotter.E008",
        )


def _logs() -> Iterator[CheckMessage]:
    if settings.LOG_FORMAT not in LOG_FORMATS:
        yield Error(
            f"SNAPSHOTTER_LOG_FORMAT is {settings.LOG_FORMAT!r}.",
            hint=f"One of {', '.join(LOG_FORMATS)}.",
            id="snapshotter.E012",
        )


def _retention() -> Iterator[CheckMessage]:
    own = settings.SNAPSHOTTER
    for name in ("JOURNALS", "FAILED_JOURNALS", "DELIVERIES", "INVENTORIES", "KEYS", "SIGN_INS"):
        if own[f"RETAIN_{name}"] < 0:
            hint = "Days; 0 keeps for ever."
            yield Error(f"SNAPSHOTTER_RETAIN_{name} must not be negative.", hint=hint, id="snapshotter.E013")
    if 0 < own["RETAIN_FAILED_JOURNALS"] < (own["RETAIN_JOURNALS"] or float("inf")):
        yield Error(
            "SNAPSHOTTER_RETAIN_FAILED_JOURNALS is shorter than SNAPSHOTTER_RETAIN_JOURNALS.",
            hint="What failed is asked about longest: keep its journals at least as long.",
            id="snapshotter.E014",
        )


def _metrics() -> Iterator[CheckMessage]:
    if 0 < len(settings.SNAPSHOTTER["METRICS_TOKEN"]) < _METRICS_TOKEN_LENGTH:
        yield Error(
            f"SNAPSHOTTER_METRICS_TOKEN is shorter than {_METRICS_TOKEN_LENGTH} characters.",
            hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(32))"',
            id="snapshotter.E011",
        )


_METRICS_TOKEN_LENGTH = 16


@register(Tags.security, deploy=True)
def check_metrics_behind_a_proxy(**_: Any) -> list[CheckMessage]:
    """Say that nobody reads metrics: behind a proxy each caller has the proxy's address, so none counts as being on this host."""
    if settings.SNAPSHOTTER["METRICS_TOKEN"] or not is_behind_a_proxy():
        return []
    return [
        Warning(
            "SNAPSHOTTER_METRICS_TOKEN is empty behind a proxy: nobody may read /metrics and the details of /readyz.",
            hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(32))"',
            id="snapshotter.W003",
        )
    ]


@register(Tags.security, deploy=True)
def check_deployment_is_named(**_: Any) -> list[CheckMessage]:
    """Say that a copy is told by the database's address alone: a clone of the same name on another network passes for the original."""
    if settings.SNAPSHOTTER["DEPLOYMENT_ID"]:
        return []
    return [
        Warning(
            "SNAPSHOTTER_DEPLOYMENT_ID is empty: a clone whose database has the same host and name would write to DolphinScheduler too.",
            hint="Give this deployment a name of its own, then run manage.py adopt_deployment once.",
            id="snapshotter.W004",
        )
    ]


def _deployment() -> Iterator[CheckMessage]:
    if len(settings.SNAPSHOTTER["DEPLOYMENT_ID"]) > 64:
        yield Error(
            "SNAPSHOTTER_DEPLOYMENT_ID is longer than 64 characters.", hint="Shorten it.", id="snapshotter.E009"
        )


def _limits() -> Iterator[CheckMessage]:
    if settings.SNAPSHOTTER["MAX_CALLS_PER_INSTANCE"] < 1:
        yield Error("SNAPSHOTTER_MAX_CALLS_PER_INSTANCE must be at least 1.", hint="4 is usual.", id="snapshotter.E006")
    if settings.SNAPSHOTTER["BULK_RATE"] < 0:
        yield Error("SNAPSHOTTER_BULK_RATE must not be negative.", hint="20 is usual.", id="snapshotter.E016")
    if settings.SNAPSHOTTER["MAX_BODY_BYTES"] < 100_000:
        yield Error("SNAPSHOTTER_MAX_BODY_BYTES is below 100000.", hint="8000000 is usual.", id="snapshotter.E007")


def _public_url() -> Iterator[CheckMessage]:
    address = settings.SNAPSHOTTER["PUBLIC_URL"]
    if address and not address.startswith(("http://", "https://")):
        yield Error(
            "SNAPSHOTTER_PUBLIC_URL is no address.",
            hint="Such as https://snapshotter.example.com.",
            id="snapshotter.E015",
        )


def _database() -> Iterator[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and settings.SNAPSHOTTER["WORKER"] == "celery":
        yield Warning(
            "SQLite lets one process write at a time; Celery workers will wait for each other.",
            hint="Use MySQL or MariaDB, or SNAPSHOTTER_WORKER=embedded.",
            id="snapshotter.W001",
        )
