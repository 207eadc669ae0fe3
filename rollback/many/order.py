"""Children first: the order in which many workflows go back, by who uses whom. Pure.

A workflow that others call as a sub-workflow, or wait for, goes back before them. Where they use each other in a circle, the circle is cut
at the same place each time, and told.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Order(Generic[Node]):
    """`waits_for`: {node: those it uses and that come before it}; `circles`: nodes that use each other, in the order of the sequence."""

    sequence: list[Node]
    waits_for: dict[Node, list[Node]]
    circles: list[list[Node]]


def children_first(nodes: Sequence[Node], uses: Mapping[Node, Collection[Node]]) -> Order[Node]:
    """Order the nodes so that each comes after those it uses. What is used and is no node here is passed over, and so is oneself.

    As far as this allows, and inside a circle, the given order holds.
    """
    known = set(nodes)
    rank = {node: number for number, node in enumerate(nodes)}
    used = {node: sorted({*uses.get(node, ())} & known - {node}, key=rank.__getitem__) for node in nodes}
    groups = [sorted(group, key=rank.__getitem__) for group in _knots(nodes, used)]
    sequence = [node for group in groups for node in group]
    place = {node: number for number, node in enumerate(sequence)}
    waits_for = {node: [child for child in used[node] if place[child] < place[node]] for node in sequence}
    return Order(sequence, waits_for, [group for group in groups if len(group) > 1])


def _knots(nodes: Sequence[Node], used: Mapping[Node, Sequence[Node]]) -> list[list[Node]]:
    """Return the strongly connected groups, those that are used first: Tarjan's way, without recursion, since chains may be long."""
    found: list[list[Node]] = []
    number: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    open_nodes: list[Node] = []
    is_open: set[Node] = set()
    for start in nodes:
        path = [(start, 0)] if start not in number else []
        while path:
            node, step = path.pop()
            if step == 0:
                number[node] = lowest[node] = len(number)
                open_nodes.append(node)
                is_open.add(node)
            else:
                lowest[node] = min(lowest[node], lowest[used[node][step - 1]])
            step = _skip(used[node], step, node, number, lowest, is_open)
            if step < len(used[node]):
                path += [(node, step + 1), (used[node][step], 0)]
            elif lowest[node] == number[node]:
                found.append(_close(node, open_nodes, is_open))
    return found


def _skip(
    children: Sequence[Node],
    step: int,
    node: Node,
    number: Mapping[Node, int],
    lowest: dict[Node, int],
    is_open: Collection[Node],
) -> int:
    """Return the place of the next child that was not visited; those visited and still open lower the node's mark."""
    while step < len(children) and children[step] in number:
        if children[step] in is_open:
            lowest[node] = min(lowest[node], number[children[step]])
        step += 1
    return step


def _close(node: Node, open_nodes: list[Node], is_open: set[Node]) -> list[Node]:
    group: list[Node] = []
    while not group or group[-1] != node:
        group.append(open_nodes.pop())
        is_open.discard(group[-1])
    return group
