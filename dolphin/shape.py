"""Answers that are JSON and DolphinScheduler's envelope, and yet not what was asked for: half of it, or of another shape."""

from collections.abc import Iterator
from contextlib import contextmanager

from definitions.errors import DefinitionError
from dolphin.errors import DolphinUnexpected

SURPRISES = (DefinitionError, LookupError, TypeError, ValueError, AttributeError)


@contextmanager
def expected() -> Iterator[None]:
    """Turn whatever reading a misshapen answer raises into DolphinUnexpected. Only around code that reads answers."""
    try:
        yield
    except SURPRISES as error:
        raise DolphinUnexpected(
            f"an answer that can't be understood ({type(error).__name__}: {error})"[:500]
        ) from error
