"""Whole numbers as texts and bodies give them, held to what a database can: a longer one breaks there, or in int() already."""

from typing import Any, Final, TypeGuard

from definitions.limits import MAX_CODE

CODE_DIGITS: Final = len(str(MAX_CODE))


def is_number(text: str, *, digits: int = 9) -> bool:
    """Whether a text is a whole number, 0 or above, of at most so many digits: a version, or a page of a list."""
    return len(text) <= digits and text.isascii() and text.isdigit()


def is_long(text: str) -> bool:
    """The same for a code or an id: at most MAX_CODE."""
    return is_number(text, digits=CODE_DIGITS) and int(text) <= MAX_CODE


def is_code(value: Any) -> TypeGuard[int]:
    """Whether a JSON value is a number that can be a code: from 1 to MAX_CODE."""
    return type(value) is int and 0 < value <= MAX_CODE
