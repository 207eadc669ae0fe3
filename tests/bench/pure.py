"""Goals 1 and 2: canonical form and comparison, no database."""

import hashlib
import json
from collections.abc import Iterator

import jsondiff

from definitions.canonical import Canonical, canonicalise
from definitions.compare import compare
from dolphin.payloads import read_document
from tests.bench.timing import Result, side_by_side
from tests.bench.workloads import edited, raw_definition


def results() -> Iterator[Result]:
    for count in (50, 200, 1000):
        yield _canonical(count)
    for count in (50, 200, 1000):
        yield _compare(count)


def _canonical(count: int) -> Result:
    raw = raw_definition(count)

    def ours() -> object:
        canonical = canonicalise(read_document(raw))
        return canonical.content_hash, canonical.task_hashes()

    def anchor() -> object:
        return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()

    return Result("1", f"canonical form and hashes, {count} tasks", *side_by_side(ours, anchor), 1.35)


def _compare(count: int) -> Result:
    raw = raw_definition(count)
    left, right = (canonicalise(read_document(body)) for body in (raw, edited(raw, edits=10, seed=1)))
    hashes = left.task_hashes(), right.task_hashes()
    keyed = _keyed(left), _keyed(right)

    def ours() -> object:
        same = {code for code, digest in hashes[0].items() if hashes[1].get(code) == digest}
        return compare(left.document, right.document, same_tasks=same)

    def anchor() -> object:
        return jsondiff.diff(*keyed, syntax="symmetric")

    assert len(compare(left.document, right.document).changes) == 10
    return Result("2", f"difference of 10 edits, {count} tasks", *side_by_side(ours, anchor), 0.5)


def _keyed(canonical: Canonical) -> dict[str, object]:
    return {str(code): task for code, task in canonical.document.tasks.items()}
