"""Lists that come page by page: each row once, and none left out.

DolphinScheduler sorts by time of saving alone and may break ties anew for every page: of 600 workflows saved within 4 s, pages of 100 on
3.1.1 with H2 showed 534, and 66 of those twice (measured). A workflow saved meanwhile moves to the first page. So rows are counted against
the list's own `total`; what is short of it is asked for again, in pages that end elsewhere.
"""

from collections.abc import Callable, Generator, Iterator
from typing import Any, Final

from dolphin.errors import DolphinUnexpected
from dolphin.shape import expected

Json = dict[str, Any]
Ask = Callable[[int, int], Json]  # page number and size to {"totalList", "total", "totalPage"}

_MAX_PAGES: Final = 1_000
_AGAIN: Final = 6
_STEP: Final = 41  # rows fewer a page each time


def pages(ask: Ask, size: int, *, largest: int, may_lack: bool = False) -> Iterator[list[Json]]:
    """Yield the rows of each page that no earlier one showed, by their "id"; `largest` is the page that a server gives whole.

    Raises DolphinUnexpected at the end when rows remain unseen, unless the list `may_lack` some: else it would be taken for all there is.
    """
    seen: set[int] = set()
    total = 0
    for each in (size, *(largest - _STEP * number for number in range(_AGAIN))):
        total = yield from _once(ask, each, seen)
        if len(seen) >= total:
            return
    if not may_lack:
        raise DolphinUnexpected(f"a list of {total} rows shows {len(seen)} of them, however it is asked for")


def _once(ask: Ask, size: int, seen: set[int]) -> Generator[list[Json], None, int]:
    """Return how many rows there were at most, as the pages told: one deleted meanwhile moves another over a page's end."""
    most = 0
    for number in range(1, _MAX_PAGES):
        page = ask(number, size)
        with expected():
            new = {int(row["id"]): row for row in page["totalList"] if int(row["id"]) not in seen}
            most, last = max(most, int(page.get("total") or 0)), int(page.get("totalPage") or 0)
        seen.update(new)
        yield list(new.values())
        if number >= last:
            break
    return most
