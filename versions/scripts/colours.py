"""Syntax colours: a text's lines as pieces with short CSS classes. The whole text is read at once, so that what spans lines is right.

Pygments is given no more than a page can wait for: a text that is too long, or once the page's share is used up, stays plain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from versions.scripts.languages import PLAIN, PYTHON, language
from versions.scripts.line_pieces import Line, Piece, text_of, tidy, with_words
from versions.scripts.sequence_diff import Cells
from versions.scripts.text_lines import lines

CLASSES: Final = (
    (Keyword, "hk"),
    (Operator.Word, "hk"),
    (Comment, "hc"),
    (String, "hs"),
    (Number, "hm"),
    (Name.Variable, "hv"),
    (Name.Builtin, "hb"),
    (Name.Function, "hb"),
    (Name.Class, "hb"),
    (Name.Decorator, "hb"),
    (Name.Tag, "hb"),
)
LONGEST: Final = 120_000  # characters of one text
PAGE: Final = 400_000  # characters of one page
WORDS: Final = 1_000_000  # characters of changed lines of one page
_PYTHON_COSTS: Final = 5  # as much as others, measured
_WHITE: Final = 500  # characters of white space in a row that Python's lexer takes without growing slow
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# What DolphinScheduler itself fills in: ${name} and $[yyyyMMdd-1], whatever the language.
_PARAMETER = re.compile(r"(\$\{[^{}\n]{1,100}\}|\$\[[^\[\]\n]{1,100}\])")


@dataclass(slots=True)
class Share:
    """How many characters of this page may still be coloured, and compared by words, and what comparing lines and words may still cost."""

    left: int = PAGE
    words: int = WORDS
    cells: Cells = field(default_factory=Cells)

    def take(self, text: str, name: str) -> bool:
        cost = len(text) * (_PYTHON_COSTS if name == PYTHON else 1)
        if (
            name == PLAIN
            or cost > min(self.left, LONGEST)
            or max(map(len, re.findall(r"\s+", text)), default=0) > _WHITE
        ):
            return False
        self.left -= cost
        return True


def coloured(
    text: str, task_type: str = "", field: str = "taskParams.rawScript", *, share: Share | None = None
) -> list[Line]:
    """Return the lines of a text for a page, without their ends; what is not seen but matters is shown."""
    return [tidy(line) for line in raw_lines(text, language(text, task_type, field), share or Share())]


def raw_lines(text: str, name: str, share: Share) -> list[Line]:
    """Return the lines with their ends, exactly as `text_lines.lines` cuts them."""
    if not share.take(text, name):
        return [[Piece(line)] for line in lines(text)]
    found: list[Line] = []
    line: Line = []
    for piece in _pieces(text, _lexer(name)):
        for part in _LINES.findall(piece.text):
            line.append(Piece(part, piece.css))
            if part.endswith("\n"):
                found.append(_with_parameters(line))
                line = []
    return [*found, _with_parameters(line)] if line else found


def _pieces(text: str, lexer: Lexer) -> Iterator[Piece]:
    """Yield the text in pieces of one class each; neighbours of one class are one piece."""
    held, css = "", ""
    for _, token, value in lexer.get_tokens_unprocessed(text):
        kind = _css(token) if len(value) > 1 or token not in Keyword else ""  # SQL's "c" is somebody's alias
        if kind != css and held:
            yield Piece(held, css)
            held = ""
        held, css = held + value, kind
    if held:
        yield Piece(held, css)


def _with_parameters(line: Line) -> Line:
    """Give DolphinScheduler's parameters their colour, wherever they stand but in comments."""
    text = text_of(line)
    parts = [part for part in _PARAMETER.split(text) if part] if "$" in text else []
    if len(parts) < 2 and not _PARAMETER.fullmatch(text):
        return line
    found = with_words(line, ((part, _PARAMETER.fullmatch(part) is not None) for part in parts))
    kinds = ((piece.text, "hv" if piece.changed and piece.css != "hc" else piece.css) for piece in found)
    return [Piece("".join(text for text, _ in run), css) for css, run in groupby(kinds, key=itemgetter(1))]


@cache
def _css(token: _TokenType) -> str:
    return next((css for kind, css in CLASSES if token in kind), "")


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name)
