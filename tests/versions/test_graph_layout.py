"""Laid out by us: no box on another, the same every time, edges with ways of their own."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.versions.graphs import overlaps
from versions.graph_layout import WIDTH, layered

EDGES = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=50)


@given(EDGES)
def test_no_boxes_overlap_whatever_the_edges(edges):
    places = layered(range(16), edges).places
    assert places.keys() == set(range(16))
    assert overlaps(places) == []


@given(EDGES, st.randoms())
def test_the_order_of_what_is_given_does_not_matter(edges, chance):
    codes, mixed = list(range(16)), edges * 2
    chance.shuffle(codes)
    chance.shuffle(mixed)
    assert layered(codes, mixed) == layered(range(16), edges)


@given(EDGES)
def test_passages_of_long_edges_meet_no_box(edges):
    layout = layered(range(16), edges)
    for bends in layout.bends.values():
        for x, y in bends:
            assert not [place for place in layout.places.values() if place[0] == x and place[1] <= y <= place[1] + 48]


def test_a_long_edge_has_a_passage_in_each_layer_between():
    layout = layered([1, 2, 3, 4], [(1, 2), (2, 3), (3, 4), (1, 4)])
    assert list(layout.bends) == [(1, 4)]
    assert [x for x, _ in layout.bends[1, 4]] == [layout.places[2][0], layout.places[3][0]]


def test_nothing_and_one():
    assert layered([], []).places == {}
    assert layered([7], [(7, 7), (0, 7)]).places == {7: (0, 0)}


def test_a_chain_is_a_straight_line():
    places = layered([1, 2, 3], [(1, 2), (2, 3)]).places
    assert {y for _, y in places.values()} == {0}
    assert places[1][0] + WIDTH < places[2][0] < places[3][0]


def test_a_forerunner_stands_in_the_middle_of_what_follows_it():
    places = layered([1, 2, 3, 4], [(1, 2), (1, 3), (1, 4)]).places
    assert places[1][1] == sorted(places[code][1] for code in (2, 3, 4))[1]


def test_single_tasks_make_rows_and_no_tower():
    places = layered(range(100), []).places
    width = max(x for x, _ in places.values())
    height = max(y for _, y in places.values())
    assert 0.4 < width / height < 2.5


@pytest.mark.parametrize("count", [2_000])
def test_thousands_of_tasks(count):
    chance = random.Random(3)
    edges = [(chance.randrange(at), at) for at in range(1, count) for _ in range(2)]
    layout = layered(range(count), edges)
    assert overlaps(layout.places) == []
    assert sum(map(len, layout.bends.values())) <= 6_000
