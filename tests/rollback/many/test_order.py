"""Children first, whatever the relations are."""

from hypothesis import given
from hypothesis import strategies as st

from rollback.many.order import children_first


@st.composite
def graphs(draw):
    size = draw(st.integers(0, 12))
    nodes = draw(st.permutations(range(size)))
    uses = {node: draw(st.sets(st.integers(0, size + 2), max_size=4)) for node in nodes}  # some are not among them
    return nodes, uses


def reach(node, uses, nodes):
    seen, left = set(), [node]
    while left:
        for child in uses[left.pop()]:
            if child in nodes and child not in seen:
                seen.add(child)
                left.append(child)
    return seen


@given(graphs())
def test_everything_comes_after_what_it_uses(graph):
    nodes, uses = graph
    order = children_first(nodes, uses)
    assert sorted(order.sequence) == sorted(nodes)
    place = {node: number for number, node in enumerate(order.sequence)}
    circle_of = {node: set(circle) for circle in order.circles for node in circle}
    for node in nodes:
        for child in set(uses[node]) & set(nodes) - {node}:
            if place[child] > place[node]:  # only a circle may be cut
                assert child in circle_of[node]
            else:
                assert child in order.waits_for[node]
        assert all(place[child] < place[node] and child in uses[node] for child in order.waits_for[node])


@given(graphs())
def test_circles_are_those_that_reach_each_other(graph):
    nodes, uses = graph
    order = children_first(nodes, uses)
    reached = {node: reach(node, uses, set(nodes)) for node in nodes}
    expected = {
        frozenset(other for other in nodes if other == node or (other in reached[node] and node in reached[other]))
        for node in nodes
    }
    assert {frozenset(circle) for circle in order.circles} == {circle for circle in expected if len(circle) > 1}


@given(graphs())
def test_the_same_input_gives_the_same_order(graph):
    nodes, uses = graph
    again = children_first(nodes, {node: sorted(uses[node], reverse=True) for node in nodes})
    assert children_first(nodes, uses) == again


def test_the_given_order_holds_where_nothing_is_related():
    assert children_first(["c", "a", "b"], {}).sequence == ["c", "a", "b"]


def test_a_chain_of_thousands_is_ordered():
    size = 5_000
    order = children_first(list(range(size)), {node: [node + 1] for node in range(size)})
    assert order.sequence == list(reversed(range(size)))
    assert order.circles == []
