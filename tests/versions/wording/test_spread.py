"""Objects as the changes of what they hold."""

from definitions.compare import Change, Kind
from versions.wording.spread import spread


def told(field, before, after):
    found = spread(Change(Kind.TASK_MODIFIED, 1, "t", field, before, after))
    return [(change.field, change.before, change.after) for change in found]


def test_a_plain_value_is_itself():
    assert told("timeout", 1, 2) == [("timeout", 1, 2)]
    assert told("list", [{"a": 1}], [{"a": 2}]) == [("list", [{"a": 1}], [{"a": 2}])]


def test_an_object_by_its_paths():
    assert told("p", None, {"a": {"b": 1}, "c": [], "d": {}}) == [
        ("p.a.b", None, 1),
        ("p.c", None, []),
        ("p.d", None, {}),
    ]
    assert told("p", {"a": 1, "same": 2}, {"a": True, "same": 2}) == [("p.a", 1, True)]
    assert told("", {"name": "x"}, None) == [("name", "x", None)]


def test_an_empty_object_is_never_nothing():
    assert told("p", {}, None) == [("p", {}, None)]
    assert told("p", {}, {"a": None}) == [("p.a", None, None)]
    assert told("p", {}, 5) == [("p", None, 5)]
