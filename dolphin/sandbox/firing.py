"""A thread that fires online schedules of online workflows. A fire missed while offline stays missed. Only the server imports this."""

import threading
from datetime import UTC, datetime

from dolphin.sandbox.answers import Row
from dolphin.sandbox.cron import BadCron, fires
from dolphin.sandbox.runs import add_run
from dolphin.sandbox.state import STAMP, State

PAUSE = 0.5  # seconds between two looks at all schedules


class Firing:
    """Looks at every schedule each half second."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-fires", daemon=True)
        self._looked = datetime.now(UTC)

    def start(self) -> None:
        self._looked = datetime.now(UTC)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(PAUSE):
            now = datetime.now(UTC)
            with self._state.lock:
                for schedule in self._state.schedules:
                    self._fire(schedule, now)
            self._looked = now

    def _fire(self, schedule: Row, now: datetime) -> None:
        rows = self._state.definitions.get(schedule["processDefinitionCode"])
        if schedule["releaseState"] != "ONLINE" or not rows or rows[0]["releaseState"] != "ONLINE":
            return
        first, last = (datetime.strptime(schedule[key], STAMP).replace(tzinfo=UTC) for key in ("startTime", "endTime"))
        try:
            for moment in fires(schedule["crontab"], self._looked, schedule.get("timezoneId") or "UTC"):
                if moment > min(now, last):
                    return
                if moment >= first:
                    add_run(self._state, rows[0], "SCHEDULER", moment.astimezone(UTC))
        except BadCron:
            return
