import pytest
from django.test import RequestFactory

from versions.slices import slice_of

CODES = list(range(100, 205))


@pytest.mark.parametrize(
    ("query", "number", "first", "last"),
    [
        ("", 1, 1, 50),
        ("page=3", 3, 101, 105),
        ("task=204", 3, 101, 105),
        ("task=100&page=2", 1, 1, 50),
        ("task=7&page=2", 2, 51, 100),
        *((f"page={page}", 1, 1, 50) for page in ("0", "4", "-1", "x", "9" * 30, "٣")),
    ],
)
def test_the_share_that_is_asked_for(query, number, first, last):
    part = slice_of(RequestFactory().get(f"/?{query}"), CODES, 50)
    assert (part.number, part.first, part.last, part.count, part.total) == (number, first, last, 3, 105)
    assert list(part.items) == CODES[first - 1 : last]


def test_nothing_is_one_empty_share():
    part = slice_of(RequestFactory().get("/"), [], 50)
    assert (part.items, part.number, part.count, part.first, part.last) == ([], 1, 1, 0, 0)
