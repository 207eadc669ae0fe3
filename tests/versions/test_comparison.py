"""Comparing by stored pieces gives what comparing whole documents gives, and reads less."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from definitions.canonical import canonicalise, from_c1
from definitions.compare import compare
from snapshotter import store
from snapshotter.errors import ContentDamaged
from snapshotter.models import DefinitionBlob, Snapshot
from tests.definitions.documents import SCHEDULE, c1
from tests.definitions.strategies import canonicals
from versions.comparison import Side, compare_sides
from versions.live import Live

pytestmark = pytest.mark.django_db
IN_ONE_DATABASE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def version(canonical, *, schedule_known=True):
    """A version in the store; the row itself is not needed."""
    return Snapshot(
        workflow_id="orders",
        label=canonical.document.name,
        content_hash=store.put_content(canonical).content_hash,
        label_hash=canonical.label_hash,
        layout_hash=canonical.layout_hash,
        layout_id=store.put_blob(canonical.layout_json),
        schedule_hash=canonical.schedule_hash if schedule_known else "",
        schedule_id=store.put_blob(canonical.schedule_json) if schedule_known else None,
    )


def big(count, **scripts):
    body = c1({code: scripts.get(f"t{code}", f"echo {code}") for code in range(1, count + 1)})
    return canonicalise(from_c1(body))


@IN_ONE_DATABASE
@given(canonicals(), canonicals())
def test_pieces_give_what_whole_documents_give(left, right):
    whole = compare(left.document, right.document)
    stored, other = Side("1", snapshot=version(left)), Side("2", snapshot=version(right))
    assert compare_sides(stored, other) == whole
    assert compare_sides(stored, Side("live", live=Live(right, True, None))) == whole
    assert compare_sides(Side("live", live=Live(left, True, None)), other) == whole
    assert compare_sides(Side("live", live=Live(left, True, None)), Side("live", live=Live(right, True, None))) == whole


@IN_ONE_DATABASE
@given(canonicals(), canonicals())
def test_an_unknown_schedule_says_nothing(left, right):
    expected = compare(replace(left.document, schedule=None), replace(right.document, schedule=None))
    unknown = Side("1", snapshot=version(left, schedule_known=False))
    assert compare_sides(unknown, Side("2", snapshot=version(right))) == expected
    assert compare_sides(unknown, Side("live", live=Live(right, True, None))) == expected
    assert compare_sides(Side("live", live=Live(right, True, None)), unknown) == compare(
        replace(right.document, schedule=None), replace(left.document, schedule=None)
    )


def test_equal_hashes_read_nothing():
    left, right = Side("1", snapshot=version(big(3))), Side("2", snapshot=version(big(3)))
    with CaptureQueriesContext(connection) as queries:
        assert compare_sides(left, right).is_identical
        assert compare_sides(left, Side("live", live=Live(big(3), True, None))).is_identical
    assert len(queries) == 0


def test_an_edit_of_one_task_reads_that_task_only():
    left, right = Side("1", snapshot=version(big(200))), Side("2", snapshot=version(big(200, t7="echo new")))
    with CaptureQueriesContext(connection) as queries:
        (change,) = compare_sides(left, right).changes
    assert (change.task, change.before, change.after) == (7, "echo 7", "echo new")
    assert len(queries) == 2  # both manifests, then one piece of each side
    others = DefinitionBlob.objects.exclude(pk__in=store.piece_ids(right.snapshot.content_hash)[8:9])
    others.exclude(pk__in=store.piece_ids(left.snapshot.content_hash)[8:9]).update(data=b"")
    assert len(compare_sides(left, right).changes) == 1


def test_names_of_tasks_are_read_where_an_edge_or_a_box_changed():
    plain = big(5)
    document = plain.document
    edges = [*document.relations, {"preTaskCode": 2, "postTaskCode": 3}]
    edited = canonicalise(replace(document, relations=edges, layout={4: {"x": 1, "y": 1}}))
    changes = compare_sides(Side("1", snapshot=version(plain)), Side("2", snapshot=version(edited))).changes
    assert [change.name for change in changes] == ["task 1 → task 2", "task 3"]


def test_a_side_builds_its_document_when_asked():
    canonical = canonicalise(from_c1(c1({1: "echo"}, schedule=SCHEDULE)))
    assert Side("1", snapshot=version(canonical)).document == canonical.document
    assert Side("live", live=Live(canonical, True, None)).document is canonical.document
    assert Side("x", canonical.document).document is canonical.document
    with pytest.raises(ValueError, match="a side is"):
        _ = Side("x").document


def test_a_damaged_piece_is_named():
    left, right = Side("1", snapshot=version(big(3))), Side("2", snapshot=version(big(3, t2="echo new")))
    DefinitionBlob.objects.filter(pk=store.piece_ids(right.snapshot.content_hash)[3]).update(data=b"")
    with pytest.raises(ContentDamaged):
        compare_sides(left, right)
