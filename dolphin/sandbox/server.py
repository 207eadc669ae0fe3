"""The sandbox itself: its parts, its life, and the way from a call to an endpoint.

Enters: calls from the HTTP edge. Leaves: answers. Tests and the demo import it, through the package.
"""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from dolphin.sandbox.answers import Answer, Refused, envelope, html_error
from dolphin.sandbox.dialect import DIALECTS
from dolphin.sandbox.examples import add_examples
from dolphin.sandbox.faults import Fault, Faults, Kind
from dolphin.sandbox.firing import Firing
from dolphin.sandbox.handler import PREFIX, Call, Server
from dolphin.sandbox.request import Request
from dolphin.sandbox.routes import Route, routes
from dolphin.sandbox.state import State
from dolphin.sandbox.surroundings import seed

MAX_FORM = 5_000_000  # bytes of a POST; a PUT has no cap


class Sandbox:
    """A server on loopback. `project` is the code of the project it starts with, "warehouse".

    `slow_put`: seconds between the reading and the writing half of an update; updates that overlap there spoil a workflow.
    """

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
        self.routes = routes(self.dialect)
        self._state_file = state_file
        self._prepare(examples)
        self._server = Server(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._firing = Firing(self.state)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{PREFIX}"

    @property
    def project(self) -> int:
        return int(self.state.projects[0]["code"])

    def start(self) -> Self:
        """Serve in the background, and fire schedules."""
        self._thread.start()
        self._firing.start()
        return self

    def stop(self) -> None:
        """Stop serving and, where a file was given, keep the state."""
        if self._thread.is_alive():  # shutting down what never ran would wait for ever
            self._firing.stop()
            self._server.shutdown()
            self._thread.join()
        self._server.hang_up()
        self._server.server_close()
        if self._state_file:
            self.state.save(self._state_file)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fault(
        self,
        kind: Kind,
        method: str = "",
        path: str = "",
        *,
        match: tuple[str, str] | None = None,
        times: int = 1,
        after: bool = False,
        seconds: float = 0.0,
        status: int = 500,
    ) -> None:
        """Order a fault for calls of a method whose path contains a text; `match` gives both at once. See `faults.Fault`."""
        method, path = match or (method, path)
        self.faults.add(Fault(kind, method, path, times, after, seconds, status))

    def answer(self, method: str, path: str, token: str, form: dict[str, str], size: int) -> Answer:
        """Answer one call as DolphinScheduler would; `size` is the body's, in bytes."""
        if token != self.token:
            return Answer(401, content_type=None)
        found = [route for route in self.routes if route.pattern.match(path)]
        if not found:
            return html_error(404, "Not Found")
        route = next((route for route in found if route.method == method), None)
        if route is None:
            return html_error(405, "Method Not Allowed")
        if method == "POST" and size > MAX_FORM:
            return envelope(None, code=route.generic, message="form is too large")
        return self._call(route, path, form)

    def _call(self, route: Route, path: str, form: dict[str, str]) -> Answer:
        try:
            args = route.numbers(path)
        except ValueError:
            return envelope(None, code=10109, message="path variable is no number")
        form = self.dialect.inward(form)
        request = Request(self.state, self.dialect, self.state.users[0], form, args, route.generic, self.slow_put)
        try:
            if route.in_project:
                request.check_project(returned=route.returns)
            return route.endpoint(request)
        except Refused as refusal:
            status = 201 if refusal.returned else 200
            return envelope(None, code=refusal.code, message=refusal.message, status=status)
        except Exception as error:  # noqa: BLE001  the real server too turns whatever it did not foresee into this code
            return envelope(None, code=route.generic, message=f"unforeseen: {error!r}")

    def _prepare(self, examples: bool) -> None:
        if self._state_file and self._state_file.exists():
            self.state.load(self._state_file)
            return
        seed(self.state)
        if examples:
            add_examples(self.answer, self.token, self.project, self.dialect)
