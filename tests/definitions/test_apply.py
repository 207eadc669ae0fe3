import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.apply import apply
from definitions.canonical import canonicalise, to_c1
from definitions.compare import compare, from_json, to_json
from definitions.strict_json import dumps
from tests.definitions.documents import task_hashes
from tests.definitions.strategies import canonicals
from tests.definitions.test_compare import BASE


def exact(document):
    """Bytes tell 1, 1.0 and true apart, and the order of a list; so does the order of codes."""
    return dumps(to_c1(document)), list(document.tasks), list(document.layout or {})


@settings(max_examples=80)
@given(canonicals(), canonicals())
def test_the_changes_lead_from_left_to_right(left, right):
    comparison = compare(left.document, right.document)
    assert exact(apply(comparison, left.document)) == exact(right.document)


@settings(max_examples=50)
@given(canonicals(), canonicals())
def test_they_do_so_after_a_way_through_json(left, right):
    comparison = compare(left.document, right.document)
    read = from_json(json.loads(json.dumps(to_json(comparison))))
    assert read == comparison
    assert exact(apply(read, left.document)) == exact(right.document)


@settings(max_examples=80)
@given(canonicals(), canonicals())
def test_no_change_is_found_exactly_when_all_hashes_are_equal(left, right):
    equal = (left.fingerprint, left.schedule_hash) == (right.fingerprint, right.schedule_hash)
    assert compare(left.document, right.document).is_identical == equal


@settings(max_examples=50)
@given(canonicals(), canonicals())
def test_what_hashes_call_equal_need_not_be_looked_into(left, right):
    hashes = task_hashes(right)
    known = {code for code, digest in task_hashes(left).items() if hashes.get(code) == digest}
    assert compare(left.document, right.document, same_tasks=known) == compare(left.document, right.document)


def _shuffled(value, draw):
    """The same JSON with the keys of its objects in another order."""
    if isinstance(value, dict):
        return {key: _shuffled(value[key], draw) for key in draw(st.permutations(list(value)))}
    return [_shuffled(item, draw) for item in value] if isinstance(value, list) else value


@settings(max_examples=50)
@given(canonicals(), canonicals(), st.data())
def test_order_of_keys_tasks_edges_and_boxes_means_nothing(left, right, data):
    document = right.document
    again = replace(
        document,
        settings=_shuffled(document.settings, data.draw),
        tasks=_shuffled(document.tasks, data.draw),
        relations=_shuffled(data.draw(st.permutations(document.relations)), data.draw),
        layout=_shuffled(document.layout, data.draw),
        schedule=_shuffled(document.schedule, data.draw),
    )
    assert compare(document, again).is_identical
    assert compare(left.document, again) == compare(left.document, document)
    assert canonicalise(again, check=False).fingerprint == right.fingerprint


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a", "b"], ["new", "a", "b"]),
        (["a", "b", "c"], ["c", "x", "y"]),
        (["a", "b"], ["b", "a"]),
        (["a", "b"], ["b", "a", "c"]),
        (["a"], []),
        ([], ["a"]),
        (["a", "a"], ["a"]),
    ],
)
def test_parameters_keep_their_places(before, after):
    left, right = (
        canonicalise(
            replace(BASE, settings={"globalParams": [{"prop": prop, "value": prop} for prop in props]})
        ).document
        for props in (before, after)
    )
    assert exact(apply(compare(left, right), left)) == exact(right)


def test_changes_of_another_left_side_are_refused():
    doubled = replace(BASE, relations=[*BASE.relations, BASE.relations[0]])
    fewer = replace(BASE, relations=BASE.relations[1:])
    with pytest.raises(ValueError, match="an edge that went"):
        apply(compare(doubled, fewer), BASE)
