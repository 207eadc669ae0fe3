"""Changed fields as rows: lists entry by entry, long values as texts."""

import pytest

from definitions.compare import Change, Kind
from versions.field_rows import FieldRow, field_rows, is_text, texts


def changed(field, before, after):
    return Change(Kind.TASK_MODIFIED, 1, "t", field, before, after)


def rows(*values):
    return list(field_rows(changed(*values), {71: "orders"}))


def prop(name, value):
    return {"prop": name, "direct": "IN", "type": "VARCHAR", "value": value}


def test_plain_values_in_words():
    assert rows("timeout", 0, 30) == [FieldRow("time-out", "none", "30 min")]
    assert rows("taskParams.workflowDefinitionCode", 70, 71) == [FieldRow("sub-workflow", "70", "orders")]


def test_entries_of_a_list_and_their_order():
    before, after = [prop("a", "1"), prop("b", "2")], [prop("b", "2"), prop("a", "3"), prop("c", "4")]
    assert rows("taskParams.localParams", before, after) == [
        FieldRow("parameter a", "1", "3"),
        FieldRow("parameter c", "", "4", "A"),
        FieldRow("parameters", "a, b", "b, a, c"),
    ]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (("taskParams.rawScript", "a", "b"), True),
        (("description", "a\nb", "b"), True),
        (("description", "a", "b" * 200), True),
        (("description", "a", "b"), False),
        (("taskParams.list", [1] * 100, [2]), True),
        (("taskParams.localParams", [prop("a", "x" * 300)], []), False),
    ],
)
def test_what_is_compared_as_a_text(values, text):
    assert is_text(changed(*values)) == text


def test_json_gets_a_line_an_entry_unless_that_hides_the_change():
    assert texts(changed("f", '{"a":1}', '{"a":2}')) == ('{\n  "a": 1\n}', '{\n  "a": 2\n}')
    assert texts(changed("f", '{"a":1}', '{"a": 1}')) == ('{"a":1}', '{"a": 1}')
    assert texts(changed("f", [1], None)) == ("[\n  1\n]", "")
    long = f"[{','.join(['1'] * 60_000)}]"
    assert texts(changed("f", long, "[1]")) == (long, "[1]")  # more lines than are compared
    assert texts(changed("f", "plain", '{"a":1}')) == ("plain", '{"a":1}')
