"""Which lines of a changed block belong together."""

import random

from versions.scripts.line_pairs import SMALL, line_pairs


def test_the_most_similar_lines_in_order():
    left = ["o.amount,", "o.region"]
    right = ["o.currency,", "o.amount * 100 as cents,", "o.region  "]
    assert list(line_pairs(left, right)) == [(None, 0, False), (0, 1, True), (1, 2, True)]


def test_a_large_block_is_taken_as_it_comes():
    left, right = ["a"] * SMALL, ["b"] * (SMALL + 1)
    pairs = list(line_pairs(left, right))
    assert pairs[0] == (0, 0, True) and pairs[-1] == (None, SMALL, False)


def test_every_line_comes_once_and_in_order():
    chance = random.Random(3)
    for _ in range(300):
        left, right = ([chance.choice(["a b", "a c", "b c d", ""]) for _ in range(chance.randrange(9))] for _ in "12")
        pairs = list(line_pairs(left, right))
        assert [old for old, _, _ in pairs if old is not None] == list(range(len(left)))
        assert [new for _, new, _ in pairs if new is not None] == list(range(len(right)))
