"""A line of a script in pieces: a colour each, whether it changed, and what is not seen made visible."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

BLANK: Final = "ws"
LONGEST_LINE: Final = 2_000  # characters of one line that are shown
_AHEAD: Final = 80  # of them before the first change
# Controls, marks that turn the direction of text, and joiners of no width: a line must not read otherwise than it runs.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
_MARKS: Final = str.maketrans({" ": "·", "\t": "→", "\r": "␍", "\n": "¶", "\u00a0": "⍽", "\u3000": "□"})


class Piece(NamedTuple):
    """A part of a line: `css` "" or a class, `changed` where words differ."""

    text: str
    css: str = ""
    changed: bool = False


Line = list[Piece]


def text_of(line: Line) -> str:
    return "".join(piece.text for piece in line)


def with_words(line: Line, words: Iterable[tuple[str, bool]]) -> Line:
    """Cut coloured pieces where changed words begin and end, and tell changed blanks apart. Both hold the same text."""
    found: Line = []
    pieces = iter(line)
    piece, at = Piece(""), 0
    for word, changed in words:
        left = len(word)
        css = BLANK if changed and word.isspace() else ""
        while left:
            if at == len(piece.text):
                piece, at = next(pieces), 0
            part = piece.text[at : at + left]
            found.append(Piece(part, css or piece.css, changed))
            at, left = at + len(part), left - len(part)
    return found


def tidy(line: Line, *, is_changed: bool = False) -> Line:
    """Return the line fit for a page: without its end, cut, controls shown; of a changed line also blanks at its end and changed blanks."""
    if is_changed:
        line = _trailing_apart(line)
        line = [_shown(piece) for piece in line]
    else:
        line = _without_end(line)
    return [Piece(_UNSEEN.sub(_escaped, text), css, changed) for text, css, changed in _cut(line) if text]


def _shown(piece: Piece) -> Piece:
    """Give blanks that changed, or stand at the line's end, a mark each; an end that is the same goes."""
    if piece.css == BLANK:
        return Piece(piece.text.translate(_MARKS), BLANK, piece.changed)
    if piece.changed:
        return Piece(piece.text.replace("\r", "␍").replace("\n", "¶"), piece.css, True)
    return Piece(piece.text.rstrip("\r\n").replace("\r", "␍"), piece.css, False)


def _without_end(line: Line) -> Line:
    return [Piece(piece.text.rstrip("\n").removesuffix("\r").replace("\r", "␍"), piece.css) for piece in line]


def _trailing_apart(line: Line) -> Line:
    """Make the blanks before the line's end a piece of their own."""
    body = text_of(line).removesuffix("\n").removesuffix("\r")
    start = len(body.rstrip())
    return line if start == len(body) else list(_split(line, start, len(body)))


def _split(line: Line, start: int, end: int) -> Iterator[Piece]:
    at = 0
    for text, css, changed in line:
        first, last = max(0, start - at), max(0, end - at)
        for part, kind in ((text[:first], css), (text[first:last], BLANK), (text[last:], css)):
            if part:
                yield Piece(part, kind, changed)
        at += len(text)


def _cut(line: Line) -> Line:
    """Return a window of a long line, around its first change."""
    length = sum(len(piece.text) for piece in line)
    if length <= LONGEST_LINE:
        return line
    start = max(0, _first_change(line) - _AHEAD)
    found = [Piece("…", "cut")] if start else []
    at = 0
    for text, css, changed in line:
        part = text[max(0, start - at) : max(0, start + LONGEST_LINE - at)]
        if part:
            found.append(Piece(part, css, changed))
        at += len(text)
    left = length - start - LONGEST_LINE
    return [*found, Piece(f"… {left:,}", "cut")] if left > 0 else found


def _first_change(line: Line) -> int:
    at = 0
    for piece in line:
        if piece.changed:
            return at
        at += len(piece.text)
    return 0


def _escaped(match: re.Match[str]) -> str:
    return f"[U+{ord(match.group()):04X}]"
