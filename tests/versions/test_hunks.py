from hypothesis import given, settings
from hypothesis import strategies as st

from versions.hunks import CONTEXT, hunks

LINES = st.lists(st.sampled_from(["a", "b", "c", *map(str, range(30))]), max_size=40)


def applied(left, found):
    """What a reader of unified diffs makes of them: counts must fit, and context be what stands there."""
    right, at = [], 0
    for head, *lines in found:
        _, old, new, _ = head.split(" ")
        start, count = _range(old, "-")
        right += left[at : start - (count > 0)]
        at = start - (count > 0)
        assert len(right) == _range(new, "+")[0] - (_range(new, "+")[1] > 0)
        for line in lines:
            if line[0] in " -":
                assert left[at] == line[1:]
                at += 1
            if line[0] in " +":
                right.append(line[1:])
        assert sum(line[0] in " -" for line in lines) == count
        assert sum(line[0] in " +" for line in lines) == _range(new, "+")[1]
    return right + left[at:]


def _range(text, sign):
    assert text[0] == sign
    start, _, count = text[1:].partition(",")
    return int(start), int(count or 1)


@settings(max_examples=150)
@given(LINES, LINES)
def test_hunks_lead_from_left_to_right(left, right):
    assert applied(left, hunks(left, right)) == right
    assert bool(list(hunks(left, right))) == (left != right)


@settings(max_examples=100)
@given(LINES, st.lists(st.tuples(st.integers(0, 100), st.sampled_from(["x", "y", None])), max_size=4))
def test_hunks_of_few_edits_in_a_long_text(lines, edits):
    left = [str(number) for number in range(60)] + lines
    right = list(left)
    for place, line in edits:
        right[place % len(right) : place % len(right) + (line is None)] = [] if line is None else [line]
    found = list(hunks(left, right))
    assert applied(left, found) == right
    for hunk in found:
        equal = [len(run) for run in "".join(line[0] for line in hunk[1:]).replace("-", "+").split("+")]
        assert max(equal) <= 2 * CONTEXT and equal[0] <= CONTEXT and equal[-1] <= CONTEXT
