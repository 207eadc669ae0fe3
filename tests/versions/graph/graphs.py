"""Workflows to draw, and what a drawing must hold."""

import random
import re

from definitions.canonical import canonicalise
from definitions.document import Document
from versions.graph.layout import HEIGHT, WIDTH

FIRST = 14_000_000_000_000


def document(edges, *, count=0, names=None, layout=None, tasks=None):
    """Return a document of tasks 1.. and edges (0 for a root); `layout` as {code: (x, y)}."""
    codes = range(1, max([count, *(code for edge in edges for code in edge)]) + 1)
    named = {code: {"name": (names or {}).get(code, f"task {code}"), "taskType": "SHELL"} for code in codes}
    return Document(
        name="orders",
        settings={},
        tasks={code: {**task, **(tasks or {}).get(code, {})} for code, task in named.items()},
        relations=[{"preTaskCode": a, "postTaskCode": b} for a, b in edges],
        layout={code: {"x": x, "y": y} for code, (x, y) in (layout or {}).items()},
    )


def big(count, *, seed=1, layout=None):
    """Return a canonical workflow of `count` tasks with codes as long as DolphinScheduler's."""
    chance = random.Random(seed)
    tasks = {
        FIRST + at: {"name": f"dwd_orders_每日_{at}", "taskType": chance.choice(["SQL", "SHELL", "SPARK"])}
        for at in range(count)
    }
    edges = [(FIRST + chance.randrange(max(0, at - 30), at), FIRST + at) for at in range(1, count)]
    relations = [{"preTaskCode": a, "postTaskCode": b} for a, b in edges]
    return canonicalise(Document("big", {}, tasks, relations, layout or {}), check=False).document


def overlaps(places):
    """Return pairs of boxes that lie on each other."""
    ordered = sorted(places.items(), key=lambda item: item[1])
    found = []
    for at, (code, (x, y)) in enumerate(ordered):
        for other, (other_x, other_y) in ordered[at + 1 :]:
            if other_x - x >= WIDTH:
                break
            if abs(other_y - y) < HEIGHT:
                found.append((code, other))
    return found


def ends(path):
    """Return where a path begins and where its line ends, before the head."""
    line, _, _ = path.partition("m")
    numbers = list(map(int, re.findall(r"-?\d+", re.match(r"M(-?\d+) (-?\d+)", line)[0])))
    x, y = start = tuple(numbers)
    for command, given in re.findall(r"([cCh])([^cCh]*)", line[1:]):
        values = list(map(int, re.findall(r"-?\d+", given)))
        if command == "h":
            x += values[0]
        elif command == "c":
            x, y = x + values[4], y + values[5]
        else:
            x, y = values[4], values[5]
    return start, (x, y)


def at_border(point, corner):
    """Whether a point lies on the border of the box with this top left corner."""
    x, y = point[0] - corner[0], point[1] - corner[1]
    inside = 0 <= x <= WIDTH and 0 <= y <= HEIGHT
    return inside and (x in (0, WIDTH) or y in (0, HEIGHT))
