"""Which tables an UPDATE or DELETE of several changes. Pure.

MySQL names the changed ones in SET or before FROM, SQL Server by an alias of a later FROM: the first table is not always it.
"""

from enum import Enum, auto

from sqlglot import exp

from definitions.lineage.model import Why
from definitions.lineage.parser import Unparsed


class Op(Enum):
    READ = auto()
    WRITE = auto()
    CREATE = auto()
    DROP = auto()
    TEMPORARY = auto()  # made for the session only


# What a statement's own rules say of a node, by its id.
Decided = dict[int, tuple[Op, ...]]


def updated(tree: exp.Expr) -> Decided:
    target = tree.this
    if not isinstance(target, exp.Table):
        raise Unparsed(Why.TARGET)
    beside = _joined(target)
    others = [*beside, *_sources(tree.args.get("from_"))]
    alias = _by_alias(others).get(target.name.lower()) if not target.db else None
    if alias is not None and alias is not target:  # SQL Server: UPDATE t .. FROM a AS t
        return {id(target): (), id(alias): (Op.WRITE,)}
    if not beside:
        return {id(target): (Op.WRITE,)}
    named = _by_alias([target, *beside])
    changed = set()
    for pair in tree.expressions:
        column = pair.this
        found = named.get(column.table.lower()) if isinstance(column, exp.Column) and column.table else None
        if found is None:
            raise Unparsed(Why.TARGET)
        changed.add(id(found))
    return {id(node): (Op.WRITE,) if id(node) in changed else (Op.READ,) for node in named.values()}


def deleted(tree: exp.Expr) -> Decided:
    target = tree.this
    listed = tree.args.get("tables") or []
    using = tree.args.get("using") or []
    if not isinstance(target, exp.Table):
        raise Unparsed(Why.TARGET)
    beside = [node for row in [target, *using] if isinstance(row, exp.Table) for node in (row, *_joined(row))]
    named = _by_alias(beside)
    if not listed:
        alias = _by_alias([node for node in beside if node is not target]).get(target.name.lower())
        if alias is not None and not target.db:
            return {id(target): (), id(alias): (Op.WRITE,)}
        return {id(target): (Op.WRITE,)}
    decided: Decided = {}
    for node in listed:
        found = named.get(node.name.lower())
        decided[id(node)] = () if found is not None else (Op.WRITE,)
        if found is not None:
            decided[id(found)] = (Op.WRITE,)
    return decided


def _joined(node: exp.Expr) -> list[exp.Table]:
    return [join.this for join in node.args.get("joins") or [] if isinstance(join.this, exp.Table)]


def _sources(source: exp.Expr | None) -> list[exp.Table]:
    if source is None or not isinstance(source.this, exp.Table):
        return []
    return [source.this, *_joined(source.this)]


def _by_alias(nodes: list[exp.Table]) -> dict[str, exp.Table]:
    return {node.alias_or_name.lower(): node for node in nodes}
