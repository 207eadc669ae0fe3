"""Lines in pieces: cut where words change, what is not seen made visible, long ones in a window."""

from versions.scripts.line_pieces import BLANK, LONGEST_LINE, Piece, text_of, tidy, with_words
from versions.templatetags.script import pieces


def test_words_cut_colours():
    line = [Piece("select ", "hk"), Piece("a b")]
    found = with_words(line, [("sel", False), ("ect", True), (" a", False), (" ", True), ("b", False)])
    assert found == [
        Piece("sel", "hk", False),
        Piece("ect", "hk", True),
        Piece(" ", "hk", False),
        Piece("a", "", False),
        Piece(" ", BLANK, True),
        Piece("b", "", False),
    ]


def test_blanks_at_the_end_are_seen_on_changed_lines_only():
    line = [Piece("a  \t\r\n")]
    assert text_of(tidy(line, is_changed=True)) == "a··→" and text_of(tidy(line)) == "a  \t"


def test_a_return_inside_a_line_is_seen():
    assert text_of(tidy([Piece("a\rb\r\n")])) == "a␍b"


def test_a_long_line_shows_what_changed():
    line = [Piece("x" * 50_000), Piece("y", "", True), Piece("z" * 50_000)]
    found = tidy(line, is_changed=True)
    assert found[0] == Piece("…", "cut") and Piece("y", "", True) in found
    assert found[-1] == Piece(f"… {100_001 - 50_000 + 80 - LONGEST_LINE:,}", "cut")
    assert len(text_of(found)) < LONGEST_LINE + 20


def test_the_page_gets_text_and_never_markup():
    html = pieces([Piece("<b>", "hs"), Piece("&", "", True), Piece('"', "hk", True), Piece("x<")])
    assert html == '<span class="hs">&lt;b&gt;</span><mark>&amp;</mark><mark class="hk">&quot;</mark>x&lt;'
    assert pieces(None) == ""
