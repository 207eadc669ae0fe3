"""Say in the reader's language what was kept in English.

Errors and a journal's reasons are kept, sent and logged in English, as their makers wrote them; definitions and dolphin know no Django. A
page shows them through here: a text that one of the learnt sentences made is shown by that sentence's translation, with the values put
back in; any other, such as DolphinScheduler's own words, stays as it is. What is stored is never changed.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

_VALUE = re.compile(r"%\((\w+)\)s")
_CODED = re.compile(r" (?=[a-z]+(?:_[a-z]+)+: |And \d+ more\.$)")  # preflight's "code: sentence code: sentence"
_PLACED = re.compile(r"(?P<place>\S+): (?P<text>.+)", re.DOTALL)
_NESTED = ("problem", "problems", "parts", "changes")  # values that are themselves sentences of ours, or words

_learnt: list[str | Promise] = []


def learn(sentences: Iterable[str | Promise]) -> None:
    """Add sentences, values as %(name)s. Of two that fit one text the one learnt first is taken. Called once, when an app is ready."""
    _learnt.extend(sentences)
    _patterns.cache_clear()


def say(text: str) -> str:
    """Return a kept English text in the language that is active; as it is where nothing is known of it."""
    language = translation.get_language() or "en"
    return text if not text or language.startswith("en") else _said(text) or text


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return (sentence, pattern) of those that hold a value; the others are looked up whole."""
    with translation.override("en"):
        sentences = [str(sentence) for sentence in _learnt]
    return [(sentence, _pattern(sentence)) for sentence in sentences if _VALUE.search(sentence)]


def _pattern(sentence: str) -> re.Pattern[str]:
    pieces = _VALUE.split(sentence)
    return re.compile("".join(f"(?P<{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(pieces)), re.DOTALL)


def _said(text: str) -> str | None:
    """Return the translation; None where the text is none of ours."""
    whole = _(text)
    if whole != text:
        return whole
    return _several(text) or _sentence(text) or _placed(text)


def _several(text: str) -> str | None:
    """Sentences in a row, each of which must be known: a value may hold the separator too."""
    pieces = _CODED.split(text) if _CODED.match(" " + text) else text.split("; ")
    if len(pieces) < 2:
        return None
    said = [_said(piece) for piece in pieces]
    return "；".join(filter(None, said)) if all(said) else None


def _sentence(text: str) -> str | None:
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(text):
            values = {name: _inner(value) if name in _NESTED else value for name, value in found.groupdict().items()}
            return _(sentence) % values
    return None


def _inner(text: str) -> str:
    """A value made of sentences or words: "a; b", or "a, b"."""
    return _said(text) or "、".join(_(word) for word in text.split(", "))


def _placed(text: str) -> str | None:
    """A sentence behind the place or the code it speaks of."""
    found = _PLACED.fullmatch(text)
    said = _said(found["text"]) if found else None
    return f"{found['place']}: {said}" if found and said else None
