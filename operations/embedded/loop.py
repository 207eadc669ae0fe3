"""The loop of the embedded worker, sender and deriver: one round after another, and whatever goes wrong, it goes on."""

import threading
from collections.abc import Callable
from logging import Logger

from django.db import close_old_connections, connections

from operations.held import is_held


def go_on(
    stop: threading.Event, one_round: Callable[[], object], *, pause: float, after_error: float, logger: Logger
) -> None:
    """Do rounds until told to stop; `pause` seconds after one that found nothing, `after_error` after one that failed or was held."""
    while not stop.is_set():
        close_old_connections()
        try:
            if is_held():
                stop.wait(after_error)
                continue
            found = one_round()
        except Exception:
            logger.exception("trying again in %s s", after_error)
            stop.wait(after_error)
            continue
        if not found:
            stop.wait(pause)


def start_thread(name: str, loop: Callable[[threading.Event], None], stop: threading.Event) -> threading.Thread:
    """Run a loop in a thread of its own and return it, to be joined."""
    thread = threading.Thread(target=_run, args=(loop, stop), name=name)
    thread.start()
    return thread


def _run(loop: Callable[[threading.Event], None], stop: threading.Event) -> None:
    try:
        loop(stop)
    finally:
        connections.close_all()
