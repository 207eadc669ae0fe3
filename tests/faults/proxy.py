"""A proxy before a DolphinScheduler, sandbox or real: it counts calls, logs when each began and ended, and spoils the one it is told to."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

HTML = b"<!DOCTYPE html><html><body>Bad gateway</body></html>"
Twist = Callable[[Any], Any]
KINDS = ("cut", "cut before", "truncate", "error", "html", "garbage", "unauthorized", "late")


@dataclass(frozen=True, slots=True)
class Passed:
    """One call as it reached DolphinScheduler; seconds of a monotonic clock."""

    method: str
    path: str
    started: float
    ended: float


class Proxy:
    """`spoil(n, kind)` is about the nth call from now on. All kinds but "cut before" let DolphinScheduler carry the call out."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.upstream, self._prefix = str(parts.netloc), parts.path
        self.log: list[Passed] = []
        self.patience = 0.3  # seconds a "late" answer takes
        self.impatient: tuple[str, float] | None = None
        self._orders: dict[int, str] = {}
        self._acts: dict[int, Callable[[], None]] = {}
        self.twist: Twist | None = None
        self._count = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{self._prefix}"

    def spoil(self, number: int, kind: str) -> None:
        with self._lock:
            self._count, self._orders, self._acts = 0, {number: kind}, {}

    def before(self, number: int, act: Callable[[], None]) -> None:
        """Do something, such as somebody's edit, just before the nth call is passed on."""
        with self._lock:
            self._count, self._orders, self._acts = 0, {}, {number: act}

    def hang_up_on(self, method: str, seconds: float) -> None:
        """Be impatient with the next call of this method: hang up on both sides after so long, whatever DolphinScheduler does."""
        self.impatient = (method, seconds)

    def reset(self) -> int:
        """Spoil nothing any more; return how many calls came since the last order."""
        with self._lock:
            count, self._count, self._orders, self._acts = self._count, 0, {}, {}
            return count

    def next_order(self) -> tuple[str, Callable[[], None] | None]:
        with self._lock:
            self._count += 1
            return self._orders.get(self._count, ""), self._acts.pop(self._count, None)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: Proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind, act = proxy.next_order()
        if act is not None:
            act()
        if kind == "cut before":
            self._hang_up()
            return
        if proxy.impatient is not None and proxy.impatient[0] == self.command:
            self._give_up_on(body)
            return
        status, content_type, answer = self._pass_on(body)
        if kind == "cut":
            self._hang_up()
            return
        if kind == "late":
            time.sleep(proxy.patience)
        self._answer(kind, status, content_type, answer)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the proxy keeps its own log."""

    def _pass_on(self, body: bytes) -> tuple[int, str, bytes]:
        proxy = self.server.proxy
        connection = http.client.HTTPConnection(proxy.upstream, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        started = time.monotonic()
        try:
            connection.request(self.command, self.path, body or None, headers)
            response = connection.getresponse()
            return response.status, response.headers.get("Content-Type", ""), response.read()
        finally:
            connection.close()
            proxy.log.append(Passed(self.command, urlsplit(self.path).path, started, time.monotonic()))

    def _give_up_on(self, body: bytes) -> None:
        """Pass the call on, and hang up on the caller while it is carried out; its end is logged when it comes."""
        proxy = self.server.proxy
        assert proxy.impatient is not None
        seconds, proxy.impatient = proxy.impatient[1], None
        passing = threading.Thread(target=self._pass_on, args=(body,), daemon=True)
        passing.start()
        passing.join(seconds)
        assert passing.is_alive(), "it ended before anybody could lose patience"
        self._hang_up()

    def _answer(self, kind: str, status: int, content_type: str, body: bytes) -> None:
        length = len(body)
        match kind:
            case "truncate":
                body = body[: length // 2]
            case "error":
                status, body = 500, json.dumps({"status": 500, "error": "Internal Server Error"}).encode()
                length = len(body)
            case "html":
                status, content_type, body, length = 200, "text/html", HTML, len(HTML)
            case "garbage":
                body, length = b'{"code":0,"da', 13
            case "twist":
                assert self.server.proxy.twist is not None
                body = json.dumps(self.server.proxy.twist(json.loads(body))).encode()
                length = len(body)
            case "unauthorized":
                status, content_type, body, length = 401, "", b"", 0
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)
        if kind == "truncate":
            self.wfile.flush()
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
