"""One look at DolphinScheduler for one act that judges twice: who asks for a rollback and executes it at once has just seen it.

What is handed on is some seconds old at most; what protects is the worker, which reads again and writes over nothing but what was bound.
"""

import time
from typing import Final

from catalog.models import Workflow
from dolphin.observe import Observation
from versions.live import look_now

LONGEST: Final = 5.0  # seconds from when the look began


class OneLook:
    """The eyes of one act, on one workflow; never kept beyond it."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._began = 0.0
        self._seen: Observation | None = None

    def now(self) -> Observation:
        """Return what is there, read again where the last look is too old. Raises as `look_now`."""
        if self._seen is None or time.monotonic() - self._began > LONGEST:
            self._began, self._seen = time.monotonic(), look_now(self.workflow)
        return self._seen
