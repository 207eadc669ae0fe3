"""Layers of any graph: forerunners stand to the left, cycles and loose ends break nothing."""

from hypothesis import given
from hypothesis import strategies as st

from versions.graph.layers import numbered, pieces, ranks, without_cycles

EDGES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


def test_the_longest_path_decides():
    assert ranks([1, 2, 3, 4], [(1, 2), (2, 3), (1, 3), (3, 4)]) == {1: 0, 2: 1, 3: 2, 4: 3}


def test_a_root_stands_right_before_what_follows_it():
    assert ranks([1, 2, 3, 9], [(1, 2), (2, 3), (9, 3)])[9] == 1


def test_a_cycle_is_cut_where_it_leads_back():
    assert ranks([1, 2, 3], [(1, 2), (2, 3), (3, 1)]) == {1: 0, 2: 1, 3: 2}


def test_edges_are_taken_once_and_unknown_ends_left_out():
    known, edges = numbered([7, 5], [(5, 7), (5, 7), (7, 7), (5, 99), (0, 5)])
    assert (known, edges) == ([5, 7], [(0, 1)])


def test_pieces_are_told_apart_the_greatest_first():
    assert [nodes for nodes, _ in pieces(5, [(1, 2), (2, 4)])] == [[1, 2, 4], [0], [3]]


@given(EDGES)
def test_every_kept_edge_leads_to_the_right(edges):
    codes = range(13)
    _, own = numbered(codes, edges)
    kept = without_cycles(list(codes), own)
    layer_of = ranks(codes, edges)
    assert all(layer_of[a] < layer_of[b] for a, b in kept)
    assert layer_of.keys() == set(codes)


def test_a_chain_of_thousands_needs_no_recursion():
    assert ranks(range(5_000), [(at, at + 1) for at in range(4_999)])[4_999] == 4_999
