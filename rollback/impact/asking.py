"""Questions to DolphinScheduler that may stay without an answer: impact is told as far as it can be.

Enters: an instance. Leaves: answers, and for each part that can't be told the reason. After the first sign that DolphinScheduler is away,
nothing more is asked: nobody waits for one time-out after another.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from django.utils import translation

from catalog.clients import client_for
from catalog.errors import InstancePaused, TokenUnreadable
from catalog.models import Instance
from dolphin.client import DolphinClient
from dolphin.errors import DolphinError, DolphinUnauthorized, DolphinUnavailable
from dolphin.shape import expected

T = TypeVar("T")


def reason(error: Exception) -> str:
    """Return what an error says in English: reasons are kept with a request, and shown to each reader by `say`."""
    with translation.override("en"):
        return str(error)


class Asking:
    """A context manager. `untold` is {part: why}, the reasons in English as errors are kept."""

    def __init__(self, instance: Instance) -> None:
        self.untold: dict[str, str] = {}
        self._client: DolphinClient | None = None
        self._away = ""
        try:
            self._client = client_for(instance)
        except (InstancePaused, TokenUnreadable) as error:
            self._away = reason(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.__exit__(kind, error, trace)

    def ask(self, part: str, question: Callable[[DolphinClient], T]) -> T | None:
        """Return the answer, None where there is none; then `untold` says why."""
        if self._client is None or self._away:
            self.untold[part] = self._away
            return None
        try:
            with expected():
                return question(self._client)
        except (DolphinUnavailable, DolphinUnauthorized) as error:
            self._away = self.untold[part] = reason(error)
        except DolphinError as error:
            self.untold[part] = reason(error)
        return None
