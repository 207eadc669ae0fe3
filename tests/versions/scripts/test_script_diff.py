"""Rows of two texts side by side and below each other: numbers, marks, folds, bounds."""

import random

from hypothesis import given
from hypothesis import strategies as st

from versions.scripts.line_pieces import text_of
from versions.scripts.script_diff import ROWS, side_by_side, unified
from versions.scripts.text_lines import MAX_LINES
from versions.wording.parts import line_ends


def rows(before, after, **options):
    return side_by_side(before, after, **options).rows


def kinds(before, after):
    return [row.kind for row in rows(before, after)]


def changed(line):
    return [piece.text for piece in line if piece.changed]


def test_changed_words_are_marked():
    (row,) = rows("insert into a values 1", "insert into b values 1")
    assert (row.kind, row.left_number, row.right_number) == ("modified", 1, 1)
    assert changed(row.left) == ["a"] and changed(row.right) == ["b"]
    assert text_of(row.left) == "insert into a values 1"


def test_chinese_is_marked_sign_by_sign():
    (row,) = rows("-- 每日订单汇总表", "-- 每日订单明细表")
    assert changed(row.left) == ["汇总"] and changed(row.right) == ["明细"]


def test_lines_come_and_go_with_their_numbers():
    found = rows("a\nb\nc\n", "a\nc\nd\n")
    assert [(row.kind, row.left_number, row.right_number) for row in found] == [
        ("equal", 1, 1),
        ("removed", 2, None),
        ("equal", 3, 2),
        ("added", None, 3),
    ]


def test_lines_that_belong_together_stand_together():
    before = "select id,\n  amount,\nfrom orders\n"
    after = "select id,\n  currency,\n  amount * 100 as cents,\nfrom orders\n"
    found = rows(before, after)
    assert [row.kind for row in found] == ["equal", "added", "modified", "equal"]
    assert text_of(found[2].right) == "  amount * 100 as cents,"


def test_lines_with_no_word_in_common_are_replaced():
    (row,) = rows("alpha beta", "gamma delta")
    assert row.kind == "replaced" and not changed(row.left) and not changed(row.right)


def test_long_equal_parts_are_folded():
    lines = [f"line {number}" for number in range(30)]
    found = rows("\n".join(lines), "\n".join([*lines[:15], "line other", *lines[16:]]))
    assert [row.kind for row in found] == ["fold", *["equal"] * 3, "modified", *["equal"] * 3, "fold"]
    assert [row.folded for row in found if row.kind == "fold"] == [12, 11]


def test_what_was_stands_above_what_is():
    found = list(unified(rows("a\nb 1\nc 1\nd\n", "a\nb 2\nc 2\nd\n")))
    assert [(row.kind, row.left_number, row.right_number) for row in found] == [
        ("equal", 1, 1),
        *(("removed", 2, None), ("removed", 3, None), ("added", None, 2), ("added", None, 3)),
        ("equal", 4, 4),
    ]
    assert changed(found[1].left) == ["1"] and changed(found[3].right) == ["2"]


def test_line_ends_are_seen_where_they_are_the_change():
    (row, *_) = rows("a b\nc\r\n", "a b\r\nc\r\n")
    assert text_of(row.left) == "a b" and text_of(row.right) == "a b␍" and changed(row.right) == ["␍"]
    (row,) = rows("a b\n", "a b")
    assert text_of(row.left) == "a b¶" and text_of(row.right) == "a b"
    assert kinds("a\r\nb\r\n", "a\nb\n") == ["fold"]  # all of them changed: a note says so, no row


def test_blanks_are_seen_where_they_are_the_change():
    (row,) = rows("\ta  b\n", "    a  b \n")
    assert text_of(row.left) == "→a  b" and text_of(row.right) == "····a  b·"
    (row,) = rows("a b", "a\u00a0b")
    assert text_of(row.left) == "a·b" and text_of(row.right) == "a⍽b"


def test_a_long_text_is_cut_and_what_is_left_out_counted():
    lines = [f"line {number} of {number}" for number in range(20_000)]
    found = side_by_side("\n".join(lines), "\n".join(f"{line} x" for line in lines))
    assert len(found.rows) == ROWS
    assert (found.added, found.removed, found.left_out) == (20_000, 20_000, 40_000 - 2 * ROWS)
    one = side_by_side("\n".join(lines), "\n".join([*lines[:9_000], *lines[9_001:]]))
    assert [row.kind for row in one.rows] == ["fold", *["equal"] * 3, "removed", *["equal"] * 3, "fold"]
    assert (one.added, one.removed, one.left_out) == (0, 1, 0)


def test_more_lines_than_that_are_not_compared():
    assert side_by_side("x\n" * (MAX_LINES + 1), "x") is None


def test_one_line_of_many_words_ends_at_all():
    for count in (4_000, 300_000):
        before = " ".join(str(number) for number in range(count))
        (row,) = rows(before, before.replace(" 3000 ", " three "))
        assert changed(row.left) == ["3000"] and changed(row.right) == ["three"]
        assert row.left[0].text == "…" and row.left[-1].text.startswith("… ") and len(text_of(row.left)) < 2_100


def test_nothing_against_something():
    assert kinds("", "a\nb") == ["added", "added"]
    assert kinds("a", "") == ["removed"]
    assert kinds("", "") == []


TEXTS = st.text(alphabet=st.sampled_from(list("ab \t\n\r\"'{$}-中\u202e\x07")), max_size=60)


@given(TEXTS, TEXTS, st.sampled_from(["SQL", "SHELL", "PYTHON"]))
def test_two_texts_that_differ_never_look_the_same(before, after, task_type):
    found = side_by_side(before, after, task_type=task_type, field="taskParams.rawScript")
    left = [text_of(row.left) for row in found.rows if row.left is not None]
    right = [text_of(row.right) for row in found.rows if row.right is not None]
    if before == after:
        assert {row.kind for row in found.rows} <= {"equal", "fold"}
    else:
        assert left != right or line_ends(before, after)
    if any(row.kind == "modified" for row in found.rows):
        assert all(text_of(row.left) != text_of(row.right) for row in found.rows if row.kind == "modified")


def test_every_line_is_shown_once_in_order():
    chance = random.Random(7)
    for _ in range(200):
        before, after = (
            "".join(chance.choice(["a b\n", "a c\n", "b\n", "x y z\n"]) for _ in range(chance.randrange(12)))
            for _ in "12"
        )
        found = [row for row in rows(before, after) if row.kind != "fold"]
        folded = any(row.kind == "fold" for row in rows(before, after))
        shown = (
            [row.left_number for row in found if row.left_number],
            [row.right_number for row in found if row.right_number],
        )
        assert list(map(sorted, shown)) == list(map(list, shown))
        assert folded or (len(shown[0]), len(shown[1])) == (before.count("\n"), after.count("\n"))
