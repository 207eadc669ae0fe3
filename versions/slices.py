"""A page's share of a list of tasks: `?task=CODE` opens the share that holds it, so that links to a task stay right; else `?page=N`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from definitions.numbers import is_long, is_number


@dataclass(frozen=True, slots=True)
class Slice:
    """`number` of `count` shares; `first` is the position of the first item among `total`, from 1."""

    items: Sequence[int]
    number: int
    count: int
    first: int
    total: int

    @property
    def last(self) -> int:
        return max(0, self.first + len(self.items) - 1)

    def holds(self, code: str) -> bool:
        """Whether a task, named as an address names it, is in this share."""
        return is_long(code) and int(code) in self.items


def slice_of(request: HttpRequest, codes: Sequence[int], size: int) -> Slice:
    """Return the share that the address asks for; the first one where it asks for none that there is."""
    count = max(1, -(-len(codes) // size))
    number = _asked(request, codes, size)
    number = number if 1 <= number <= count else 1
    start = (number - 1) * size
    return Slice(codes[start : start + size], number, count, start + 1 if codes else 0, len(codes))


def _asked(request: HttpRequest, codes: Sequence[int], size: int) -> int:
    task, page = request.GET.get("task", ""), request.GET.get("page", "")
    if is_long(task) and int(task) in codes:
        return codes.index(int(task)) // size + 1
    return int(page) if is_number(page) else 1
