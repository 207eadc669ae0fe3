"""A receiver that says when a message has come, and answers when it may."""

import threading
from typing import Any

from tests.snapshotter.receiver import Receiver


class Slow(Receiver):
    """`come` is set by the first message; none is answered before `may_answer` is."""

    def __enter__(self) -> "Slow":
        super().__enter__()
        self.come, self.may_answer = threading.Event(), threading.Event()
        handler: Any = self._server.RequestHandlerClass
        answer = handler.do_POST

        def later(request: Any) -> None:
            self.come.set()
            self.may_answer.wait(60)
            answer(request)

        handler.do_POST = later
        return self
