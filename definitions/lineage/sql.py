"""Reading SQL: each statement's tables, as reads and writes. Pure.

Enters: SQL as a task holds it, placeholders and all. Leaves: events in a Reading, in the order of the statements, so that a table that a
task makes and drops again is seen to be its own affair.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlglot import Token, exp

from definitions.lineage.effects import Effect, effects
from definitions.lineage.model import NAME_CHARACTERS, Call, Table, TaskLineage, Unknown, Why
from definitions.lineage.names import NameIsParameter, Placeholders, table_of
from definitions.lineage.parser import Unparsed, parse, statements
from definitions.lineage.rewrite import rewritten
from definitions.lineage.targets import Op
from definitions.secrets import mask_text

MAX_UNKNOWN: Final = 200  # of one task; a sum would do for more
CHARACTERS: Final = 2_000_000  # read for one task at most: a text may be used more than once
_TEXT: Final = 50  # characters that a text counts for at least
_DETAIL: Final = 60


@dataclass(slots=True)
class Session:
    """A connection: the dialect, the kind of database, the data source's id and the database in use, "" where not known."""

    dialect: str
    system: str
    source: str = ""
    database: str = ""
    by_shell: frozenset[str] = frozenset()  # placeholders that stand for the output of a command


@dataclass(slots=True)
class Reading:
    """What was read of one task so far."""

    life: dict[Table, list[Op]] = field(default_factory=dict)
    temporary: set[Table] = field(default_factory=set)
    calls: set[Call] = field(default_factory=set)
    unknown: dict[Unknown, None] = field(default_factory=dict)  # in order
    left: int = CHARACTERS

    def note(self, op: Op, table: Table) -> None:
        if op is Op.TEMPORARY:
            if table in self.temporary:
                return
            self.temporary.add(table)
            if set(self.life.get(table, ())) == {Op.DROP}:  # DROP IF EXISTS, to begin anew
                del self.life[table]
        elif table not in self.temporary:
            self.life.setdefault(table, []).append(op)

    def path(self, op: Op, path: str, part: str, number: int) -> None:
        """Note files; an address may hold a key, which is hidden here, once, before it is kept anywhere."""
        shown = mask_text(path)
        if len(shown) > NAME_CHARACTERS:
            self.not_known(part, number, Why.NAME_TOO_LONG)
        else:
            self.note(op, Table("path", shown))

    def not_known(self, part: str, number: int, why: Why, detail: str = "") -> None:
        if len(self.unknown) < MAX_UNKNOWN:
            self.unknown[Unknown(part, number, why, mask_text(" ".join(detail.split()))[:_DETAIL])] = None

    def spend(self, characters: int) -> bool:
        """Whether a text of this length may still be read."""
        self.left -= max(characters, _TEXT)
        return self.left >= 0

    def result(self) -> TaskLineage:
        lasting = {table: ops for table, ops in self.life.items() if not _is_passing(ops)}
        return TaskLineage(
            reads=frozenset(table for table, ops in lasting.items() if Op.READ in ops),
            writes=frozenset(table for table, ops in lasting.items() if set(ops) - {Op.READ}),
            calls=frozenset(self.calls),
            unknown=tuple(self.unknown),
        )


def read_sql(reading: Reading, session: Session, sql: str, part: str, *, first: int = 1) -> int:
    """Read the statements of a text; return how many there were. Never raises."""
    if not reading.spend(len(sql)):
        reading.not_known(part, 0, Why.TOO_LARGE)
        return first
    stand_ins = Placeholders(sql)
    text = stand_ins.replace(sql)
    number = first
    try:
        for number, tokens in enumerate(statements(text, session.dialect), first):
            try:
                _read_statement(reading, session, tokens, text, stand_ins, part, number)
            except Unparsed as error:
                reading.not_known(part, number, error.why, _keyword(tokens, stand_ins))
                if tokens[0].text.upper() == "USE":
                    session.database = ""  # no longer what it was
    except Unparsed as error:
        reading.not_known(part, 0, error.why)
    return number


def _read_statement(
    reading: Reading, session: Session, tokens: list[Token], sql: str, stand_ins: Placeholders, part: str, number: int
) -> None:
    for piece, text in rewritten(tokens, sql, session.dialect):
        _check_shell(piece, session, stand_ins)
        tree = parse(piece, text, session.dialect)
        if isinstance(tree, exp.Use):
            _use(session, tree, stand_ins)
            continue
        _note_all(reading, session, effects(tree), stand_ins, part, number)


def _note_all(
    reading: Reading, session: Session, found: Iterable[Effect], stand_ins: Placeholders, part: str, number: int
) -> None:
    """All or nothing for the statement's shape; a name that is not known is listed and the others stand."""
    for effect in list(found):
        if effect.why is not None:
            reading.not_known(part, number, effect.why, stand_ins.restore(effect.text))
        elif effect.node is None:
            reading.path(effect.op, stand_ins.restore(effect.text), part, number)
        else:
            try:
                table = _table(session, effect.node, stand_ins)
            except NameIsParameter as error:
                reading.not_known(part, number, error.why, error.parameter)
                continue
            if table is not None:
                reading.note(effect.op, table)


def _table(session: Session, node: exp.Table, stand_ins: Placeholders) -> Table | None:
    return table_of(node, session.dialect, session.system, session.source, session.database, stand_ins)


def _use(session: Session, tree: exp.Use, stand_ins: Placeholders) -> None:
    node = tree.this
    kind = tree.args.get("kind")
    if not isinstance(node, exp.Table) or (kind is not None and kind.name.upper() not in ("DATABASE", "SCHEMA")):
        raise Unparsed(Why.STATEMENT)
    try:
        named = table_of(node, session.dialect, session.system, "", "", stand_ins)
    except NameIsParameter as error:
        session.database = error.parameter
    else:
        session.database = named.name if named else ""


def _check_shell(tokens: list[Token], session: Session, stand_ins: Placeholders) -> None:
    """The output of a command may stand inside a text value; anywhere else it may be any SQL at all."""
    for token in tokens if session.by_shell else ():
        if token.token_type.name != "STRING" and not session.by_shell.isdisjoint(stand_ins.placeholders(token.text)):
            raise Unparsed(Why.SHELL_EXPANSION)


def _keyword(tokens: list[Token], stand_ins: Placeholders) -> str:
    """Return what a statement begins with: enough to find it, nothing that could be a secret."""
    words = list(_words(tokens))
    return stand_ins.restore(" ".join(words)).upper() if words else ""


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens[:2]:
        if token.token_type.name in ("STRING", "NUMBER", "IDENTIFIER") or not token.text.isalpha():
            return
        yield token.text[:20]


def _is_passing(ops: list[Op]) -> bool:
    """Whether the task itself makes the table and drops it in the end: nobody else meets it."""
    own = ops[next((number for number, op in enumerate(ops) if op is not Op.DROP), len(ops)) :]
    return bool(own) and own[0] is Op.CREATE and own[-1] is Op.DROP
