"""SQL that a shell script hands to a database's own client, where that is certain. Pure.

hive -e, beeline -e, spark-sql -e, mysql -e, psql -c, clickhouse-client -q, trino --execute, and here-documents to them. Other programs
may read and write what they like: they are listed as unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from definitions.lineage.model import Why, word_set
from definitions.lineage.shell_commands import Command, Script
from definitions.lineage.shell_programs import HARMLESS, runs_others
from definitions.lineage.shell_variables import Variables
from definitions.lineage.shell_words import split
from definitions.lineage.sql import Reading, Session, read_sql


@dataclass(frozen=True, slots=True)
class _Client:
    """How a client is told SQL: letters of short options that take a value, and what the options mean."""

    dialect: str
    system: str
    sql: frozenset[str]
    file: frozenset[str]  # -i of Hive's is SQL, too: read first
    database: frozenset[str]
    valued: str
    valued_long: frozenset[str] = frozenset()
    names_database: bool = False  # the first plain word is a database


def _client(
    dialect: str, system: str, *, sql: str, file: str, database: str, valued: str, long: str = "", names: bool = False
) -> _Client:
    listed = [word_set(text) for text in (sql, file, database, long)]
    return _Client(dialect, system, listed[0], listed[1], listed[2], valued, listed[3], names)


_HIVE_LONG = "-hiveconf --hiveconf -hivevar --hivevar --define"
_CLIENTS: Final[Mapping[str, _Client]] = {
    "hive": _client("hive", "hive", sql="-e", file="-f -i", database="--database -database", valued="efidhp", long=_HIVE_LONG),
    "beeline": _client("hive", "hive", sql="-e", file="-f -i", database="", valued="efiundpwr", long=_HIVE_LONG),
    "spark-sql": _client("spark", "hive", sql="-e", file="-f -i", database="--database", valued="efid"),
    "mysql": _client(
        "mysql", "mysql", sql="-e --execute", file="", database="-D --database", valued="euhPDS",
        long="--user --host --port --socket --default-character-set", names=True,
    ),
    "psql": _client("postgres", "postgres", sql="-c --command", file="-f --file", database="", valued="cfdUhpvPFRTLo"),
    "trino": _client("trino", "trino", sql="--execute", file="-f --file", database="", valued="f"),
    "presto": _client("presto", "presto", sql="--execute", file="-f --file", database="", valued="f"),
    "clickhouse-client": _client(
        "clickhouse", "clickhouse", sql="-q --query", file="--queries-file", database="-d --database", valued="qdhu",
        long="--host --port --user",
    ),
}  # fmt: skip
_BEFORE: Final = word_set("nohup time exec command if then else elif do while until ! { } builtin")
# What runs another program: its options that take a value, and how many plain words of its own come first.
_RUNNERS: Final[Mapping[str, tuple[frozenset[str], int]]] = {
    "sudo": (word_set("-u -g -U"), 0),
    "timeout": (word_set("-s -k"), 1),
    "nice": (word_set("-n"), 0),
    "ionice": (word_set("-c -n"), 0),
    "env": (word_set("-u"), 0),
}
# Long options of mysql that take no value: behind any other one a plain word may be its value, and no database.
_BARE: Final = word_set(
    "--silent --batch --skip-column-names --raw --quick --force --table --verbose --compress --no-auto-rehash"
)
_ASKING: Final = frozenset({"--version", "-V", "--help", "-?"})
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]{0,100}\])?\+?=")
_HIVE_URL: Final = re.compile(r"jdbc:hive2://[^/\s]{1,300}/(?P<name>\w{1,128})")
_PROGRAM: Final = re.compile(r"[\w.+@-]{1,40}\Z|\$\{\w{1,40}\}\Z")


def read_shell(reading: Reading, text: str) -> None:
    """Read a script. Never raises."""
    script = split(text)
    if not script.is_whole:
        reading.not_known("script", 0, Why.TOO_DEEP)
    reader = _Script(reading, script)
    for at, command in enumerate(script.commands):
        words = _stripped(command.words)
        if not words:
            continue
        name = words[0].rpartition("/")[2]
        client = _CLIENTS.get(name)
        if client is not None and name not in script.functions:
            reader.read_client(client, words[1:], command, at)
        elif not _is_harmless(name, words, script.functions):
            reading.not_known("script", 0, Why.PROGRAM, name if _PROGRAM.match(name) else "")


def _is_harmless(name: str, words: list[str], functions: set[str], *, within: bool = False) -> bool:
    if name in functions:  # its body is read; a client by that name is handed what is not read there
        return name not in _CLIENTS
    if name == "trap" and len(words) > 2 and words[1] not in ("", "-"):
        return not within and _runs_only_harmless(words[1], functions)
    return (name in HARMLESS and not runs_others(name, words)) or words[-1] == "]]"


def _runs_only_harmless(text: str, functions: set[str]) -> bool:
    script = split(text)
    listed = [words for command in script.commands if (words := _stripped(command.words))]
    return script.is_whole and all(
        _is_harmless(words[0].rpartition("/")[2], words, functions, within=True) for words in listed
    )


def _stripped(words: list[str]) -> list[str]:
    """Return the words from the program's name on: behind assignments, and behind what only runs it."""
    left = list(reversed(words[2:] if words[:1] == ["function"] else words))
    while left:
        word = left[-1]
        if word in _RUNNERS:
            left.pop()
            _skip_options(left, *_RUNNERS[word])
        elif word in _BEFORE or _ASSIGNMENT.match(word):
            left.pop()
        else:
            break
    return left[::-1]


