"""Which bare names are those of a WITH around them. Pure; each node is gone up from once, however deep the tree."""

from dataclasses import dataclass

from sqlglot import exp


@dataclass(frozen=True, slots=True)
class _Scope:
    """Names by their place in the list; those below `limit` can be seen."""

    names: dict[str, int]
    limit: int
    around: "_Scope | None"


class Ctes:
    """Of one statement."""

    def __init__(self) -> None:
        self._scopes: dict[int, _Scope | None] = {}
        self._lists: dict[int, dict[str, int]] = {}

    def names(self, node: exp.Table) -> bool:
        """Whether a bare name is that of a WITH around it: of its body, or of a later part of the same list."""
        name = node.name.lower()
        scope = self._scope(node)
        while scope is not None:
            if scope.names.get(name, scope.limit) < scope.limit:
                return True
            scope = scope.around
        return False

    def _scope(self, node: exp.Expr) -> _Scope | None:
        way: list[exp.Expr] = []
        at: exp.Expr | None = node
        while at is not None and id(at) not in self._scopes:
            way.append(at)
            at = at.parent
        scope = self._scopes[id(at)] if at is not None else None
        for inside in reversed(way):
            scope = self._scopes[id(inside)] = self._within(inside, scope)
        return scope

    def _within(self, inside: exp.Expr, around: _Scope | None) -> _Scope | None:
        parent = inside.parent
        if parent is None:
            return None
        if isinstance(parent, exp.With):
            own = 1 if parent.args.get("recursive") else 0
            return _Scope(self._list(parent), (inside.index or 0) + own, around)
        listed = parent.args.get("with_")
        if listed is None or listed is inside:
            return around
        return _Scope(self._list(listed), len(listed.expressions), around)

    def _list(self, listed: exp.Expr) -> dict[str, int]:
        found = self._lists.get(id(listed))
        if found is None:
            found = self._lists[id(listed)] = {}
            for number, cte in enumerate(listed.expressions):
                found.setdefault(cte.alias.lower(), number)
        return found
