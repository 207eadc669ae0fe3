"""One entry, one line: nothing that stands in an entry can end the line or look like another pair."""

import logging

import pytest

from audit.context import RequestContext, request_context
from audit.lines import line
from audit.logs import RequestContextFilter
from audit.record import record


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "x=plain"),
        (7, "x=7"),
        ("", ""),
        (None, ""),
        ("two words", 'x="two words"'),
        ("a\nevent=publish.succeeded", 'x="a\\nevent=publish.succeeded"'),
        ("a=b", 'x="a=b"'),
        ('say "hi"', 'x="say \\"hi\\""'),
        ("back\\slash", 'x="back\\\\slash"'),
        ("\x1b[31m\x7f\u2028\u0085", 'x="\\u001b[31m\\x7f\\u2028\\x85"'),
        ("因为", "x=因为"),
    ],
)
def test_values(value, shown):
    assert line(x=value) == shown
    assert len(line(x=value, y=1).splitlines()) == 1


def test_an_entry_says_scope_request_and_reason(person, caplog):
    context = RequestContext(request_id="req-12345678")
    with caplog.at_level(logging.INFO, "audit"), request_context(context):
        row = record("thing.done", actor=person, target=person, scope="prod/warehouse", reason="first\nsecond")
        RequestContextFilter().filter(caplog.records[-1])
    assert caplog.records[-1].request_id == "req-12345678", "every line begins with it"
    assert caplog.records[-1].getMessage() == (
        f"event=thing.done outcome=ok actor=li.na target=li.na entry={row.pk} scope=prod/warehouse"
        ' reason="first\\nsecond"'
    )


def test_a_change_by_hand_has_its_line_too(project, caplog):
    with caplog.at_level(logging.INFO, "audit"):
        project.mode = "record"
        project.save()
    assert caplog.records[-1].getMessage().startswith("event=object.changed outcome=ok target=sandbox/warehouse entry=")
