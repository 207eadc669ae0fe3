"""Faults on order: what a test or a demo wants to go wrong, once or more often."""

import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["status", "html", "garbage", "cut", "delay", "unauthorized"]


@dataclass(slots=True)
class Fault:
    """`path` is any part of the path; `after`: the call is carried out before its answer is spoilt. `seconds` only for delay."""

    kind: Kind
    method: str = ""
    path: str = ""
    times: int = 1
    after: bool = False
    seconds: float = 0.0
    status: int = 500


class Faults:
    """The queue; the first that fits a call is used up by it."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

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
                    if fault.times == 0:
                        self._waiting.remove(fault)
                    return fault
        return None
