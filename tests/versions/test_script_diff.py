"""Rows of two texts side by side: numbers, marks, folds."""

from versions.script_diff import MAX_LINES, side_by_side


def kinds(before, after):
    return [row.kind for row in side_by_side(before, after)]


def test_changed_words_are_marked():
    (row,) = side_by_side("insert into a values 1", "insert into b values 1")
    assert (row.kind, row.left_number, row.right_number) == ("modified", 1, 1)
    assert [piece for piece, changed in row.left if changed] == ["a"]
    assert [piece for piece, changed in row.right if changed] == ["b"]
    assert "".join(piece for piece, _ in row.left) == "insert into a values 1"


def test_lines_come_and_go_with_their_numbers():
    rows = side_by_side("a\nb\nc", "a\nc\nd")
    assert [(row.kind, row.left_number, row.right_number) for row in rows] == [
        ("equal", 1, 1),
        ("removed", 2, None),
        ("equal", 3, 2),
        ("added", None, 3),
    ]


def test_long_equal_parts_are_folded():
    lines = [f"line {number}" for number in range(30)]
    rows = side_by_side("\n".join(lines), "\n".join([*lines[:15], "other", *lines[16:]]))
    assert [row.kind for row in rows] == ["fold", *["equal"] * 3, "modified", *["equal"] * 3, "fold"]
    assert [row.folded for row in rows if row.kind == "fold"] == [12, 11]


def test_too_many_lines_are_not_compared():
    assert side_by_side("x\n" * (MAX_LINES + 1), "x") is None


def test_one_line_of_many_words_ends_at_all():
    before, after = (" ".join(f"{word}{number}" for number in range(100_000)) for word in "ab")
    (row,) = side_by_side(before, after)
    assert row.kind == "modified" and "".join(piece for piece, _ in row.left) == before


def test_nothing_against_something():
    assert kinds("", "a\nb") == ["added", "added"]
    assert kinds("a", "") == ["removed"]
    assert kinds("", "") == []
