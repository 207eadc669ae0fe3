import pytest

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
