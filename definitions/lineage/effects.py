"""What a parsed statement does to which tables. Pure; the grammar of thirty dialects as sqlglot gives it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from definitions.lineage.ctes import Ctes
from definitions.lineage.model import Why, word_set
from definitions.lineage.parser import Unparsed
from definitions.lineage.targets import Decided, Op, deleted, updated


@dataclass(frozen=True, slots=True)
class Effect:
    """On the table a node names; on the path `text` where there is no node; or, with `why`, something not known."""

    op: Op
    node: exp.Table | None = None
    text: str = ""
    why: Why | None = None


# Statements that touch no table's rows. EXPLAIN and the like only look at the plan.
_QUIET: Final = word_set(
    "Set Describe Analyze Transaction Commit Rollback Comment Grant Revoke Show Pragma Declare Semicolon Kill Uncache"
)
_QUIET_COMMANDS: Final = word_set(
    "SHOW SET ADD LIST RESET EXPLAIN DESC DESCRIBE ANALYZE OPTIMIZE VACUUM MSCK REFRESH INVALIDATE LOCK UNLOCK RELOAD CHECKPOINT"
    " GRANT REVOKE COMMENT CHECK FLUSH KILL COMMIT ROLLBACK"
)
_TRANSACTION: Final = frozenset({"", "TRANSACTION", "TRAN", "WORK"})  # what may follow BEGIN, START and END
_READING: Final = word_set(
    "Select Union Except Intersect Subquery Values Insert MultitableInserts Merge Copy LoadData Cache"
)
# Functions in FROM that make rows of their arguments alone.
_PLAIN_FUNCTIONS: Final = word_set(
    "RANGE GENERATE_SERIES GENERATESERIES UNNEST EXPLODE POSEXPLODE EXPLODE_OUTER POSEXPLODE_OUTER NUMBERS ZEROS VALUES JSON_TABLE"
    " JSONTABLE JSON_EACH JSON_ARRAY_ELEMENTS STRING_SPLIT REGEXP_SPLIT_TO_TABLE SEQUENCE FLATTEN INLINE STACK JSON_TUPLE OPENJSON"
)
_NO_TABLE: Final = frozenset(
    [
        *(("Index", "table"), ("OnProperty", "this")),  # of an index
        *(
            ("JoinHint", "expressions"),
            ("Hint", "expressions"),
            ("Lock", "expressions"),
        ),  # aliases of the statement's own tables
        ("Reference", "this"),  # of a foreign key
    ]
)
_WRITES: Final = {
    ("Insert", "this"): Op.WRITE,
    ("Merge", "this"): Op.WRITE,
    ("Delete", "this"): Op.WRITE,  # those inside a WITH; at the top their own rules decide
    ("Update", "this"): Op.WRITE,
    ("ToTableProperty", "this"): Op.WRITE,
    ("Alter", "this"): Op.WRITE,
    ("TruncateTable", "expressions"): Op.WRITE,
    ("LoadData", "this"): Op.WRITE,
    ("Refresh", "this"): Op.WRITE,
    ("Drop", "tables"): Op.DROP,
    ("Drop", "this"): Op.DROP,
}
_FILES: Final = frozenset({"parquet", "orc", "csv", "json", "text", "avro", "delta", "binaryfile"})


def effects(tree: exp.Expr) -> Iterator[Effect]:
    """Yield what a statement does. Raises Unparsed where that is not known."""
    name = type(tree).__name__
    if name in _QUIET:
        yield from _asked(tree) if name in ("Set", "Declare") else ()
        return
    if isinstance(tree, exp.Command) and _is_quiet(tree):
        return
    if tree.find(exp.Command) is not None:
        raise Unparsed(Why.STATEMENT)
    special = _SPECIAL.get(name)
    if special is None and name not in _READING:
        raise Unparsed(Why.STATEMENT)
    decided = special(tree) if special else {}
    if decided is None:
        return
    yield from _paths(tree)
    ctes = Ctes()
    for node in tree.find_all(exp.Table):
        yield from _of_node(node, decided, ctes)


def _asked(tree: exp.Expr) -> Iterator[Effect]:
    """What the value of a variable is asked from."""
    ctes = Ctes()
    for select in tree.walk(prune=lambda node: isinstance(node, exp.Select)):
        if isinstance(select, exp.Select):
            for node in select.find_all(exp.Table):
                yield from _of_node(node, {}, ctes)


def _is_quiet(command: exp.Command) -> bool:
    word, *more = f"{command.name} {command.text('expression')}".upper().split()
    if word in ("BEGIN", "START", "END"):
        return " ".join(more) in _TRANSACTION
    return word in _QUIET_COMMANDS and not (word == "EXPLAIN" and "ANALYZE" in more[0:1])  # that one runs


def _of_node(node: exp.Table, decided: Decided, ctes: Ctes) -> Iterator[Effect]:
    if id(node) in decided:
        ops: tuple[Op, ...] = decided[id(node)]
    else:
        ops = _ops(node)
    if not ops or _is_session_own(node):
        return
    if not node.name or isinstance(node.this, exp.Func | exp.Anonymous):
        yield from _function(node)
    elif Op.READ in ops and not node.db and ctes.names(node):
        return
    elif node.db.lower() in _FILES and "/" in node.name:
        yield from (Effect(op, text=node.name) for op in ops)
    else:
        if ops[0] is not Op.READ and not node.db and ctes.names(node):
            raise Unparsed(Why.TARGET)
        yield from (Effect(op, node) for op in ops)


def _ops(node: exp.Table) -> tuple[Op, ...]:
    parent, key = node.parent, node.arg_key
    if isinstance(parent, exp.Schema):
        key, parent = parent.arg_key, parent.parent
    assert parent is not None  # noqa: S101  a statement is around it
    place = (type(parent).__name__, key or "")
    if place in _NO_TABLE:
        return ()
    if place in _WRITES:
        return (_WRITES[place],)
    match place:
        case ("Create", "this"):
            assert isinstance(parent, exp.Create)  # noqa: S101  by its name
            return (Op.TEMPORARY,) if _is_temporary(parent) else (Op.CREATE,)
        case ("Into", "this"):
            return (Op.TEMPORARY,) if parent.args.get("temporary") else (Op.CREATE,)
        case ("Cache", "this"):
            return (Op.TEMPORARY,)
        case ("AlterRename", "this"):
            return (Op.CREATE,)
        case ("SwapTable", "this"):
            return (Op.READ, Op.WRITE)
        case _:
            return (Op.READ,)


def _is_temporary(create: exp.Create) -> bool:
    properties = create.args.get("properties")
    return properties is not None and properties.find(exp.TemporaryProperty, exp.GlobalProperty) is not None


def _is_session_own(node: exp.Table) -> bool:
    """SQL Server's #t, and table variables."""
    return bool(node.this.args.get("temporary") or node.this.args.get("global_")) or isinstance(
        node.this, exp.Parameter
    )


