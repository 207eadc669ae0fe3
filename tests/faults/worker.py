"""A worker that is killed: `python -m tests.faults.worker` reads one JSON line a run, forks, and the child works on one thing.

{"sync": 7, "kill_before": 12}  ends the child with SIGKILL before its 12th event: a changing SQL statement or a call to DolphinScheduler.
{"sync": 7, "kill_during": 2}   ends it while its 2nd changing call is on its way.
{"sync": 7}                     lets it end by itself.
{"run": 3, ...}                 works a slice of a bulk run; {"delivery": 5, ...} sends one webhook message;
{"many": 1, ...} works on rollbacks of many; {"inspection": 2, ...} works a slice of an inspection. Not due: no events.
Answers {"events": n, "killed": true | false}. One process that forks is ready at once; a new Python for each run would take seconds.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import django

SLICE = 600.0  # seconds: long enough for a whole run


class Killer:
    """Counts events and ends the process at the ordered one; the count goes to a pipe, since a killed process says nothing."""

    def __init__(self, order: dict[str, int], pipe: int) -> None:
        self._before, self._during = order.get("kill_before", 0), order.get("kill_during", 0)
        self._pipe = pipe
        self._events = self._writes = 0

    def event(self) -> None:
        self._events += 1
        if self._events == self._before:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(self._pipe, b".")

    def sql(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("( ")[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.event()
        return execute(sql, params, many, context)

    def send(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def sending(session: Any, request: Any, **options: Any) -> Any:
            self.event()
            if request.method != "GET" and not request.url.endswith("/schedules/list"):
                self._writes += 1
                if self._writes == self._during:
                    threading.Timer(0.15, os.kill, (os.getpid(), signal.SIGKILL)).start()
            return real(session, request, **options)

        return sending


def child(order: dict[str, int], pipe: int) -> None:
    import requests
    from django.db import connection

    from drift.inspection.inspect import inspect_slice
    from operations.run_slice import run_slice
    from rollback.many.work import work_due
    from snapshotter.webhooks.deliver import deliver
    from snapshotter.work import run_one

    killer = Killer(order, pipe)
    requests.Session.send = killer.send(requests.Session.send)  # type: ignore[method-assign]
    with connection.execute_wrapper(killer.sql):
        if "run" in order:
            run_slice(order["run"], SLICE)
        elif "inspection" in order:
            inspect_slice(order["inspection"], SLICE)
        elif "delivery" in order:
            deliver(order["delivery"])
        elif "many" in order:
            work_due(SLICE)
        else:
            run_one(order["sync"])
    connection.close()


def run(order: dict[str, int]) -> dict[str, Any]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            child(order, writing)
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    os.close(writing)
    events = 0
    while piece := os.read(reading, 4096):
        events += len(piece)
    os.close(reading)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"the worker ended with {os.WEXITSTATUS(status)}")
    return {"events": events, "killed": os.WIFSIGNALED(status)}


def main() -> None:
    django.setup()
    from drift.inspection import inspect  # noqa: F401  loaded once, before the forks
    from operations import run_slice  # noqa: F401
    from rollback.many import work as many  # noqa: F401
    from snapshotter import work  # noqa: F401
    from snapshotter.webhooks import deliver  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
