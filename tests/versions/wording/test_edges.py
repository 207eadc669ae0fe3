"""Changed dependencies as people think of them."""

from definitions.compare import Change, Comparison, Kind
from versions.wording.edges import Edge, edges


def relation(kind, before, after, **more):
    value = {"preTaskCode": before, "postTaskCode": after, **more}
    name = f"{'·' if before == 0 else f't{before}'} → t{after}"
    side = "after" if kind == Kind.RELATION_ADDED else "before"
    return Change(kind, after, name, **{side: value})


def added(*ends, **more):
    return relation(Kind.RELATION_ADDED, *ends, **more)


def removed(*ends, **more):
    return relation(Kind.RELATION_REMOVED, *ends, **more)


def test_no_edge_from_nothing_is_shown_as_one():
    found = edges(Comparison((removed(1, 2), added(0, 2))))
    assert found == [Edge("removed", "t1 → t2"), Edge("starts", "t2")]
    assert edges(Comparison((added(0, 2),))) == [Edge("starts too", "t2")]


def test_a_new_dependency_says_that_a_task_waits_now():
    assert edges(Comparison((removed(0, 2), added(1, 2)))) == [Edge("added", "t1 → t2")]
    assert edges(Comparison((removed(0, 2),))) == [Edge("waits", "t2")]


def test_a_task_that_came_or_went_needs_no_word_on_where_it_begins():
    came = Change(Kind.TASK_ADDED, 3, "t3", after={})
    went = Change(Kind.TASK_REMOVED, 4, "t4", before={})
    assert edges(Comparison((came, went, removed(0, 4), added(0, 3), added(3, 2)))) == [Edge("added", "t3 → t2")]


def test_the_same_ends_with_another_condition_are_one_change():
    (edge,) = edges(Comparison((removed(1, 2), added(1, 2, conditionType="JUDGE"))))
    assert (edge.what, edge.name, edge.after["conditionType"]) == ("changed", "t1 → t2", "JUDGE")
    found = edges(Comparison((removed(1, 2), added(1, 2, conditionType="JUDGE"), added(1, 2, conditionType="DELAY"))))
    assert [(edge.what, edge.others) for edge in found] == [("changed", 0), ("added", 1)]
    (edge,) = edges(Comparison((removed(0, 2), added(0, 2, name="x"))))
    assert (edge.what, edge.name) == ("changed", "t2")
