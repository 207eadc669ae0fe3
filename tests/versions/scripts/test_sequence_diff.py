"""Steps from one sequence to another: right for any two, small for ordinary edits, and ready at all for hostile ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versions.scripts.sequence_diff import opcodes

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
