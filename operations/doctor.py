"""Looking at an installation: each finding says what is wrong and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from celery import current_app
from celery.exceptions import OperationalError
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from kombu.exceptions import OperationalError as KombuError

from audit.protect import missing, names
from audit.status import status
from catalog.clients import open_client
from catalog.deployment import RESTORED, is_ours, own_identity
from catalog.errors import ServiceError, TokenUnreadable
from catalog.models import Deployment, Instance
from catalog.release import fit
from catalog.secrets_at_rest import decrypt
from catalog.sign_in.examine import examine_sign_in
from dolphin.errors import DolphinError
from operations.alerts.models import AlertChannel
from operations.health import OK, clock, worker
from snapshotter.models import WebhookEndpoint


@dataclass(frozen=True, slots=True)
class Finding:
    """`fix` is empty where all is well."""

    what: str
    fix: str = ""

    @property
    def is_ok(self) -> bool:
        return not self.fix


def examine() -> Iterator[Finding]:
    """Yield a finding for each thing looked at. Reads only; calls every enabled instance once."""
    for look in _LOOKS:
        yield from look()


def _settings() -> Iterator[Finding]:
    messages = [
        message for message in checks.run_checks() if message.level >= checks.WARNING and not message.is_silenced()
    ]
    for message in messages:
        yield Finding(f"settings: {message.msg}", message.hint or f"see {message.id} in the documentation")
    if not messages:
        yield Finding("settings: no complaint")


def _database() -> Iterator[Finding]:
    try:
        found = fit()
    except DatabaseError as error:
        yield Finding(
            f"database: does not answer ({type(error).__name__})", "check DATABASE_URL and that the server runs"
        )
        return
    if found.unknown:
        yield Finding(f"database: {len(found.unknown)} migrations are of a newer release", "see docs/upgrade.md")
    if found.missing:
        yield Finding(f"database: {len(found.missing)} migrations are not applied", "run manage.py migrate")
    if found.is_right:
        yield Finding(f"database: {connection.vendor} answers, all migrations are applied")
    if connection.vendor == "mysql":
        yield from _mysql()


def _mysql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@collation_database, CONVERT_TZ('2026-01-01', 'UTC', 'Asia/Shanghai')")
        collation, moment = cursor.fetchone()
    if collation == "utf8mb4_bin":
        yield Finding("database: collation utf8mb4_bin")
    else:
        fix = f"ALTER DATABASE `{connection.settings_dict['NAME']}` COLLATE utf8mb4_bin, before the first migrate"
        yield Finding(f"database: collation {collation}; names that differ by case would be one", fix)
    if moment is None:
        fix = "load them: mysql_tzinfo_to_sql /usr/share/zoneinfo | mysql mysql"
        yield Finding("database: time zone tables are empty; date filters would fail", fix)


def _broker() -> Iterator[Finding]:
    if settings.SNAPSHOTTER["WORKER"] == "embedded":
        yield Finding("worker: embedded; `manage.py work` must run")
        return
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
        answers = current_app.control.ping(timeout=2)
    except (OperationalError, KombuError, OSError) as error:
        yield Finding(
            f"broker: does not answer ({type(error).__name__})", "check CELERY_BROKER_URL and that Redis runs"
        )
        return
    if answers:
        yield Finding(f"broker: answers; {len(answers)} workers")
    else:
        yield Finding("broker: answers, but no worker", "start one: celery -A config worker")


def _worker() -> Iterator[Finding]:
    try:
        look = worker()
    except DatabaseError:
        return  # said by the look at the database
    fix = "start one: beat and a worker of Celery, or manage.py work"
    yield Finding(f"worker: {'did a round lately' if look.state == OK else look.text}", "" if look.state == OK else fix)


def _clock() -> Iterator[Finding]:
    try:
        look = clock()
    except DatabaseError:
        return  # said by the look at the database
    if look.state == OK:
        yield Finding("clock: agrees with the database's")
    else:
        yield Finding(f"clock: {look.text}", "let both hosts follow one time server (NTP)")


def _metrics() -> Iterator[Finding]:
    if settings.SNAPSHOTTER["METRICS_TOKEN"]:
        yield Finding("metrics: /metrics asks for the token")
    else:  # the default, and safe without a proxy on this host
        yield Finding("metrics: no token is set; /metrics answers callers on this host alone")


def _zones() -> Iterator[Finding]:
    if settings.TIME_ZONE in available_timezones():
        yield Finding(f"time zone: {settings.TIME_ZONE}")
    else:
        yield Finding(f"time zone: {settings.TIME_ZONE} is unknown here", "install tzdata, or mend TIME_ZONE")


def _instances() -> Iterator[Finding]:
    for instance in Instance.objects.filter(enabled=True):
        name = f"DolphinScheduler {instance.name}"
        if instance.paused_because:
            yield Finding(f"{name}: paused, {instance.paused_because}", "test its connection on the instance's page")
            continue
        try:
            with open_client(instance, detect=True) as client:
                found = client.detect().flavour
        except (DolphinError, ServiceError) as error:
            yield Finding(f"{name}: {error}", "check address and token on the instance's page")
            continue
        yield Finding(f"{name}: answers, API of {found.name}")


def _secrets() -> Iterator[Finding]:
    """Tokens of instances are told by the call to each."""
    try:
        kept = [(f"webhook {row.pk} of {row.project}", row.secret_encrypted) for row in _webhooks()]
        kept += [(f"alert channel {row}", row.address_encrypted) for row in AlertChannel.objects.filter(ended_at=None)]
    except DatabaseError:
        return  # said by the look at the database
    lost = [name for name, secret in kept if not _can_be_read(secret)]
    if lost:
        more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        fix = "put the former key behind the new one in SNAPSHOTTER_ENCRYPTION_KEYS, or end each and add it again"
        yield Finding(f"secrets: no key reads those of {', '.join(lost[:_NAMED])}{more}", fix)


_NAMED: Final = 5


def _webhooks() -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(ended_at=None).select_related("project__instance").order_by("pk")


def _can_be_read(secret: str) -> bool:
    try:
        decrypt(secret)
    except TokenUnreadable:
        return False
    return True


def _deployment() -> Iterator[Finding]:
    try:
        ours = is_ours()
        restored = Deployment.objects.filter(identity__startswith=RESTORED).first()
    except DatabaseError:
        return  # said by the look at the database
    if ours:
        yield Finding(f"deployment: the database is ours, {own_identity()}")
    elif restored is not None:
        fix = "inspect, adopt what DolphinScheduler holds, look at open syncs (docs/backup.md); then manage.py adopt_deployment"
        yield Finding(f"deployment: the database was {restored.identity}; nothing is written", fix)
    else:
        fix = "if it is the real one and no copy: manage.py adopt_deployment. All projects only record until then"
        yield Finding(f"deployment: the database belongs to another one; this is {own_identity()}", fix)


def _trail() -> Iterator[Finding]:
    try:
        found, gone = status(), missing()
    except DatabaseError:
        return  # said by the look at the database
    if found.waits_since is not None:
        yield Finding(
            f"audit trail: entries wait for their seal since {found.waits_since:%Y-%m-%d %H:%M:%S}Z",
            "let a worker run: celery beat and worker, or manage.py work",
        )
    else:
        yield Finding(f"audit trail: sealed, head {found.sequence}")
    if found.last is not None and found.last.found:
        yield Finding(
            f"audit trail: {found.last.found} findings by the last verification", "see them: manage.py verify_audit"
        )
    if not gone:
        yield Finding("audit trail: triggers forbid changing its rows")
    elif len(gone) == len(names()):  # nobody's fault: it is a DBA's step, and optional
        yield Finding(
            "audit trail: no triggers forbid changing its rows; a DBA can add them, see manage.py audit_protect"
        )
    else:
        yield Finding(f"audit trail: triggers are missing: {', '.join(gone)}", "a DBA runs what audit_protect prints")


def _sign_in() -> Iterator[Finding]:
    try:
        for what, fix in examine_sign_in():
            yield Finding(what, fix)
    except DatabaseError:
        return  # said by the look at the database


_LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    *(
        _settings,
        _database,
        _clock,
        _deployment,
        _secrets,
        _trail,
        _broker,
        _worker,
        _metrics,
        _zones,
        _sign_in,
        _instances,
    ),
)
