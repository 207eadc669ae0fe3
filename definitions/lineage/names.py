"""Names of tables: DolphinScheduler's placeholders kept through the parser, case folded as the dialect does, quotes off."""

import re
from itertools import product
from string import ascii_lowercase
from typing import Final

from sqlglot import exp

from definitions.lineage.model import NAME_CHARACTERS, Table, Why
from definitions.lineage.parser import Unparsed

# ${bizdate}, ${system.biz.date}, $[yyyyMMdd-1], !{condition}; and a shell's variables, which the reader of scripts spells likewise.
_PLACEHOLDER: Final = re.compile(r"\$\{[^{}\n]{1,200}\}|\$\[[^\[\]\n]{1,200}\]|!\{[^{}\n]{1,200}\}")
_LIKE_OURS: Final = re.compile(r"(?=(ds[a-z]{4}q))")
_NO_NAMES: Final = frozenset({"dual"})
_FOLDED_UP: Final = frozenset({"oracle", "snowflake"})
_AS_WRITTEN: Final = frozenset(
    {"mysql", "doris", "starrocks", "clickhouse"}
)  # names are case sensitive there, quoted or not
_QUOTES_KEEP: Final = frozenset({"postgres", "redshift", *_FOLDED_UP})


class Placeholders:
    """Stand-ins that any dialect takes for part of a name or of a text; the same placeholder has the same stand-in."""

    def __init__(self, text: str) -> None:
        self.prefix = _unused(text.lower())
        self._found: list[str] = []
        self._numbers: dict[str, int] = {}
        self._stand_in = re.compile(rf"{self.prefix}(\d+)x", re.IGNORECASE)

    def replace(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda match: self.stand_in(match.group()), text)

    def stand_in(self, placeholder: str) -> str:
        number = self._numbers.setdefault(placeholder, len(self._found))
        if number == len(self._found):
            self._found.append(placeholder)
        return f"{self.prefix}{number}x"

    def placeholders(self, text: str) -> list[str]:
        """Return those whose stand-ins are in a text."""
        return [self._original(match) for match in self._stand_in.finditer(text)]

    def restore(self, text: str) -> str:
        return self._stand_in.sub(self._original, text)

    def is_only(self, name: str) -> bool:
        """Whether nothing of a name is known but that it is a parameter."""
        rest, count = self._stand_in.subn("", name)
        return count > 0 and not any(character.isalnum() for character in rest)

    def _original(self, match: re.Match[str]) -> str:
        number = int(match[1])
        return self._found[number] if number < len(self._found) else match.group()


def _unused(lowered: str) -> str:
    """Return letters that a text has nowhere; no text that is read holds all of these."""
    if "dsq" not in lowered:
        return "dsq"
    used = set(_LIKE_OURS.findall(lowered))
    return next(
        name for letters in product(ascii_lowercase, repeat=4) if (name := f"ds{''.join(letters)}q") not in used
    )


def table_of(
    node: exp.Table, dialect: str, system: str, source: str, database: str, stand_ins: Placeholders
) -> Table | None:
    """Return the table a node names, None for what is none (Oracle's DUAL). Raises Unparsed with why a name is not known.

    `database` qualifies a bare name where it is known; else `source`, the data source's id, tells whose default it is.
    """
    parts = [part for part in node.parts if part.name]
    if not parts:
        raise Unparsed(Why.NOT_PARSED)
    odd = next((part for part in parts if not isinstance(part, exp.Identifier)), None)
    if odd is not None:  # a parameter of the client, such as ClickHouse's {table:Identifier}
        raise NameIsParameter(odd.name)
    if stand_ins.is_only(parts[-1].name):
        raise NameIsParameter(stand_ins.restore(parts[-1].name))
    names = [stand_ins.restore(_folded(part, dialect)) for part in parts]
    if len(names) == 1 and names[0].lower() in _NO_NAMES:
        return None
    if system == "hive" and names[0] == "global_temp":  # Spark's own, gone with the program
        return None
    if system == "hive" and names[0] == "spark_catalog" and len(names) == 3:
        names = names[1:]
    if len(names) == 1 and database:
        names = [database, *names]
    name = ".".join(names)
    if len(name) > NAME_CHARACTERS:
        raise Unparsed(Why.NAME_TOO_LONG)
    return Table(f"{system}#{source}" if len(names) == 1 and source else system, name)


class NameIsParameter(Unparsed):
    """A table whose whole name is a parameter: known only when it runs."""

    def __init__(self, parameter: str) -> None:
        super().__init__(Why.NAME_IS_PARAMETER)
        self.parameter = parameter


def _folded(part: exp.Expr, dialect: str) -> str:
    name = part.name
    quoted = bool(part.args.get("quoted"))
    if dialect in _AS_WRITTEN or (quoted and dialect in _QUOTES_KEEP):
        return name
    return name.upper() if dialect in _FOLDED_UP else name.lower()
