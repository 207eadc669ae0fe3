"""Runs: a thread fires online schedules of online workflows; every run succeeds at once. A fire missed while offline stays missed."""

import threading
from datetime import UTC, datetime

from dolphin.sandbox.answers import Row
from dolphin.sandbox.cron import BadCron, fires
from dolphin.sandbox.state import STAMP, State, now_text

KEPT = 5_000  # runs; a demo may stand for days


class Firing:
    """Looks at every schedule each half second."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-fires", daemon=True)
        self._looked = datetime.now(UTC)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(0.5):
            now = datetime.now(UTC)
            with self._state.lock:
                for schedule in list(self._state.schedules):
                    self._fire(schedule, now)
            self._looked = now

    def _fire(self, schedule: Row, now: datetime) -> None:
        rows = self._state.definitions.get(schedule["processDefinitionCode"])
        if schedule["releaseState"] != "ONLINE" or not rows or rows[0]["releaseState"] != "ONLINE":
            return
        try:
            for moment in fires(schedule["crontab"], self._looked, schedule.get("timezoneId") or "UTC"):
                if moment > now:
                    return
                add_run(self._state, rows[0], "SCHEDULER", moment.astimezone(UTC).strftime(STAMP))
        except BadCron:
            return


def add_run(state: State, workflow: Row, command: str, moment: str) -> None:
    """Note a run of the workflow's present version; `moment` is its schedule time where the command has one."""
    began = moment if command == "SCHEDULER" else now_text()
    state.instances.append(
        {
            "id": state.next_id("instances"),
            "processDefinitionCode": workflow["code"],
            "processDefinitionVersion": workflow["version"],
            "projectCode": workflow["projectCode"],
            "name": f"{workflow['name']}-{workflow['version']}-{datetime.now(UTC).strftime('%Y%m%d%H%M%S%f')[:17]}",
            "state": "SUCCESS",
            "commandType": command,
            "scheduleTime": None if command == "START_PROCESS" else moment,
            "startTime": began,
            "endTime": began,
        }
    )
    del state.instances[:-KEPT]
