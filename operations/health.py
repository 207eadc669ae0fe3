"""What the service needs, looked at part by part. Each part has a thread and two seconds, so that what hangs holds up nobody.

Who asks is a probe that comes every few seconds: no part writes, and a part that still hangs from an earlier look is not begun again.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from celery import current_app
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from catalog.release import fit
from operations import held
from operations.heartbeat import silence
from operations.metrics.models import WorkerBeat

logger = logging.getLogger(__name__)

TIMEOUT: Final = 2.0  # seconds a part may take
KEPT: Final = 1.0  # seconds for which a look answers whoever else asks
SKEW: Final = 5.0  # seconds by which two clocks may differ
OK, DEGRADED, UNAVAILABLE = "ok", "degraded", "unavailable"


@dataclass(frozen=True, slots=True)
class Look:
    """`text` is for anybody: no name, address or version. `detail` is for who may read it."""

    state: str = OK
    text: str = "ok"
    detail: Mapping[str, Any] = field(default_factory=dict)


def database() -> Look:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return Look(detail={"vendor": connection.vendor})


def migrations() -> Look:
    """A process of another release than the database takes nothing on: whoever spreads the load must leave it out."""
    found = fit()
    if found.unknown:
        return Look(UNAVAILABLE, f"{len(found.unknown)} of a newer release", {"unknown": found.unknown[:20]})
    if found.missing:
        return Look(UNAVAILABLE, f"{len(found.missing)} not applied", {"missing": found.missing[:20]})
    return Look()


def clock() -> Look:
    """Compare our clock with the database's: leases are by its clock, ages on pages by ours."""
    difference = clock_difference()
    if abs(difference) <= SKEW:
        return Look(detail={"seconds": round(difference, 3)})
    return Look(DEGRADED, f"differs from the database's by {difference:.0f} s", {"seconds": round(difference, 3)})


def clock_difference() -> float:
    """Return by how many seconds the database's clock is ahead of ours."""
    if connection.vendor != "mysql":
        return 0.0  # SQLite has ours
    began = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP(6)")
        told: datetime = cursor.fetchone()[0]
    middle = began + (timezone.now() - began) / 2
    return (told.replace(tzinfo=UTC) - middle).total_seconds()


def broker() -> Look:
    """Without it publishes are accepted all the same, and wait for the sweep."""
    if settings.SNAPSHOTTER["WORKER"] != "celery":
        return Look(text="not used")
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=TIMEOUT)
    return Look()


def worker() -> Look:
    now = timezone.now()
    beats = {row.name: (now - row.beat_at, row.by) for row in WorkerBeat.objects.all()}
    detail = {name: {"seconds": round(ago.total_seconds()), "by": by} for name, (ago, by) in beats.items()}
    if "work" not in beats:
        return Look(DEGRADED, "no round yet", detail)
    ago, _ = beats["work"]
    if ago > silence():
        return Look(DEGRADED, f"no round for {ago.total_seconds():.0f} s", detail)
    if held.NAME in beats and beats[held.NAME][0] <= silence():
        return Look(DEGRADED, "one of another release takes nothing on", detail)
    return Look(detail=detail)


# What is said where a part fails or hangs; and whether anything works without it.
_PARTS: Final[dict[str, tuple[Callable[[], Look], str]]] = {
    "database": (database, UNAVAILABLE),
    "migrations": (migrations, UNAVAILABLE),
    "clock": (clock, DEGRADED),
    "broker": (broker, DEGRADED),
    "worker": (worker, DEGRADED),
}
_OF_THE_DATABASE: Final = ("migrations", "clock", "worker")


def examine() -> dict[str, Look]:
    """Look at all parts at once; never raises, never takes much longer than TIMEOUT."""
    begun = {name: _begin(name, part, grade) for name, (part, grade) in _PARTS.items()}
    until = time.monotonic() + TIMEOUT
    looks = {name: one.wait(until) for name, one in begun.items()}
    if looks["database"].state != OK:
        for name in _OF_THE_DATABASE:
            del looks[name]  # they would only say the same
    return looks


def latest() -> dict[str, Look]:
    """Return what was seen within KEPT, else look: anybody may ask, and each look opens connections. Others wait for it."""
    global _last
    with _one_looks:
        if _last is None or time.monotonic() - _last[0] >= KEPT:
            looks = examine()
            _last = time.monotonic(), looks
        return _last[1]


def overall(looks: Mapping[str, Look]) -> str:
    states = {look.state for look in looks.values()}
    return next((state for state in (UNAVAILABLE, DEGRADED) if state in states), OK)


class _Looking(threading.Thread):
    """One part under way."""

    def __init__(self, name: str, part: Callable[[], Look], grade: str) -> None:
        super().__init__(name=f"health-{name}", daemon=True)
        self._part = part
        self._look = self._none = Look(grade, "does not answer")

    def run(self) -> None:
        try:
            self._look = self._part()
        except Exception as error:  # noqa: BLE001  whatever is wrong with a part, the page says so and stands
            logger.warning("%s: does not answer (%s)", self.name, type(error).__name__)
            self._look = Look(self._none.state, self._none.text, {"error": type(error).__name__})
        finally:
            connections.close_all()  # this thread's own

    def wait(self, until: float) -> Look:
        self.join(max(0.0, until - time.monotonic()))
        return self._none if self.is_alive() else self._look


_running: dict[str, _Looking] = {}
_one_looks = threading.Lock()
_last: tuple[float, dict[str, Look]] | None = None


def _begin(name: str, part: Callable[[], Look], grade: str) -> _Looking:
    before = _running.get(name)
    if before is not None and before.is_alive():
        return before
    looking = _running[name] = _Looking(name, part, grade)
    looking.start()
    return looking
