"""Statements that sqlglot knows only under another spelling, brought into it. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from sqlglot import Token

from definitions.lineage.model import Why
from definitions.lineage.parser import Unparsed, statements

_LIKE_MYSQL: Final = frozenset({"mysql", "doris", "starrocks"})
_SESSION_FILES: Final = frozenset({"JAR", "JARS", "FILE", "FILES", "ARCHIVE", "ARCHIVES"})
_ON_COMMIT: Final = re.compile(r"\bon\s+commit\s+(?:drop|delete\s+rows|preserve\s+rows)\b", re.IGNORECASE)
_REFRESH: Final = re.compile(
    r"\Arefresh\s+materialized\s+view\s+(?:concurrently\s+)?(?P<name>\S+)(?:\s+with\s+(?:no\s+)?data)?\Z", re.IGNORECASE
)


def rewritten(tokens: list[Token], sql: str, dialect: str) -> Iterator[tuple[list[Token], str]]:
    """Yield (tokens, their text): mostly the given ones; a RENAME of several tables becomes several. Raises Unparsed."""
    text = sql[tokens[0].start : tokens[-1].end + 1]
    first = tokens[0].text.upper()
    if first == "REPLACE" and dialect in _LIKE_MYSQL:
        yield from _anew("INSERT" + text[len("REPLACE") :], dialect)
    elif (
        first == "DELETE"
        and len(tokens) > 2
        and tokens[1].text.upper() in _SESSION_FILES
        and dialect in ("hive", "spark")
    ):
        return  # files of the session, no table
    elif first == "RENAME":
        yield from _rename(text, dialect)
    elif first == "CREATE" and (shorter := _ON_COMMIT.sub("", text)) != text:
        yield from _anew(shorter, dialect)
    elif first == "REFRESH" and dialect in ("postgres", "redshift") and (found := _REFRESH.match(text)):
        yield from _anew(f"TRUNCATE TABLE {found['name']}", dialect)  # a write of it, as a refresh is
    else:
        yield tokens, sql


def _rename(text: str, dialect: str) -> Iterator[tuple[list[Token], str]]:
    """RENAME TABLE a TO b, c TO d."""
    words = re.match(r"\Arename\s+table\s+(?:if\s+exists\s+)?", text, re.IGNORECASE)
    if words is None:
        raise Unparsed(Why.STATEMENT)
    for pair in text[words.end() :].split(","):
        names = re.split(r"\s+to\s+", pair.strip(), flags=re.IGNORECASE)
        if len(names) != 2:
            raise Unparsed(Why.STATEMENT)
        yield from _anew(f"ALTER TABLE {names[0]} RENAME TO {names[1]}", dialect)


def _anew(text: str, dialect: str) -> Iterator[tuple[list[Token], str]]:
    yield from ((tokens, text) for tokens in statements(text, dialect))
