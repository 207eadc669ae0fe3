"""What the embedded loops are tried with: a signal that comes after some rounds, and a database that is away once."""

import threading
from contextlib import AbstractContextManager
from typing import Any

from django.db import OperationalError, connection


class Rounds(threading.Event):
    """A stop signal that comes after so many looks at it; waits are noted instead of waited."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.left = rounds
        self.waits: list[float | None] = []

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0 or super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return super().is_set()


def database_away_once() -> AbstractContextManager[None]:
    """The first statement inside fails as it does when the server has gone."""
    failures = [OperationalError("gone away")]

    def away(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if failures:
            raise failures.pop()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(away)
