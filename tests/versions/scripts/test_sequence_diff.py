"""Steps from one sequence to another: right for any two, small for ordinary edits, and ready at all for hostile ones."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.canonical import canonicalise, from_c1
from definitions.compare import compare
from snapshotter.models import Snapshot
from tests.definitions.documents import c1
from versions.comparison import Side
from versions.exports.export import export
from versions.scripts import sequence_diff
from versions.scripts.sequence_diff import PAGE, Cells, opcodes
from versions.tasks_diff import tasks_diff
from versions.wording.sentences import sentences

texts = st.lists(st.sampled_from(["", "a", "b", "c", "x1", "x2", "x3", "x4", "x5"]), max_size=40)


@given(texts, texts)
def test_the_steps_lead_from_left_to_right(left, right):
    made, i, j = [], 0, 0
    for tag, i1, i2, j1, j2 in opcodes(left, right):
        assert (i1, j1) == (i, j), "no gap, no overlap"
        assert (i2 > i1 or j2 > j1) and tag == {
            (True, True): "equal" if left[i1:i2] == right[j1:j2] else "replace",
            (True, False): "delete",
            (False, True): "insert",
        }[i2 > i1, j2 > j1]
        made += right[j1:j2] if tag in ("replace", "insert", "equal") else []
        i, j = i2, j2
    assert (i, j, made) == (len(left), len(right), right)


@given(texts)
def test_equal_is_one_step(items):
    assert opcodes(items, items) == ([("equal", 0, len(items), 0, len(items))] if items else [])


def test_an_ordinary_edit_is_small():
    left = [f"line {number}" for number in range(2_000)]
    right = [*left[:700], "new", *left[700:1500], *left[1501:]]
    assert opcodes(left, right) == [
        ("equal", 0, 700, 0, 700),
        ("insert", 700, 700, 700, 701),
        ("equal", 700, 1500, 701, 1501),
        ("delete", 1500, 1501, 1501, 1501),
        ("equal", 1501, 2000, 1501, 2000),
    ]


def test_a_moved_block_keeps_the_longer_part():
    assert opcodes(list("abcdefgh"), list("efghabcdXYZ".replace("XYZ", ""))) in (
        [("insert", 0, 0, 0, 4), ("equal", 0, 4, 4, 8), ("delete", 4, 8, 8, 8)],
        [("delete", 0, 4, 0, 0), ("equal", 4, 8, 0, 4), ("insert", 8, 8, 4, 8)],
    )


@pytest.fixture
def looked_at(monkeypatch):
    """What difflib was given, in cells."""
    seen = []

    class Counting(SequenceMatcher):
        def __init__(self, isjunk, left, right, **options):
            seen.append(len(left) * len(right))
            super().__init__(isjunk, left, right, **options)

    monkeypatch.setattr(sequence_diff, "SequenceMatcher", Counting)
    return seen


def hostile(middle, gaps=400):
    """An anchor every hundred lines, and between them nothing that stands once."""
    return "".join(f"anchor {gap}\n" + "".join(f"{line}\n" for line in middle * 33) for gap in range(gaps))


BEFORE, AFTER = hostile("abc"), hostile("acb")


def test_all_gaps_of_a_text_are_bounded_together(looked_at):
    steps = opcodes(BEFORE.split("\n"), AFTER.split("\n"))
    assert PAGE * 0.9 < sum(looked_at) <= PAGE
    assert sum(i2 - i1 for tag, i1, i2, _, _ in steps if tag == "equal") > 400, "anchors hold all the same"


def scripts(text):
    return canonicalise(from_c1(c1({code: f"{text}{code}" for code in range(1, 11)}))).document


def test_all_texts_of_a_page_are_bounded_together(looked_at):
    comparison = compare(scripts(hostile("abc", 40)), scripts(hostile("acb", 40)))
    assert len(sentences(comparison)) == 10
    assert 0 < sum(looked_at) <= PAGE
    looked_at.clear()
    assert len(tasks_diff(comparison)) == 10
    assert 0 < sum(looked_at) <= PAGE
    looked_at.clear()
    sides = (Side(name, scripts(""), Snapshot(workflow_id="o", version=1, schedule_id=1)) for name in "12")
    export(*sides, comparison, "markdown")
    assert 0 < sum(looked_at) <= 2 * PAGE, "of the sentences, and of the fenced diffs"


def test_an_ordinary_page_has_cells_enough(looked_at):
    left = [f"line {number}" for number in range(300)]
    right = [line if number % 5 else f"new {line}" for number, line in enumerate(left)]
    cells = Cells()
    for _ in range(200):
        opcodes(left, right, cells)
    assert cells.left == PAGE - sum(looked_at) > PAGE * 0.9


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["", "x"] * 20_000, ["", "y"] * 20_000),
        (["x"] * 40_000, ["x"] * 20_000 + ["y"] + ["x"] * 19_000),
        ([str(n) for n in range(40_000)], [str(n) for n in range(40_000, 0, -1)]),
        ([f"a{n}" if n % 2 else " " for n in range(40_000)], [f"b{n}" if n % 2 else " " for n in range(40_000)]),
    ],
)
def test_hostile_input_ends_at_all(left, right):
    """With difflib alone each of these takes hours."""
    steps = opcodes(left, right)
    assert steps[-1][2] == len(left) and steps[-1][4] == len(right)