def _skip_options(left: list[str], valued: frozenset[str], plain: int) -> None:
    """Take options off, then so many plain words that come before the program."""
    while left and left[-1].startswith("-"):
        if left.pop() in valued and left:
            left.pop()
    del left[len(left) - min(plain, len(left)) :]


class _Script:
    """A script on its way: `number` counts its statements."""

    def __init__(self, reading: Reading, script: Script) -> None:
        self._reading, self._variables = reading, Variables(script)
        self._outputs = frozenset(script.outputs)
        self._number = 1

    def read_client(self, client: _Client, words: list[str], command: Command, at: int) -> None:
        options, plain = _options(client, words)
        told = [value for name, value in options if name in client.sql]
        files = [value for name, value in options if name in client.file]
        session = Session(client.dialect, client.system, database=_database(client, options, plain))
        session.by_shell = self._outputs
        for sql in [*told, *command.texts]:
            self._read_sql(session, sql, at)
        if files or command.from_file:
            self._reading.not_known("script", 0, Why.SCRIPT_FILE, files[0].rpartition("/")[2] if files else "")
        elif not (
            told or command.texts or (words and _ASKING.issuperset(words))
        ):  # from a pipe, or what a group is fed
            self._reading.not_known("script", 0, Why.PIPE)

    def _read_sql(self, session: Session, sql: str, at: int) -> None:
        known = self._variables.known(sql, at)
        if known is None:
            self._reading.not_known("script", self._number, Why.SHELL_VARIABLE, sql.strip())
            self._number += 1
        else:
            self._number = read_sql(self._reading, session, known, "script", first=self._number) + 1


def _database(client: _Client, options: list[tuple[str, str]], plain: list[str]) -> str:
    for name, value in options:
        if name in client.database:
            return value
        if client.system == "hive" and name == "-u" and (found := _HIVE_URL.match(value)):
            return found["name"]
    return plain[0] if client.names_database and plain else ""


def _options(client: _Client, words: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return ((option, value)..), and the plain words, as far as it is certain which they are."""
    found: list[tuple[str, str]] = []
    plain: list[str] = []
    left = list(reversed(words))
    named = client.sql | client.file | client.database | client.valued_long
    unsure = False
    while left:
        word = left.pop()
        name, equals, value = word.partition("=")
        if word in named:
            found.append((word, left.pop() if left else ""))
        elif word.startswith("--") or (equals and name in named):
            found.append((name, value))
            unsure = unsure or not (equals or word in _BARE)
        elif word.startswith("-") and len(word) > 1:
            found += _short(client, word, left)
        else:
            plain.append(word)
    return found, [] if unsure else plain


def _short(client: _Client, word: str, left: list[str]) -> list[tuple[str, str]]:
    """Read -uroot, -N, -sNe "..": letters up to the first that takes a value. -p's own is never a word of its own."""
    found: list[tuple[str, str]] = []
    for at, letter in enumerate(word[1:], 1):
        if letter in client.valued:
            value = word[at + 1 :] or (left.pop() if left else "")
            return [*found, (f"-{letter}", value)]
        if letter == "p":
            return found
        found.append((f"-{letter}", ""))
    return found