def _function(node: exp.Table) -> Iterator[Effect]:
    function = node.this
    name = function.name if isinstance(function, exp.Anonymous) else type(function).__name__
    if name.upper() not in _PLAIN_FUNCTIONS:
        yield Effect(Op.READ, text=name.lower(), why=Why.TABLE_FUNCTION)


def _paths(tree: exp.Expr) -> Iterator[Effect]:
    """Directories and files a statement names as such."""
    for directory in tree.find_all(exp.Directory):
        yield Effect(Op.WRITE, text=_path(directory.this, local=bool(directory.args.get("local"))))
    if isinstance(tree, exp.LoadData):
        yield Effect(Op.READ, text=_path(tree.args["inpath"], local=bool(tree.args.get("local"))))
    for insert in tree.find_all(exp.Insert):
        if isinstance(insert.this, exp.Func | exp.Anonymous):
            yield Effect(Op.WRITE, text=insert.this.name.lower(), why=Why.TABLE_FUNCTION)


def _path(literal: exp.Expr, *, local: bool) -> str:
    return f"file:{literal.name}" if local else literal.name


def _create(tree: exp.Expr) -> Decided | None:
    kind = str(tree.args.get("kind", "")).upper()
    if kind in ("TABLE", "VIEW"):
        return {}
    if kind in ("DATABASE", "SCHEMA", "INDEX", "SEQUENCE", "TEMPORARY FUNCTION") or (
        kind == "FUNCTION" and tree.expression is None
    ):
        return None
    if kind == "FUNCTION" and isinstance(tree.expression, exp.Literal):  # Hive's: a class by its name
        return None
    raise Unparsed(Why.STATEMENT)


def _drop(tree: exp.Expr) -> Decided | None:
    kind = str(tree.args.get("kind", "")).upper()
    if kind in ("TABLE", "VIEW", "MATERIALIZED VIEW"):
        return {}
    if kind in ("INDEX", "FUNCTION", "SEQUENCE"):
        return None
    raise Unparsed(Why.STATEMENT)  # a database or a procedure: what falls with it is not said


def _alter(tree: exp.Expr) -> Decided:
    if str(tree.args.get("kind", "TABLE")).upper() not in ("TABLE", "VIEW"):
        raise Unparsed(Why.STATEMENT)
    if tree.find(exp.AlterRename) is not None and isinstance(tree.this, exp.Table):
        return {id(tree.this): (Op.READ, Op.DROP)}
    if tree.find(exp.SwapTable) is not None and isinstance(tree.this, exp.Table):
        return {id(tree.this): (Op.READ, Op.WRITE)}
    return {}


def _refresh(tree: exp.Expr) -> Decided | None:
    """A materialised view is filled; REFRESH TABLE only forgets what was cached."""
    return {} if str(tree.args.get("kind", "")).upper() == "MATERIALIZED VIEW" else None


def _copy(tree: exp.Expr) -> Decided:
    return {id(tree.this): (Op.WRITE,)} if tree.args.get("kind") and isinstance(tree.this, exp.Table) else {}


_SPECIAL: Final[dict[str, Callable[[exp.Expr], Decided | None]]] = {
    "Create": _create,
    "Drop": _drop,
    "Alter": _alter,
    "Refresh": _refresh,
    "Copy": _copy,
    "Update": updated,
    "Delete": deleted,
    "TruncateTable": lambda tree: {},
}
