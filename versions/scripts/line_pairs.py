"""Which changed lines belong together: of a small block the most similar ones, in order; of a large one they are taken as they come."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from versions.scripts.text_lines import WORDS

SMALL: Final = 1_600  # cells (left times right) looked at
_LONG: Final = 300  # characters of a line looked at
_ALIKE: Final = 0.4  # of the words of both lines, for two lines to be one that changed

Pair = tuple[
    int | None, int | None, bool
]  # left and right from the block's beginning, and whether words are worth marking


def line_pairs(left: Sequence[str], right: Sequence[str]) -> Iterator[Pair]:
    """Yield every line of both once, in order."""
    if not left or not right or len(left) * len(right) > SMALL:
        for at in range(max(len(left), len(right))):
            both = at < len(left) and at < len(right)
            yield (at if at < len(left) else None, at if at < len(right) else None, both)
        return
    i = j = 0
    for at_left, at_right in [*_matches(left, right), (len(left), len(right))]:
        for old, new in zip_longest(range(i, at_left), range(j, at_right)):
            yield old, new, False
        if at_left < len(left):
            yield at_left, at_right, True
        i, j = at_left + 1, at_right + 1


def _matches(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs, in order, whose similarities add up to most."""
    old, new = [_words(line) for line in left], [_words(line) for line in right]
    alike = [[_similarity(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            taken = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], taken)
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if alike[i][j] >= _ALIKE and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _words(line: str) -> Counter[str]:
    """Return the line's words, each as heavy as it is long: names tell lines apart, commas do not."""
    words: Counter[str] = Counter()
    for word in WORDS.findall(line[:_LONG]):
        if not word.isspace():
            words[word] += len(word) ** 2
    return words


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
