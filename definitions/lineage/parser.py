"""sqlglot, held to a measure. Its parser tries alternatives and goes back: 150 characters of nested ARRAY[ keep it busy for hours.

So its steps are counted, not its seconds: the same text always ends the same way.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from sqlglot import Token, exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from definitions.lineage.model import Why

CHARACTERS: Final = 1_000_000  # of one text
TOKENS: Final = 60_000  # of one statement
_STEPS_A_TOKEN, _STEPS = 20, 5_000  # real statements need about 1.1 a token
_NESTED: Final = 150  # brackets within brackets; Python's own limit comes soon after


class Unparsed(Exception):
    """A text or statement that can't be read."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def statements(sql: str, dialect: str) -> Iterator[list[Token]]:
    """Yield the tokens of each statement, empty ones left out. Raises Unparsed where not even words can be told."""
    if len(sql) > CHARACTERS:
        raise Unparsed(Why.TOO_LARGE)
    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    except (SqlglotError, RecursionError, ValueError, IndexError) as error:
        raise Unparsed(Why.NOT_PARSED) from error
    found: list[Token] = []
    for token in tokens:
        if token.token_type != TokenType.SEMICOLON:
            found.append(token)
        elif found:
            yield found
            found = []
    if found:
        yield found


def parse(tokens: list[Token], sql: str, dialect: str) -> exp.Expr:
    """Return the tree of one statement. Raises Unparsed, nothing else."""
    if len(tokens) > TOKENS:
        raise Unparsed(Why.TOO_LARGE)
    if _depth(tokens) > _NESTED:
        raise Unparsed(Why.TOO_DEEP)
    parser = _bounded(dialect)(dialect=Dialect.get_or_raise(dialect))
    parser.steps_left = _STEPS + _STEPS_A_TOKEN * len(tokens)
    try:
        found = parser.parse(tokens, sql)
    except _TooManySteps as error:
        raise Unparsed(Why.TOO_DEEP) from error
    except RecursionError as error:
        raise Unparsed(Why.TOO_DEEP) from error
    except Exception as error:  # a parser of thirty dialects: whatever it stumbles over, the statement is not read
        raise Unparsed(Why.NOT_PARSED) from error
    if len(found) != 1 or found[0] is None:
        raise Unparsed(Why.NOT_PARSED)
    tree: exp.Expr = found[0]
    return tree


class _TooManySteps(BaseException):
    """Not an Exception: the parser catches those of its own where it tries alternatives."""


@cache
def _bounded(dialect: str) -> Any:
    base: Any = Dialect.get_or_raise(dialect).parser_class

    class Bounded(base):  # type: ignore[misc]  # chosen at run time
        steps_left = 0

        def _advance(self, times: int = 1) -> None:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise _TooManySteps
            super()._advance(times)

        def _warn_unsupported(self) -> None:
            """Say nothing in the log: such a statement is listed as unknown, where a reader sees it."""

    return Bounded


def _depth(tokens: list[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        if token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE):
            depth += 1
            deepest = max(deepest, depth)
        elif token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE):
            depth -= 1
    return deepest
