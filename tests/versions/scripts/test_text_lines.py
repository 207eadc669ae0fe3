"""Lines, and differences nobody sees."""

from versions.scripts.text_lines import Ends, compared, counts, ends, lines, only_blanks


def counted(before, after):
    return counts(compared(before, after)[2])


def test_only_a_line_feed_ends_a_line():
    assert lines("a\x0bb\u2028c\r\nd") == ["a\x0bb\u2028c\r\n", "d"]
    assert lines("") == [] and lines("\n") == ["\n"]


def test_lines_are_counted_in_their_order():
    assert counted("a\nb\nc\n", "a\nc\nb\n") in ((1, 1), (2, 2))  # sets of lines are equal
    assert counted("x\nx\nx\n", "x\n") == (0, 2)


def test_other_line_ends_throughout_are_no_changed_lines():
    before, after = "a\r\nb\r\n", "a\nB\n"
    assert ends(before, after) == Ends("CRLF", "LF", "")
    assert counted(before, after) == (1, 1)
    assert ends("a\r\nb\n", "a\nb\n") == Ends() and counted("a\r\nb\n", "a\nb\n") == (1, 1)


def test_the_last_line_feed():
    assert ends("a\n", "a").last == "removed" and ends("a", "a\n").last == "added" and ends("", "a\n").last == ""
    assert counted("a\n", "a") == (1, 1)


def test_only_blanks():
    assert only_blanks("a  b\n", " a b") and not only_blanks("ab", "a b")
