"""Foreign text on one line, cut where it can be spared."""

from versions.wording.plain_text import LONG, common_start, cut, cut_pair, name, one_line


def test_one_line_has_no_controls_and_nothing_that_turns_text():
    assert one_line(" a\r\n\tb\x00\x1b[31m\u202ec\u2069 \u2028d ") == "a b[31mc d"
    assert one_line("👩\u200d👧 ‌ک") == "👩\u200d👧 ‌ک"  # joiners belong to what they join


def test_a_blank_name_is_seen():
    assert name("") == name(" \u200e\n") == '""'
    assert name("x" * 1_000_000) == "x" * 119 + "…"


def test_a_cut_says_so():
    assert cut("x" * LONG) == "x" * LONG and cut("x" * (LONG + 1)) == "x" * (LONG - 1) + "…"


def test_what_differs_stays_in_sight():
    before, after = cut_pair("a" * 200 + "b", "a" * 200 + "c" + "d" * 100)
    assert before == "…" + "a" * 15 + "b" and after.startswith("…" + "a" * 15 + "cd") and after.endswith("…")
    assert cut_pair("short", "x" * 100)[0] == "short"


def test_the_common_start_is_exact():
    for at in (0, 1, 7, 63, 64, 99):
        assert common_start("a" * 100, "a" * at + "b" * 100) == at
    assert common_start("a" * 100, "a" * 100) == 100 and common_start("", "a") == 0
