"""Syntax colours: right over many lines, whole, and never longer than a page can wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versions.scripts.colours import LONGEST, Share, coloured, raw_lines
from versions.scripts.languages import JSON, PLAIN, PYTHON, SHELL, SQL, language
from versions.scripts.line_pieces import text_of
from versions.scripts.text_lines import lines


def classes(line):
    return {piece.text.strip(): piece.css for piece in line if piece.text.strip()}


def test_what_spans_lines_has_its_colour_on_each():
    first, second, third = coloured("/* one\ntwo */\nselect 1", "SQL", "taskParams.sql")
    assert classes(first) == {"/* one": "hc"} and classes(second) == {"two */": "hc"}
    assert classes(third) == {"select": "hk", "1": "hm"}


def test_an_alias_of_one_letter_is_no_keyword():
    (line,) = coloured("select c.id from a c", "SQL", "taskParams.sql")
    assert {css for text, css, _ in line if css} == {"hk"} and "c" not in classes(line)


def test_parameters_of_dolphinscheduler_stand_out_in_any_language():
    (line,) = coloured("where dt = '${bizdate}' and d = $[yyyyMMdd-1]", "SQL", "taskParams.sql")
    assert classes(line)["${bizdate}"] == "hv" and classes(line)["$[yyyyMMdd-1]"] == "hv"
    assert "hv" not in classes(coloured("-- ${bizdate}", "SQL", "taskParams.sql")[0]).values()


@pytest.mark.parametrize(
    ("text", "task_type", "field", "name"),
    [
        ("select 1", "SQL", "taskParams.sql", SQL),
        ("call p()", "PROCEDURE", "taskParams.method", SQL),
        ("echo", "SHELL", "taskParams.rawScript", SHELL),
        ("print()", "PYTHON", "taskParams.rawScript", PYTHON),
        ("select 1", "SPARK", "taskParams.rawScript", SQL),
        ("import os\n", "", "taskParams.rawScript", PYTHON),
        ("-- note\nINSERT INTO a", "", "taskParams.rawScript", SQL),
        ("./run.sh", "", "taskParams.rawScript", SHELL),
        ('{"job": 1}', "DATAX", "taskParams.json", JSON),
        ("{not json", "DATAX", "taskParams.json", PLAIN),
        ('[{"a": 1}]', "HTTP", "taskParams.httpBody", JSON),
        ("one\ntwo", "SHELL", "description", PLAIN),
    ],
)
def test_the_language_of_a_text(text, task_type, field, name):
    assert language(text, task_type, field) == name


@given(st.text(alphabet=st.sampled_from(list("ab \t\n\r\"'`{}$[]()#-*/\\中\x0b\u2028")), max_size=200))
def test_no_character_is_lost(text):
    for name in (SQL, SHELL, PYTHON, JSON, PLAIN):
        assert [text_of(line) for line in raw_lines(text, name, Share())] == lines(text)


def test_a_text_that_costs_too_much_stays_plain():
    assert all(piece.css == "" for line in coloured("select 1\n" * LONGEST, "SQL", "sql")[:5] for piece in line)
    assert {piece.css for line in coloured("import os\n" + " \n" * 5_000, "PYTHON") for piece in line} == {""}
    share = Share(left=20)
    assert "hk" in classes(raw_lines("select 1", SQL, share)[0]).values()
    assert "hk" not in classes(raw_lines("select 1, 2, 3", SQL, share)[0]).values()


def test_what_turns_text_around_is_shown():
    (line,) = coloured("echo \u202edrowssap\u2066\x07", "SHELL")
    assert text_of(line) == "echo [U+202E]drowssap[U+2066][U+0007]"
