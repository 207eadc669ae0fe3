from dataclasses import replace

import pytest

from definitions.canonical import canonicalise
from dolphin.payloads import read_document
from tests.definitions.shapes import A, B, C, v31
from versions.task_cards import LINES, task_cards, task_file, tasks_with

SECRET = "c4n4ry-hunter2"
BASE = canonicalise(read_document(v31())).document


def with_script(text):
    params = {**BASE.tasks[A]["taskParams"], "rawScript": text}
    return replace(BASE, tasks={**BASE.tasks, A: {**BASE.tasks[A], "taskParams": params}})


def shown(card):
    return ["".join(piece.text for piece in line) for line in card.lines]


def test_a_card_holds_the_script_apart_and_says_what_is_default():
    [card] = task_cards(with_script("echo 1\necho 2"), [A])
    assert (card.name, card.type, shown(card), card.more_lines) == ("extract", "SHELL", ["echo 1", "echo 2"], 0)
    assert "rawScript" not in card.params
    assert ("retries", "0") in card.defaults and "retries" not in dict(card.fields)


def test_a_long_script_is_cut_and_the_rest_counted():
    [card] = task_cards(with_script("\n".join(map(str, range(20_000)))), [A])
    assert (len(card.lines), card.more_lines) == (LINES, 20_000 - LINES)
    assert len(task_file(with_script("x\n" * 20_000), A)["taskParams"]["rawScript"]) == 40_000


@pytest.mark.parametrize(
    ("needle", "found"), [("", [A, B, C]), ("EXTRACT", [A]), (str(B), [B]), ("echo two\nlines", [A]), ("nowhere", [])]
)
def test_the_search_looks_at_names_codes_and_scripts(needle, found):
    assert sorted(tasks_with(with_script("echo two\nlines"), needle)) == sorted(found)


def test_a_secret_is_neither_shown_nor_found_by_guessing():
    document = with_script(f"export PASSWORD={SECRET}")
    assert tasks_with(document, SECRET) == []
    assert tasks_with(document, "secret:") == [A]
    assert SECRET not in str(task_cards(document, [A])) + str(task_file(document, A))
