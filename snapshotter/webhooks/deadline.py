"""A bound on a whole call of `requests`, however slowly the other side sends.

The time-outs of a socket begin anew with each byte: whoever drips the head of an answer would hold a sender for hours. When
the time is over the connection is shut from another thread, which ends whatever waits for it.
"""

import contextlib
import socket
import threading
from typing import Any

import requests
from requests.adapters import HTTPAdapter


class Deadline:
    """Ends the calls of a session that is mounted with `adapter` after so many seconds. Used once, as a context."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []
        self._is_over = False

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for held in self._held:
                held.close()
            self._held.clear()

    @property
    def adapter(self) -> HTTPAdapter:
        return _Watched(self)

    def check(self) -> None:
        """Raise requests.ReadTimeout where the time is over: a head that was cut off looks like one that ended."""
        if self._is_over:
            raise requests.ReadTimeout

    def hold(self, connected: socket.socket) -> None:
        """Watch a connection by a second handle, since the first one is given away to TLS."""
        with self._lock:
            self._held.append(connected.dup())
            if self._is_over:
                _shut(connected)

    def _end(self) -> None:
        with self._lock:
            self._is_over = True
            for held in self._held:
                _shut(held)


def _shut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side was first
        connected.shutdown(socket.SHUT_RDWR)


class _Watched(HTTPAdapter):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        hold, made_by = self._deadline.hold, type(pool).ConnectionCls

        class Connection(made_by):  # type: ignore[misc, valid-type]  # of HTTP or of HTTPS
            def _new_conn(self) -> socket.socket:
                connected: socket.socket = super()._new_conn()
                hold(connected)
                return connected

        pool.ConnectionCls = Connection
        return pool
