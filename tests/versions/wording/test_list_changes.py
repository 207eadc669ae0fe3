"""Lists entry by entry, and the whole where entries can't be told apart."""

import pytest

from versions.wording.list_changes import Entry, list_changes

PARAMS = "taskParams.localParams"


def prop(name, value, **more):
    return {"prop": name, "direct": "IN", "type": "VARCHAR", "value": value, **more}


def test_parameters_come_go_and_change_by_name():
    found = list_changes(PARAMS, [prop("a", "1"), prop("b", "2")], [prop("b", "3"), prop("c", "4", type="INTEGER")])
    assert found.entries == (Entry("a", "1", None), Entry("b", "2", "3"), Entry("c", None, "4 (INTEGER)"))
    assert not found.reordered


def test_another_order_is_told_beside_other_changes():
    found = list_changes(PARAMS, [prop("a", "1"), prop("b", "2")], [prop("b", "2"), prop("a", "9")])
    assert found.reordered and found.entries == (Entry("a", "1", "9"),)


def test_a_list_that_came_or_went():
    assert list_changes(PARAMS, None, [prop("a", "1")]).entries == (Entry("a", None, "1"),)
    assert list_changes("taskParams.resourceList", [{"id": 5}], []).entries == (Entry("#5", "✓", None),)
    named = [{"resourceName": "/etl/a.py"}]
    assert list_changes("taskParams.resourceList", [], named).entries == (Entry("/etl/a.py", None, "✓"),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([prop("a", "1"), prop("a", "2")], []),  # one name twice
        ("text", []),
        ([1], []),
        ([{"value": 1}], []),
        ([prop("a", "1")], [prop("a", 1)]),  # looks the same in words
    ],
)
def test_what_can_not_be_told_apart_is_left_to_the_whole(before, after):
    assert list_changes(PARAMS, before, after) is None


def group(*workflows, relation="AND"):
    items = [{"projectCode": 1, "definitionCode": code, "cycle": "day", "dateValue": "today"} for code in workflows]
    return {"relation": relation, "dependItemList": items}


def test_groups_say_how_they_join():
    field = "taskParams.dependence.dependTaskList"
    assert list_changes(field, [group(5)], [group(5, 6)], {6: "orders"}).entries == (Entry("orders", None, "today"),)
    joined = list_changes(field, [group(5, 6)], [group(5, 6, relation="OR")])
    assert [entry.label for entry in joined.entries] == ["5", "6", "5 (group 1, OR)", "6 (group 1, OR)"]
