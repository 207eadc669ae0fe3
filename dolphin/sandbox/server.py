"""The server: HTTP at the edge, one thread a connection, a log of all calls."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from dolphin.sandbox.answers import HTML_NOT_FOUND, Answer, Refused, envelope
from dolphin.sandbox.dialect import DIALECTS
from dolphin.sandbox.examples import add_examples
from dolphin.sandbox.faults import Fault, Faults
from dolphin.sandbox.request import Request
from dolphin.sandbox.routes import routes
from dolphin.sandbox.runs import Firing
from dolphin.sandbox.state import State

PREFIX = "/dolphinscheduler"
MAX_FORM = 5_000_000  # bytes of a POST; a PUT has no cap
HTML = "text/html;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the log; times by the monotonic clock."""

    method: str
    path: str
    started: float
    ended: float
    status: int
    code: int | None
    request_id: str = ""


class Sandbox:
    """A server on loopback. `project` is the code of the one project it starts with."""

    def __init__(
        self,
        port: int = 0,
        *,
        flavour: str = "3.1",
        token: str = "sandbox-token",  # noqa: S107  a demonstration's, on loopback
        state_file: Path | None = None,
        examples: bool = False,
    ) -> None:
        self.dialect = DIALECTS[flavour]
        self.token = token
        self.state = State()
        self.faults = Faults()
        self.log: list[Call] = []
        self.slow_put = 0.0
        self.slow_writes = 0.0  # seconds before a changing call is carried out, whether or not its caller still waits
        self._at_work = 0
        self._idle = threading.Condition()
        self.routes = routes(self.dialect)
        self._state_file = state_file
        self._prepare(examples)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.sandbox = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._firing = Firing(self.state)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{PREFIX}"

    @property
    def project(self) -> int:
        return int(self.state.projects[0]["code"])

    def start(self) -> Self:
        self._thread.start()
        self._firing.start()
        return self

    def stop(self) -> None:
        """Stop serving and, where a file was given, keep the state."""
        self._firing.stop()
        self._server.shutdown()
        self._server.server_close()
        if self._state_file:
            self.state.save(self._state_file)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fault(self, kind: Any, method: str = "", path: str = "", **options: Any) -> None:
        """Order a fault; see `faults.Fault`."""
        self.faults.add(Fault(kind=kind, method=method, path=path, **options))

    def quiet(self) -> None:
        """Wait until no call is being carried out."""
        with self._idle:
            self._idle.wait_for(lambda: self._at_work == 0, timeout=30)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count a call that is being carried out."""
        with self._idle:
            self._at_work += 1
        try:
            yield
        finally:
            with self._idle:
                self._at_work -= 1
                self._idle.notify_all()

    def answer(self, method: str, path: str, token: str, form: dict[str, str], size: int) -> Answer:
        """Answer one call as DolphinScheduler would."""
        if token != self.token:
            return Answer(401, content_type=None)
        found = [(route, match) for route in self.routes if (match := route.pattern.match(path))]
        if not found:
            return Answer(404, HTML_NOT_FOUND, HTML)
        fitting = next(((route, match) for route, match in found if route.method == method), None)
        if fitting is None:
            return Answer(405, HTML_NOT_FOUND, HTML)
        route, match = fitting
        if method == "POST" and size > MAX_FORM:
            return envelope(None, code=route.generic, message="internal server error")
        try:
            args = tuple(int(text) for text in match.groups())
        except ValueError:
            return envelope(None, code=10109, message="path variable is no number")
        form = self.dialect.inward(form)
        request = Request(self.state, self.dialect, self.state.users[0], form, args, route.generic, self.slow_put, size)
        try:
            return route.endpoint(request)
        except Refused as refusal:
            status = 201 if refusal.returned else 200
            return envelope(None, code=refusal.code, message=refusal.message, status=status)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # The real server answers any exception of an endpoint with that endpoint's own code.
            return envelope(None, code=route.generic, message=f"internal error: {type(error).__name__}")

    def _prepare(self, examples: bool) -> None:
        if self._state_file and self._state_file.exists():
            self.state.load(self._state_file)
            return
        state = self.state
        state.users.append({"id": 1, "userName": "admin", "userType": "ADMIN_USER", "tenantId": 1, "state": 1})
        state.tenants.append({"id": 1, "tenantCode": "hadoop"})
        state.data_sources.append({"id": 1, "name": "warehouse", "type": "MYSQL"})
        state.projects.append({"id": 1, "code": state.next_code(), "name": "warehouse", "userId": 1, "description": ""})
        if examples:
            state.data_sources.append({"id": 2, "name": "hive", "type": "HIVE"})
            add_examples(self.answer, self.token, self.project, self.dialect)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    sandbox: Sandbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one packet, else the client's delayed acknowledgement costs 40 ms a call
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the sandbox keeps its own log."""

    def _serve(self) -> None:
        started = time.monotonic()
        sandbox = self.server.sandbox
        url = urlsplit(self.path)
        path = url.path.removeprefix(PREFIX)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        form = dict(parse_qsl(url.query, keep_blank_values=True))
        form |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        with sandbox.working():
            fault, answer = self._carried_out(path, form, len(body))
        # Logged before it is sent: who has the answer finds the call in the log.
        asked_by, ended = self.headers.get("X-Request-ID", ""), time.monotonic()
        sandbox.log.append(Call(self.command, path, started, ended, answer.status, answer.code, asked_by))
        self._send(answer, cut=fault is not None and fault.kind == "cut")

    def _carried_out(self, path: str, form: dict[str, str], size: int) -> tuple[Fault | None, Answer]:
        sandbox = self.server.sandbox
        if sandbox.slow_writes and self.command != "GET":
            time.sleep(sandbox.slow_writes)
        fault = sandbox.faults.take(self.command, path)
        if fault is not None and fault.kind == "delay" and not fault.after:
            time.sleep(fault.seconds)
        answer = Answer(fault.status if fault else 500)
        if fault is None or fault.after or fault.kind == "delay":
            answer = sandbox.answer(self.command, path, self.headers.get("token", ""), form, size)
        return fault, answer if fault is None else _spoilt(fault, answer)

    def _send(self, answer: Answer, *, cut: bool) -> None:
        if cut:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(answer.status)
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


def _spoilt(fault: Fault, answer: Answer) -> Answer:
    match fault.kind:
        case "status":
            return Answer(fault.status, json.dumps({"error": "injected"}).encode())
        case "html":
            return Answer(200, HTML_NOT_FOUND, HTML)
        case "garbage":
            return Answer(200, b'{"code":0,"da')
        case "unauthorized":
            return Answer(401, content_type=None)
        case "delay":
            time.sleep(fault.seconds if fault.after else 0)
    return answer
