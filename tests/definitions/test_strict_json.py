import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions import strict_json
from definitions.errors import (
    DuplicateKey,
    InvalidText,
    MalformedJson,
    NotANumber,
    TooDeep,
    TooLarge,
)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", MalformedJson),
        (b"{", MalformedJson),
        (b"\xff\xfe{}", MalformedJson),
        (b'{"a":1}x', MalformedJson),
        (b'{"a":1,"a":2}', DuplicateKey),
        (b'[{"x":{"b":1,"c":2,"b":3}}]', DuplicateKey),
        (b"NaN", NotANumber),
        (b"[-Infinity]", NotANumber),
        (b"1e999", NotANumber),
        (b"1" * 5000, NotANumber),
        (b'"\\ud800"', InvalidText),
        (b'{"\\udc00":1}', InvalidText),
        (b'["a\\u0000b"]', InvalidText),
        ('"\ud800"', InvalidText),
        ('"a\0b"', InvalidText),
        (b'"a\0b"', InvalidText),
        (b'"\xed\xa0\x80"', MalformedJson),
        ("[" * 10_000 + "]" * 10_000, TooDeep),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, TooDeep),
        (b'"' + b"x" * 100 + b'"', TooLarge),
    ],
)
def test_bad_json_is_refused_with_its_own_error(body, error):
    limit = 99 if error is TooLarge else 1_000_000
    with pytest.raises(error):
        strict_json.loads(body, max_bytes=limit)


@pytest.mark.parametrize("text", ['"[[[[{{{{"', r'"\"[[[\\"', '"\\\\u0000"', '"\\ud83d\\ude00"', "[[[[1]]]]"])
def test_brackets_in_text_and_escaped_pairs_are_fine(text):
    assert strict_json.loads(text, max_depth=4) is not None


TRICKY = st.text(alphabet='\\"[]{}:,a', max_size=8)
VALUES = st.recursive(
    TRICKY | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TRICKY, inner, max_size=3)
)


def _depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


@given(VALUES)
def test_depth_is_counted_whatever_the_text_holds(value):
    text, depth = json.dumps(value), _depth(value)
    assert strict_json.loads(text, max_depth=depth) == value
    if depth:
        with pytest.raises(TooDeep):
            strict_json.loads(text, max_depth=depth - 1)


@pytest.mark.parametrize("before", ['"\\\\",', r'"\\\"",', r'"\"\\",', '"[",', '"]",', "[],"])
def test_text_before_does_not_hide_depth(before):
    with pytest.raises(TooDeep):
        strict_json.loads(f"[{before}{'[' * 5_000}{']' * 5_000}]")


@pytest.mark.parametrize("body", ['"' + '\\"' * 400_000, '["' + '\\"[' * 200_000, '"' * 400_001])
def test_text_that_never_ends_is_refused_in_time(body):
    with pytest.raises(MalformedJson):
        strict_json.loads(body)


def test_dumps_is_canonical():
    assert strict_json.dumps({"b": [1, 1.5, None], "a": "é😀"}) == '{"a":"é😀","b":[1,1.5,null]}'.encode()


@pytest.mark.parametrize(
    ("value", "error"), [(float("nan"), NotANumber), ("\ud800", InvalidText), ("a\0", InvalidText)]
)
def test_dumps_refuses_what_json_cannot_hold(value, error):
    with pytest.raises(error):
        strict_json.dumps({"x": value})


def test_dumps_survives_depth():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(TooDeep):
        strict_json.dumps(value)
