"""JSON without surprises: what two readers could read differently is refused."""

import json
import re
from itertools import accumulate
from typing import Any, NoReturn

from definitions.errors import DuplicateKey, InvalidText, MalformedJson, NotANumber, TooDeep, TooLarge
from definitions.limits import DEFAULT_LIMITS

_BRACKET = re.compile(r"[\[\]{}]")
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_SURROGATE_OR_NUL = re.compile("[\ud800-\udfff\x00]")
_ESCAPED = re.compile(r"\\u(?:d[89a-f]|0000)", re.IGNORECASE)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_BAD_TEXT = "text holds a lone surrogate or a NUL character"
_DIGITS = 4_000  # Python itself refuses to print longer integers


def loads(
    body: bytes | str, *, max_bytes: int = DEFAULT_LIMITS.body_bytes, max_depth: int = DEFAULT_LIMITS.depth
) -> Any:
    """Parse JSON; refuse duplicate keys, NaN, lone surrogates, NUL, too many levels, too many bytes.

    Raises the subclasses of DefinitionError, never ValueError or RecursionError.
    """
    text = _text(body, max_bytes)
    _check_depth(text, max_depth)
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_float, parse_int=_int)
    except json.JSONDecodeError as error:
        raise MalformedJson(f"not valid JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    if _ESCAPED.search(text):
        _check_text(value)
    return value


def dumps(value: Any) -> bytes:
    """Return the canonical bytes: sorted keys, no spaces, UTF-8. Raises NotANumber, InvalidText, TooDeep."""
    try:
        data = _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        raise InvalidText("text holds a lone surrogate, which is not Unicode") from None
    except ValueError as error:
        raise NotANumber(f"a number is not finite: {error}") from None
    except RecursionError:
        raise TooDeep("nested too deeply") from None
    if b"\\u0000" in data:
        _check_text(value)
    return data


def _text(body: bytes | str, max_bytes: int) -> str:
    """Return text without lone surrogates, which UTF-8 can't hold, and NUL."""
    try:
        data = body if isinstance(body, bytes) else body.encode("utf-8")
        if len(data) > max_bytes:
            raise TooLarge(f"{len(data)} bytes; at most {max_bytes} are taken")
        text = body.decode("utf-8") if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise MalformedJson(f"not UTF-8 at byte {error.start}") from None
    except UnicodeEncodeError:
        raise InvalidText(_BAD_TEXT) from None
    if "\0" in text:
        raise InvalidText(_BAD_TEXT)
    return text


def _check_depth(text: str, max_depth: int) -> None:
    """Count brackets outside strings before parsing: a parser recurses, a deep body would end it. Linear, whatever the text."""
    if text.count("[") + text.count("{") <= max_depth:
        return
    # Without escaped backslashes, then escaped quotes, every second part is outside strings, up to where the parser gives up.
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    steps = map(_STEPS.__getitem__, _BRACKET.findall(outside))
    if max(accumulate(steps), default=0) > max_depth:
        raise TooDeep(f"nested deeper than {max_depth} levels")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DuplicateKey(f"the key {key[:100]!r} stands twice in one object")
            seen.add(key)
    return value


def _constant(text: str) -> NoReturn:
    raise NotANumber(f"{text} is not a JSON number")


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise NotANumber(f"{text[:30]} is too large a number")
    return number


def _int(text: str) -> int:
    if len(text) > _DIGITS:
        raise NotANumber(f"a number of {len(text)} digits is too large")
    return int(text)


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if _SURROGATE_OR_NUL.search(value):
            raise InvalidText(_BAD_TEXT)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
