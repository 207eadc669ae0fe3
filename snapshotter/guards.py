"""What apps above have against an act that somebody begins without a request, such as a missing approval."""

from collections.abc import Callable

from audit.actors import Actor
from audit.record import record_refusal
from catalog.errors import ServiceError
from catalog.models import Workflow
from snapshotter.models import Snapshot

# The version is what is to come back; None: whichever is published.
Guard = Callable[[Workflow, Snapshot | None, Actor], None]  # raises ServiceError where it must not be begun this way


class Guards:
    """Asked in the order in which they came; `event` is what a refusal is called in the trail."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._guards: list[Guard] = []

    def add(self, guard: Guard) -> None:
        """Let it have its say. Call from `AppConfig.ready`."""
        if guard not in self._guards:
            self._guards.append(guard)

    def ask(self, workflow: Workflow, version: Snapshot | None, actor: Actor) -> None:
        """Raise what the first of them has against it, and leave the refusal in the trail."""
        for guard in self._guards:
            try:
                guard(workflow, version, actor)
            except ServiceError as error:
                scope, reason = workflow.project.scope, f"{error.code}: {error}"
                record_refusal(self._event, actor=actor, target=workflow, scope=scope, reason=reason)
                raise

    def why_not(self, workflow: Workflow, version: Snapshot | None, actor: Actor) -> str:
        """Return what they have against it, "" for nothing: for a page, before anybody tries."""
        for guard in self._guards:
            try:
                guard(workflow, version, actor)
            except ServiceError as error:
                return str(error)
        return ""
