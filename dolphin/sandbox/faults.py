"""Faults on order: what a test or a demo wants to go wrong, once or more often. Only the sandbox imports this."""

import json
import threading
import time
from dataclasses import dataclass
from typing import Literal

from dolphin.sandbox.answers import HTML, Answer

Kind = Literal["status", "html", "garbage", "cut", "reset", "delay", "unauthorized"]
HANG_UPS = ("cut", "reset")  # no answer at all: the connection is closed in order, or reset


@dataclass(slots=True)
class Fault:
    """What goes wrong with calls whose path contains `path`.

    `after`: the call is carried out before its answer is spoilt. `seconds` is for delay only, `status` for status only.
    """

    kind: Kind
    method: str = ""
    path: str = ""
    times: int = 1
    after: bool = False
    seconds: float = 0.0
    status: int = 500

    @property
    def carries_out(self) -> bool:
        return self.after or self.kind == "delay"

    def wait(self, *, after: bool) -> None:
        """Sleep on the side of the call that was asked for."""
        if self.kind == "delay" and self.after == after:
            time.sleep(self.seconds)

    def spoil(self, answer: Answer) -> Answer:
        """Return what goes out in place of the answer."""
        match self.kind:
            case "status":
                return Answer(self.status, json.dumps({"error": "injected"}).encode())
            case "html":
                return Answer(200, b"<html><body>Sign in to the gateway</body></html>", HTML)
            case "garbage":
                return Answer(200, b'{"code":0,"da')
            case "unauthorized":
                return Answer(401, content_type=None)
        return answer


class Faults:
    """The queue; the first that fits a call is used up by it."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault for this call, if any, and count it down."""
        with self._lock:
            for fault in self._waiting:
                if fault.method in ("", method) and fault.path in path:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
        return None
