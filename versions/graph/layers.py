"""What comes before what: the layers of a graph, its pieces, and its cycles broken. Pure and deterministic."""

from collections.abc import Iterable

Pair = tuple[int, int]  # two tasks, the earlier first


def ranks(codes: Iterable[int], pairs: Iterable[Pair]) -> dict[int, int]:
    """Return the layer of each code, 0 at the left, for any graph."""
    known, edges = numbered(codes, pairs)
    nodes = list(range(len(known)))
    return {known[at]: layer for at, layer in layers(nodes, without_cycles(nodes, edges)).items()}


def numbered(codes: Iterable[int], pairs: Iterable[Pair]) -> tuple[list[int], list[Pair]]:
    """Return the codes in order, and the edges by places in it: each once, none to itself or to an unknown code."""
    known = sorted(set(codes))
    index = {code: at for at, code in enumerate(known)}
    return known, sorted({(index[a], index[b]) for a, b in pairs if a in index and b in index and a != b})


def pieces(count: int, edges: list[Pair]) -> list[tuple[list[int], list[Pair]]]:
    """Return the connected pieces, the greatest first, single boxes last."""
    near = _neighbours(count, [*edges, *((b, a) for a, b in edges)])
    piece_of = [-1] * count
    nodes: list[list[int]] = []
    for start in range(count):
        if piece_of[start] < 0:
            piece_of[start] = len(nodes)
            found = [start]
            for at in found:  # grows while it is read
                for other in near[at]:
                    if piece_of[other] < 0:
                        piece_of[other] = len(nodes)
                        found.append(other)
            nodes.append(sorted(found))
    own: list[list[Pair]] = [[] for _ in nodes]
    for edge in edges:
        own[piece_of[edge[0]]].append(edge)
    return sorted(zip(nodes, own, strict=True), key=lambda piece: -len(piece[0]))


def _neighbours(count: int, edges: Iterable[Pair]) -> list[list[int]]:
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        near[a].append(b)
    return near


def without_cycles(nodes: list[int], edges: list[Pair]) -> list[Pair]:
    """Drop the edges that lead back in a walk in depth; roots are walked from first."""
    after: dict[int, list[int]] = {at: [] for at in nodes}
    for a, b in edges:
        after[a].append(b)
    targets = {b for _, b in edges}
    open_now: set[int] = set()
    done: set[int] = set()
    back: set[Pair] = set()
    for root in sorted(nodes, key=lambda at: (at in targets, at)):
        trail = [] if root in done else [(root, iter(after[root]))]
        while trail:
            at, rest = trail[-1]
            open_now.add(at)
            for other in rest:
                if other in open_now:
                    back.add((at, other))
                elif other not in done:
                    trail.append((other, iter(after[other])))
                    break
            else:
                trail.pop()
                open_now.discard(at)
                done.add(at)
    return [edge for edge in edges if edge not in back]


def layers(nodes: list[int], edges: list[Pair]) -> dict[int, int]:
    """Return the layer of each: the longest path to it; what has no forerunner stands right before what follows it."""
    after: dict[int, list[int]] = {at: [] for at in nodes}
    waits = dict.fromkeys(nodes, 0)
    for a, b in edges:
        after[a].append(b)
        waits[b] += 1
    roots = [at for at in nodes if not waits[at]]
    layer_of = dict.fromkeys(nodes, 0)
    ready = list(roots)
    for at in ready:  # grows while it is read
        for other in after[at]:
            layer_of[other] = max(layer_of[other], layer_of[at] + 1)
            waits[other] -= 1
            if not waits[other]:
                ready.append(other)
    for at in roots:
        layer_of[at] = min((layer_of[other] for other in after[at]), default=1) - 1
    return layer_of
