"""What a figure counts is said on the page, in both languages, and in the docs, in the same words."""

from pathlib import Path

import pytest
from django.utils import translation

from operations.reports.spoken import change, duration, plain, spoken, tone
from operations.reports.statistics import at_share, ratio
from operations.reports.words import COUNT, GROUPS, SECONDS, SHARE, WORDS, Word

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "reports.md").read_text()


@pytest.mark.parametrize(("key", "word"), WORDS.items())
def test_each_figure_is_defined(key, word):
    (row,) = [line for line in DOCS.split("\n") if line.startswith(f"| `{key}` |")]
    assert f"| {word.kind} | {word.definition} |" in row
    with translation.override("zh-hans"):
        for text in (str(word.name), str(word.definition)):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text), text


def test_a_key_stands_once():
    assert sum(len(group) for _title, group in GROUPS.values()) == len(WORDS)
    assert DOCS.count("| `") >= len(WORDS)


@pytest.mark.parametrize(
    ("value", "kind", "said", "written"),
    [
        (None, COUNT, "–", ""),
        (0, COUNT, "0", "0"),
        (12345, COUNT, "12,345", "12345"),
        (0.9999, SHARE, "99.9 %", "0.9999"),
        (1.0, SHARE, "100.0 %", "1.0000"),
        (0.29, SHARE, "29.0 %", "0.2900"),
        (59.4, SECONDS, "59 s", "59.4"),
        (59.6, SECONDS, "1 min 0 s", "59.6"),
        (3600, SECONDS, "1 h 0 min", "3600.0"),
        (90_061, SECONDS, "1 d 1 h", "90061.0"),
    ],
)
def test_numbers_as_people_and_spreadsheets_read_them(value, kind, said, written):
    assert (spoken(value, kind), plain(value, kind)) == (said, written)


def test_how_a_figure_moved():
    assert [change(3, 5, COUNT), change(0.9, 0.8, SHARE), change(60, 0, SECONDS)] == [
        "−2",
        "+10.0 points",
        "+1 min 0 s",
    ]
    assert [change(3, 3, COUNT), change(None, 3, COUNT), change(3, None, COUNT)] == ["", "", ""]
    good, bad, neither = (Word("", "", good=value) for value in (1, -1, 0))
    assert [tone(3, 2, good), tone(3, 2, bad), tone(3, 2, neither)] == ["ok", "bad", ""]
    assert [tone(2, 3, good), tone(2, 3, bad), tone(2, 2, good), tone(None, 1, good)] == ["bad", "ok", "", ""]
    assert duration(0) == "0 s"


@pytest.mark.parametrize(
    ("values", "median", "nine_of_ten"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(11)), 5, 9),
    ],
)
def test_a_share_of_sorted_values(values, median, nine_of_ten):
    assert (at_share(values, 0.5), at_share(values, 0.9)) == (median, nine_of_ten)


def test_a_part_of_nothing():
    assert [ratio(1, 0), ratio(None, 1), ratio(0, 4), ratio(3, 4)] == [None, None, 0, 0.75]
