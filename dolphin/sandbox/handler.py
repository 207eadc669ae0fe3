"""The HTTP edge: one thread a connection, kept alive; reads forms, orders faults, writes the log. Only the server imports this."""

import os
import socket
import struct
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from dolphin.sandbox.answers import Answer
from dolphin.sandbox.faults import HANG_UPS, Fault, Faults

PREFIX = "/dolphinscheduler"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the log; times by the monotonic clock, path without the prefix, code None where there is no envelope."""

    method: str
    path: str
    started: float
    ended: float
    status: int
    code: int | None


class Application(Protocol):
    """What stands behind the edge."""

    faults: Faults
    log: list[Call]

    def answer(self, method: str, path: str, token: str, form: dict[str, str], size: int) -> Answer: ...


class Server(ThreadingHTTPServer):
    """Knows its open connections, so that a stopped server is silent on kept-alive ones too."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, application: Application) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.application = application
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection, busy or idle."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # gone by itself

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one packet, else the client's delayed acknowledgement costs 40 ms a call
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        started = time.monotonic()
        application, path = self.server.application, urlsplit(self.path).path.removeprefix(PREFIX)
        form, size = self._form()
        fault = application.faults.take(self.command, path)
        answer = Answer(500)
        if fault is not None:
            fault.wait(after=False)
        if fault is None or fault.carries_out:
            answer = application.answer(self.command, path, self.headers.get("token", ""), form, size)
        if fault is not None:
            fault.wait(after=True)
            answer = fault.spoil(answer)
        # Noted before it is sent: who has the answer finds the call in the log.
        call = Call(self.command, path, started, time.monotonic(), answer.status, answer.code)
        application.log.append(call)
        self._send(answer, fault)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the sandbox keeps its own log."""

    def _form(self) -> tuple[dict[str, str], int]:
        """Return the parameters of address and body, and the body's size in bytes."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        form = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        form |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        return form, len(body)

    def _send(self, answer: Answer, fault: Fault | None) -> None:
        if fault is not None and fault.kind in HANG_UPS:
            self._hang_up(reset=fault.kind == "reset")
            return
        self.send_response(answer.status)
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _hang_up(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            os.close(self.connection.detach())  # close() would wait for the reader's file and say goodbye first
        else:
            self.connection.shutdown(socket.SHUT_RDWR)
