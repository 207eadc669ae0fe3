"""Whole numbers from outside, held to what int() and the databases take."""

import pytest

from definitions.numbers import is_code, is_long, is_number


@pytest.mark.parametrize("text", ["0", "1", "007", "999999999"])
def test_numbers(text):
    assert is_number(text) and is_long(text)


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1e3", " 1", "1_0", "٣", "²", "x", "9" * 5_000])
def test_what_is_none(text):
    assert not is_number(text) and not is_long(text)


def test_the_largest():
    assert not is_number("1234567890") and is_number("1234567890", digits=10)
    assert is_long(str(2**63 - 1)) and not is_long(str(2**63))
    assert is_code(2**63 - 1) and not is_code(2**63)


@pytest.mark.parametrize("value", [0, -1, True, 1.0, "1", None, [1]])
def test_what_is_no_code(value):
    assert not is_code(value)
