"""The graph of a document and of a comparison, and as the templates write it."""

import html
import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from definitions.canonical import canonicalise
from definitions.compare import compare
from tests.versions.graph.graphs import at_border, big, document, ends, overlaps
from versions.graph.graph import graph_of, graphs_of

HOSTILE = "<script>alert(1)</script>\"'&\n💥 ]]>" + "长" * 40


def pair(left, right, **options):
    left, right = (canonicalise(value, check=False).document for value in (left, right))
    return graphs_of(left, right, compare(left, right), **options)


def marks(graph):
    return {node.code: node.mark for node in graph.nodes if node.mark}


def written(template, **context):
    return render_to_string(
        f"versions/graph/{template}.html", context, request=RequestFactory().get("/diff/?left=1&right=2")
    )


@pytest.fixture
def edited():
    """Task 2 is removed, 3 renamed, 4 changed, 5 added; 1 -> 2 -> 3 becomes 1 -> 3, and 4 -> 5 comes."""
    before = document([(0, 1), (1, 2), (2, 3), (3, 4)])
    after = document([(0, 1), (1, 3), (3, 4), (4, 5)], names={3: "renamed"}, tasks={4: {"flag": "NO"}})
    del after.tasks[2]
    return pair(before, after)


def test_marks_of_tasks_and_dependencies(edited):
    before, after = edited
    assert marks(before) == {2: "D", 3: "M", 4: "M"}
    assert marks(after) == {3: "M", 4: "M", 5: "A"}
    assert {edge.title: edge.mark for edge in before.edges} == {
        "task 1 → task 2": "D",
        "task 2 → task 3": "D",
        "task 3 → task 4": "",
    }
    assert {edge.title: edge.mark for edge in after.edges} == {
        "task 1 → renamed": "A",
        "renamed → task 4": "",
        "task 4 → task 5": "A",
    }


def test_both_sides_share_the_sheet(edited):
    before, after = edited
    assert before.box == after.box
    old, new = ({node.code: (node.x, node.y) for node in graph.nodes} for graph in edited)
    assert all(old[code] == new[code] for code in old.keys() & new.keys())


def test_counts(edited):
    before, after = edited
    assert (before.tasks, before.dependencies, before.counts) == (4, 3, {"added": 0, "removed": 1, "modified": 2})
    assert (after.tasks, after.dependencies, after.counts) == (4, 3, {"added": 1, "removed": 0, "modified": 2})


def test_boxes_are_stepped_through_as_they_run():
    graph = graph_of(document([(0, 3), (3, 1), (1, 2)]))
    assert [node.code for node in graph.nodes] == [3, 1, 2]


def test_doubled_loose_looping_and_circular_dependencies():
    relations = [(0, 1), (1, 2), (1, 2), (2, 1), (2, 2), (99, 1)]
    value = document(relations, count=2)
    for code in [code for code in value.tasks if code > 2]:
        del value.tasks[code]
    graph = graph_of(value)
    assert sorted(edge.title for edge in graph.edges) == [
        "task 1 → task 2 (2×)",
        "task 2 → task 1",
        "task 2 → task 2",
    ]
    assert (graph.dependencies, graph.loose) == (5, 1)


def test_an_empty_workflow():
    graph = graph_of(document([]))
    assert (graph.nodes, graph.edges) == ((), ())
    assert "No tasks" in written("graph", graph=graph)


def test_hostile_names_are_text(edited):
    before = document([(0, 1), (1, 2)])
    after = document([(0, 1), (1, 2)], names={1: HOSTILE, 2: HOSTILE})
    for body in (
        written("graph", graph=graph_of(after)),
        written("graphs", **dict(zip(("before", "after"), pair(before, after), strict=True))),
    ):
        assert "<script" not in body and " style=" not in body
        assert html.escape("<script>alert(1)</script>") in body


def test_what_a_reader_hears(edited):
    _, after = edited
    assert [node.label for node in after.nodes] == [
        "task 1, SHELL",
        "renamed, SHELL, modified",
        "task 4, SHELL, modified, disabled",
        "task 5, SHELL, added",
    ]
    with translation.override("zh-hans"):
        assert after.nodes[2].label == "task 4, SHELL, 已修改, 已禁用"
    assert "After: 4 tasks, 3 dependencies, 1 added, 2 modified" in written("graphs", before=edited[0], after=after)


def test_changed_boxes_lead_to_their_tasks_and_others_nowhere(edited):
    body = written("graphs", before=edited[0], after=edited[1])
    assert sorted(set(re.findall(r'href="#(task-\d+)"', body))) == ["task-2", "task-3", "task-4", "task-5"]
    single = written("graph", graph=graph_of(document([(0, 1), (1, 2)])))
    assert re.findall(r'href="#(task-\d+)"', single) == ["task-1", "task-2"]


def test_every_line_ends_at_its_boxes():
    for graph in (graph_of(big(300)), *pair(big(60), big(80, seed=2))):
        assert overlaps({node.code: (node.x, node.y) for node in graph.nodes}) == []
        for edge in graph.edges:
            first, second = (graph.nodes[int(place)] for place in edge.ends.split())
            start, end = ends(edge.path)
            assert at_border(start, (first.x, first.y)) and at_border(end, (second.x, second.y))


def test_of_a_big_workflow_what_changed_is_drawn():
    before, after = big(1_000), big(1_000)
    code = sorted(after.tasks)[500]
    after.tasks[code] = {**after.tasks[code], "flag": "NO"}
    part, _ = sides = pair(before, after)
    assert code in {node.code for node in part.nodes} and len(part.nodes) < 100
    assert part.left_out == 1_000 - len(part.nodes)
    body = written("graphs", before=sides[0], after=sides[1])
    assert f"{part.left_out} tasks are left out" in body and "?left=1&amp;right=2&amp;graph=all#graph" in body
    assert len(pair(before, after, whole=True)[0].nodes) == 1_000


def test_size_of_big_drawings():
    before, after = big(1_000), big(1_000)
    after.tasks[sorted(after.tasks)[5]]["flag"] = "NO"
    sides = dict(zip(("before", "after"), pair(before, after, whole=True), strict=True))
    assert len(written("graphs", whole=True, **sides).encode()) < 1_000_000
    body = written("graph", graph=graph_of(big(2_000)))
    assert len(body.encode()) < 1_000_000 and body.count("<a href") == 2_000


def test_of_more_than_the_most_the_rest_is_counted():
    graph = graph_of(big(2_100))
    assert (len(graph.nodes), graph.left_out) == (2_000, 100)
    assert "100 tasks are not drawn" in written("graph", graph=graph)
