"""What of a big workflow is drawn."""

from versions.graph.scope import MOST, WHOLE, drawn, near

CHAIN = [(0, 1), *((code, code + 1) for code in range(1, 400))]
CODES = frozenset(range(1, 401))


def test_two_steps_both_ways():
    assert near({10}, CHAIN) == {8, 9, 10, 11, 12}


def test_roots_are_not_neighbours_of_each_other():
    assert near({1}, [(0, 1), (0, 2)]) == {1}


def test_a_hub_does_not_bring_all_its_followers():
    hub = [(1, code) for code in range(2, 1_000)]
    assert len(near({1}, hub, most=50)) == 50


def test_a_small_workflow_is_drawn_whole():
    assert drawn(frozenset(range(WHOLE)), frozenset({1}), CHAIN, whole=False, compared=True) is None


def test_a_big_one_in_part_unless_asked():
    assert drawn(CODES, frozenset({10}), CHAIN, whole=False, compared=True) == {8, 9, 10, 11, 12}
    assert drawn(CODES, frozenset({10}), CHAIN, whole=True, compared=True) is None
    assert drawn(CODES, frozenset(), CHAIN, whole=True, compared=False) is None


def test_never_more_than_the_most_and_the_changed_first():
    codes = frozenset(range(1, MOST + 500))
    changed = frozenset({MOST + 400})
    kept = drawn(codes, changed, (), whole=True, compared=True)
    assert len(kept) == MOST and changed <= kept
