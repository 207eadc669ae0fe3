"""Goals 1 to 3: canonical form and comparison, no database."""

import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import jsondiff

from definitions.canonical import Canonical, canonicalise
from definitions.compare import Comparison, compare
from dolphin.payloads import read_document
from tests.bench.timing import Result, side_by_side
from tests.bench.workloads import edited, raw_definition
from tests.definitions.documents import task_hashes

SIZES = (50, 200, 1000)
EDITS = 10


def results() -> Iterator[Result]:
    for count in SIZES:
        yield _canonical(count)
    for count in SIZES:
        yield _compare(count, edits=EDITS, goal=0.5)
    for count in SIZES:
        yield _compare(count, edits=count, goal=1.5)
    for count in SIZES:
        yield from _silent(count)
    yield _told_apart()
    yield _growth(edits=lambda count: EDITS, what="10 edits")
    yield _growth(edits=lambda count: count, what="all changed")


def _canonical(count: int) -> Result:
    raw = raw_definition(count)

    def ours() -> object:
        canonical = canonicalise(read_document(raw))
        return canonical.content_hash, task_hashes(canonical)

    def anchor() -> object:
        return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()

    return Result("1", f"canonical form and hashes, {count} tasks", *side_by_side(ours, anchor), 1.35)


def _compare(count: int, *, edits: int, goal: float) -> Result:
    left, right = _pair(count, edits)
    keyed = _keyed(left), _keyed(right)
    ours = _comparing(left, right)
    assert len(ours().changes) == edits
    what = "all tasks changed" if edits == count else f"{edits} edits"
    # The shortest of them takes a fraction of a millisecond: many rounds, or the clock decides.
    times = side_by_side(ours, lambda: jsondiff.diff(*keyed, syntax="symmetric"), rounds=3_000 // count + 9)
    return Result("2", f"difference of {what}, {count} tasks", *times, goal)


def _silent(count: int) -> Iterator[Result]:
    """Another order, and a publish without a change: no difference at all, and both are told by hashes alone."""
    raw = raw_definition(count)
    left = canonicalise(read_document(raw))
    for what, body in (("another order", _shuffled(raw)), ("a publish of the same", _saved_again(raw))):
        right = canonicalise(read_document(body))
        found = len(_comparing(left, right)().changes) + (left.content_hash != right.content_hash)
        yield Result("2", f"changes found in {what}, {count} tasks", found, 1, 0, "")


def _told_apart() -> Result:
    """1, 1.0 and true are three values: each pair of them is a change."""
    raw = raw_definition(50)
    found = 0
    for before, after in ((1, 1.0), (1, True), (1.0, True), (0, False)):
        left, right = (canonicalise(read_document(_with_value(raw, value))) for value in (before, after))
        found += len(_comparing(left, right)().changes)
    return Result("2", "pairs of 1, 1.0, true and of 0, false told apart", found, 4, 1, "", at_least=True)


def _growth(*, edits: Callable[[int], int], what: str) -> Result:
    large, small = (_comparing(*_pair(count, edits(count))) for count in (1000, 200))
    return Result("3", f"difference of {what}, 1000 tasks beside 200", *side_by_side(large, small, rounds=25), 6)


def _pair(count: int, edits: int) -> tuple[Canonical, Canonical]:
    raw = raw_definition(count)
    left, right = (canonicalise(read_document(body)) for body in (raw, edited(raw, edits=edits, seed=1)))
    return left, right


def _comparing(left: Canonical, right: Canonical) -> Callable[[], Comparison]:
    """Compare as every page does: by the tasks' hashes, which are stored."""
    hashes = task_hashes(left), task_hashes(right)

    def run() -> Comparison:
        same = {code for code, digest in hashes[0].items() if hashes[1].get(code) == digest}
        return compare(left.document, right.document, same_tasks=same)

    return run


def _keyed(canonical: Canonical) -> dict[str, object]:
    return {str(code): task for code, task in canonical.document.tasks.items()}


def _shuffled(raw: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    rng = random.Random(1)
    rng.shuffle(changed["taskDefinitionList"])
    rng.shuffle(changed["processTaskRelationList"])
    changed["taskDefinitionList"] = [dict(reversed(task.items())) for task in changed["taskDefinitionList"]]
    return changed


def _saved_again(raw: dict[str, Any]) -> dict[str, Any]:
    """What DolphinScheduler itself changes when the same is saved again: numbers of rows, versions, times, who."""
    changed = copy.deepcopy(raw)
    changed["processDefinition"] |= {"id": 77, "version": 8, "updateTime": "2026-11-25 09:00:00", "userName": "admin"}
    for task in changed["taskDefinitionList"]:
        task |= {"id": task["id"] + 9_000, "version": task["version"] + 1, "updateTime": "2026-11-25 09:00:00"}
    for relation in changed["processTaskRelationList"]:
        relation |= {"preTaskVersion": 1, "postTaskVersion": 2}
    return changed


def _with_value(raw: dict[str, Any], value: object) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    changed["taskDefinitionList"][7]["taskParams"]["limit"] = value
    return changed
