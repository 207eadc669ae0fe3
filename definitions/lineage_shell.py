"""SQL that a shell script hands to a database's own client, where that is certain. Pure.

hive -e, beeline -e, spark-sql -e, mysql -e, psql -c, clickhouse-client -q, trino --execute, and here-documents to them. Other programs
may read and write what they like: they are listed as unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from definitions.lineage_model import Why, word_set
from definitions.lineage_shell_words import Command, Script, split
from definitions.lineage_sql import Reading, Session, read_sql


@dataclass(frozen=True, slots=True)
class _Client:
    """How a client is told SQL: letters of short options that take a value, and what the options mean."""

    dialect: str
    system: str
    sql: frozenset[str]
    file: frozenset[str]
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
    "hive": _client("hive", "hive", sql="-e", file="-f", database="--database -database", valued="efidhp", long=_HIVE_LONG),
    "beeline": _client("hive", "hive", sql="-e", file="-f", database="", valued="efiundpwr", long=_HIVE_LONG),
    "spark-sql": _client("spark", "hive", sql="-e", file="-f", database="--database", valued="efid"),
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
_HARMLESS: Final = word_set(
    ": echo printf cd export set unset sleep date exit return true false test [ [[ mkdir rm rmdir ls cat grep egrep fgrep zgrep awk sed"
    " cut tr head tail wc sort uniq tee basename dirname expr let local declare typeset readonly read shift break continue fi done esac"
    " case for select function trap wait kill pwd which type chmod chown touch cp mv find tar gzip gunzip zip unzip ping hostname"
    " whoami id ulimit alias seq curl wget mail sendmail df du ps file stat md5sum sha256sum jq paste split diff cmp ln mktemp yes"
    " umask pushd popd logger shopt in"
)
_ASSIGNMENT: Final = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>.*)\Z", re.DOTALL)
_VARIABLE: Final = re.compile(r"\$\{(?P<name>\w+|[@*#])\}\Z")
_HIVE_URL: Final = re.compile(r"jdbc:hive2://[^/\s]{1,300}/(?P<name>\w{1,128})")
_PROGRAM: Final = re.compile(r"[\w.+@-]{1,40}\Z|\$\{\w{1,40}\}\Z")


def read_shell(reading: Reading, text: str) -> None:
    """Read a script. Never raises."""
    script = split(text)
    variables = _variables(script)
    number = 1
    for command in script.commands:
        words = _stripped(command.words)
        if not words:
            continue
        name = words[0].rpartition("/")[2]
        client = _CLIENTS.get(name)
        if client is not None:
            number = _read_client(reading, client, words[1:], command, script, variables, number)
        elif not (name in _HARMLESS or name in script.functions or words[-1] == "]]"):
            reading.not_known("script", 0, Why.PROGRAM, name if _PROGRAM.match(name) else "")


def _variables(script: Script) -> dict[str, str]:
    """Return the variables that are set exactly once, by a plain assignment: what they hold is certain."""
    values: dict[str, str] = {}
    twice = set()
    for command in script.commands:
        words = [word for word in command.words if word not in ("export", "local", "readonly", "declare")]
        for word in words:
            found = _ASSIGNMENT.match(word)
            if found is None:
                break
            if found["name"] in values:
                twice.add(found["name"])
            values[found["name"]] = found["value"]
        if words[:1] in (["read"], ["for"], ["unset"], ["eval"]):
            twice.update(words[1:])
    return {name: value for name, value in values.items() if name not in twice}


def _stripped(words: list[str]) -> list[str]:
    """Return the words from the program's name on: behind assignments, and behind what only runs it."""
    left = list(reversed(words))
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


def _read_client(
    reading: Reading,
    client: _Client,
    words: list[str],
    command: Command,
    script: Script,
    variables: Mapping[str, str],
    number: int,
) -> int:
    options, plain = _options(client, words)
    told = [value for name, value in options if name in client.sql]
    files = [value for name, value in options if name in client.file]
    session = Session(client.dialect, client.system, database=_database(client, options, plain))
    session.by_shell = frozenset(script.outputs)
    for sql in [*told, *command.texts]:
        known = _known(sql, variables)
        if known is None:
            reading.not_known("script", number, Why.SHELL_VARIABLE, sql.strip())
            number += 1
        else:
            number = read_sql(reading, session, known, "script", first=number) + 1
    if files or command.from_file:
        reading.not_known("script", 0, Why.SCRIPT_FILE, files[0].rpartition("/")[2] if files else "")
    elif command.piped and not told and not command.texts:
        reading.not_known("script", 0, Why.PIPE)
    return number


def _known(sql: str, variables: Mapping[str, str]) -> str | None:
    """Return the SQL; that of a variable where it is certain, else None."""
    found = _VARIABLE.match(sql.strip())
    return variables.get(found["name"]) if found else sql


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
