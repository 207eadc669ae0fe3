"""Lines begin and end at borders, and lead round boxes in their way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.versions.graph.graphs import at_border, ends
from versions.graph.edges import line
from versions.graph.taken import Taken

CORNER = st.tuples(st.integers(-3_000, 3_000), st.integers(-1_500, 1_500))


@given(CORNER, CORNER)
def test_every_line_joins_the_borders_of_its_boxes(start, end):
    path, _ = line(start, end)
    begins, finishes = ends(path)
    assert at_border(begins, start) and at_border(finishes, end)


@given(CORNER, CORNER, st.lists(CORNER, max_size=12))
def test_a_way_round_joins_them_too(start, end, others):
    path, _ = line(start, end, (), Taken([start, end, *others]))
    begins, finishes = ends(path)
    assert at_border(begins, start) and at_border(finishes, end)


@pytest.mark.parametrize(
    ("end", "head"),
    [
        ((500, 0), "m-7-4"),
        ((-500, 0), "m7-4"),
        ((0, 300), "m-4-7"),
        ((0, -300), "m-4 7"),
        ((0, 0), "m-4-7"),
        ((230, 10), "m-4-7"),
    ],
    ids=["right", "left", "down", "up", "itself", "no room between"],
)
def test_the_head_points_where_the_line_goes(end, head):
    assert head in line((0, 0), end)[0]


def test_a_box_between_is_gone_round():
    free, _ = line((0, 0), (900, 0), (), Taken([(0, 0), (900, 0)]))
    round_it, middle = line((0, 0), (900, 0), (), Taken([(0, 0), (450, 0), (900, 0)]))
    assert free == line((0, 0), (900, 0))[0] != round_it
    assert not 0 <= middle[1] <= 48


def test_passages_are_taken_from_left_to_right():
    path, middle = line((0, 0), (900, 0), [(300, 100), (600, 120)])
    assert path.count("h220") == 2
    assert middle == (710, 120)
