"""What is known about the request (or task) being served: its correlation id, caller and address.

One context variable, set once at each edge: the middleware, the Celery task, the command. auditlog's own context is not used: it
connects a signal for every request, and an inner one drops what the outer one set.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`request_id` 8-64 characters; `address` an IP or ""; `about` what a worker is at, such as (("sync", 7),), for the log."""

    request_id: str = ""
    actor_id: int | None = None
    actor_name: str = ""
    address: str = ""
    about: tuple[tuple[str, int], ...] = ()


_current: ContextVar[RequestContext] = ContextVar("request_context", default=RequestContext())  # noqa: B039  frozen


def current() -> RequestContext:
    """Return the context of what is being served, an empty one outside any."""
    return _current.get()


def new_request_id(offered: str = "") -> str:
    """Keep a caller's correlation id if it is a plain one, else make one: ids go into logs and headers."""
    return offered if _ACCEPTED_ID.match(offered) else uuid.uuid4().hex


@contextmanager
def request_context(context: RequestContext) -> Iterator[RequestContext]:
    """Serve under this context; the former one comes back afterwards."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def begin(context: RequestContext) -> None:
    """Serve under this context until another one begins: where the edge has no place that it could come back to."""
    _current.set(context)


def set_actor(actor_id: int | None, actor_name: str) -> None:
    """Name the caller once authentication knows it; the API authenticates after the middleware ran."""
    _current.set(replace(_current.get(), actor_id=actor_id, actor_name=actor_name))
