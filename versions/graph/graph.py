"""The graph of a workflow as a page draws it: boxes and lines with their marks. Pure functions of documents in canonical form.

Only names and types are shown; names hold anything, so secrets in them are masked and the template escapes them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from definitions.compare import Comparison, Kind
from definitions.document import Document
from snapshotter.masking import masked_value
from versions.changed_parts import TASK_MARKS
from versions.graph.edges import line
from versions.graph.layers import Pair, ranks
from versions.graph.layout import HEIGHT, WIDTH, Point
from versions.graph.names import cut
from versions.graph.parts import MARKS, Edge, Graph, Node
from versions.graph.places import Standing, standing
from versions.graph.scope import drawn, near
from versions.graph.taken import Taken

_CELLS: Final = 25  # what a box holds of a name; a Chinese character takes two
_SOUGHT: Final = 1_000  # up to so many boxes lines look for a way round those between
_MARGIN: Final = 32  # around all


def graph_of(document: Document, *, marks: Mapping[int, str] | None = None) -> Graph:
    """Return the graph of one document; `marks` by task code: A, D or M."""
    part = drawn(frozenset(document.tasks), frozenset(marks or ()), (), whole=True, compared=False)
    sheet = standing(document, document, part)
    side = _Side("", document, sheet.after, marks or {}, Counter(), frozenset(document.tasks))
    (graph,) = _framed(_graph(side, sheet))
    return graph


def graphs_of(left: Document, right: Document, comparison: Comparison, *, whole: bool = False) -> tuple[Graph, Graph]:
    """Return before and after on one sheet: a task that wasn't moved stands at the same place, and the view box is the same.

    `whole` False: of more than 300 tasks only what changed and what is near it.
    """
    marks = {change.task or 0: TASK_MARKS[change.kind] for change in comparison.of(*TASK_MARKS)}
    edges = {kind: _pairs_of(comparison, kind) for kind in (Kind.RELATION_REMOVED, Kind.RELATION_ADDED)}
    changed = frozenset(marks) | {code for pairs in edges.values() for pair in pairs for code in pair if code}
    pairs = {_pair(relation) for document in (left, right) for relation in document.relations}
    codes = frozenset(left.tasks) | frozenset(right.tasks)
    sheet = standing(left, right, drawn(codes, changed & codes, pairs, whole=whole, compared=True))
    close = near(changed, pairs, hops=1)
    before = _Side("before", left, sheet.before, marks, edges[Kind.RELATION_REMOVED], close)
    after = _Side("after", right, sheet.after, marks, edges[Kind.RELATION_ADDED], close)
    first, second = _framed(_graph(before, sheet), _graph(after, sheet))
    return first, second


@dataclass(frozen=True, slots=True)
class _Side:
    """A document and what is known of it: corners, marks of tasks, changed edges (A or D by the side), codes near a change."""

    name: str
    document: Document
    places: Mapping[int, Point]
    marks: Mapping[int, str]
    changed: Counter[Pair]
    close: frozenset[int]
    names: dict[int, str] = field(default_factory=dict)  # masked ones, as far as they were asked for

    def name_of(self, code: int) -> str:
        if code not in self.names:
            self.names[code] = " ".join(masked_value(str(self.document.tasks[code].get("name", ""))).split())
        return self.names[code]


def _pair(relation: Mapping[str, Any]) -> Pair:
    return relation["preTaskCode"], relation["postTaskCode"]


def _pairs_of(comparison: Comparison, kind: Kind) -> Counter[Pair]:
    return Counter(_pair(change.after or change.before) for change in comparison.of(kind))


def _framed(*graphs: Graph) -> list[Graph]:
    """Give graphs of one sheet the same view box, around all boxes and lines."""
    corners = [(node.x, node.y) for graph in graphs for node in graph.nodes] or [(0, 0)]
    middles = [(edge.mid_x - WIDTH // 2, edge.mid_y - HEIGHT // 2) for graph in graphs for edge in graph.edges]
    xs, ys = zip(*corners, *middles, strict=True)
    left, top = min(xs) - _MARGIN, min(ys) - _MARGIN
    box = left, top, max(xs) + WIDTH + _MARGIN - left, max(ys) + HEIGHT + _MARGIN - top
    return [replace(graph, box=box) for graph in graphs]


def _graph(side: _Side, sheet: Standing) -> Graph:
    tasks = side.document.tasks
    pairs = Counter(pair for pair in map(_pair, side.document.relations) if pair[0])
    order = _order(side.places, pairs)
    followers: dict[int, list[str]] = {}
    for a, b in pairs:
        if a in side.places and b in tasks:
            followers.setdefault(a, []).append(side.name_of(b))
    nodes = tuple(_node(code, side, tuple(followers.get(code, ()))) for code in order)
    marks = Counter(side.marks[code] for code in tasks if code in side.marks)
    return Graph(
        nodes,
        tuple(_edges(side, sheet, order, pairs)),
        tasks=len(tasks),
        dependencies=pairs.total(),
        left_out=len(tasks) - len(nodes),
        loose=sum(count for pair, count in pairs.items() if not (pair[0] in tasks and pair[1] in tasks)),
        counts={word: marks[mark] for mark, word in MARKS.items()},
        is_ours=sheet.is_ours,
        name=side.name,
    )


def _order(places: Mapping[int, Point], pairs: Iterable[Pair]) -> list[int]:
    """Return the codes as one steps through them: forerunners first, from top to bottom."""
    layer_of = ranks(places, pairs)
    return sorted(places, key=lambda code: (layer_of[code], places[code][1], code))


def _node(code: int, side: _Side, followers: tuple[str, ...]) -> Node:
    task = side.document.tasks[code]
    title = side.name_of(code)
    mark = side.marks.get(code, "")
    x, y = side.places[code]
    return Node(
        code,
        cut(title, _CELLS - 3 if mark else _CELLS),
        title,
        str(task.get("taskType", "")),
        x,
        y,
        mark,
        is_disabled=task.get("flag") == "NO",
        far=code not in side.close,
        is_link=not side.name or bool(mark),
        followers=followers,
    )


def _edges(side: _Side, sheet: Standing, order: list[int], pairs: Counter[Pair]) -> Iterable[Edge]:
    """Yield one line per pair; doubled dependencies are one line that says so."""
    place_of = {code: place for place, code in enumerate(order)}
    seeks = not sheet.is_ours and len(order) <= _SOUGHT  # a layout of ours has passages
    taken = Taken(side.places.values()) if seeks else None
    sign = "D" if side.name == "before" else "A"
    for (a, b), count in sorted(pairs.items()):
        if a in place_of and b in place_of:
            path, middle = line(side.places[a], side.places[b], sheet.bends.get((a, b), ()), taken)
            yield Edge(
                path,
                " → ".join(map(side.name_of, (a, b))) + (f" ({count}×)" if count > 1 else ""),
                f"{place_of[a]} {place_of[b]}",
                *middle,
                mark=sign if (a, b) in side.changed else "",
                far=not (a in side.close and b in side.close),
            )
