"""A list that comes page by page shows each row once, whatever moves meanwhile."""

import random

import pytest

from dolphin.errors import DolphinUnexpected
from dolphin.pages import pages


class Server:
    """Rows in an order that `order` decides anew for each page; `cap`: the most rows that a page holds."""

    def __init__(self, count, order, cap=10_000):
        self.rows, self.order, self.cap, self.asked = [{"id": n} for n in range(count)], order, cap, []

    def __call__(self, number, size):
        self.asked.append((number, size))
        self.order(self.rows, len(self.asked))
        start, held = (number - 1) * size, len(self.rows)
        cut = self.rows[start : start + min(size, self.cap)]
        return {"totalList": [dict(row) for row in cut], "total": held, "totalPage": -(-held // size)}


def still(rows, asked):
    pass


def shuffled(rows, asked):
    random.Random(asked).shuffle(rows)


def ids(found):
    return [row["id"] for rows in found for row in rows]


def test_a_list_that_holds_still_is_read_once():
    server = Server(25, still)
    assert ids(pages(server, 10, largest=500)) == list(range(25))
    assert server.asked == [(1, 10), (2, 10), (3, 10)]


def test_rows_that_a_page_left_out_come_with_the_next_size():
    server = Server(1_000, shuffled)
    found = ids(pages(server, 500, largest=2_000))
    assert sorted(found) == list(range(1_000))  # none left out, none twice
    assert server.asked == [(1, 500), (2, 500), (1, 2_000)]


def test_pages_of_other_sizes_where_a_server_gives_no_more():
    server = Server(1_200, shuffled, cap=500)
    assert sorted(ids(pages(server, 100, largest=500))) == list(range(1_200))
    assert {size for _, size in server.asked} >= {100, 500, 459}


def test_a_row_that_moves_to_the_first_page_meanwhile_is_found():
    def save(rows, asked):
        if asked == 2:
            rows.insert(0, rows.pop())

    server = Server(20, save)
    assert sorted(ids(pages(server, 10, largest=500))) == list(range(20))


def test_a_row_that_goes_away_meanwhile_hides_no_other():
    def delete(rows, asked):
        if asked == 2:
            del rows[0]

    server = Server(20, delete)
    assert sorted(ids(pages(server, 10, largest=500))) == list(range(20))
    assert server.asked == [(1, 10), (2, 10), (1, 500)]  # the eleventh moved over the first page's end


def test_a_list_that_always_lacks_some_is_no_list():
    server = Server(30, still, cap=9)
    with pytest.raises(DolphinUnexpected, match="a list of 30 rows shows 9 of them"):
        ids(pages(server, 500, largest=500))
    assert len(ids(pages(server, 500, largest=500, may_lack=True))) == 9


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"totalList": None},
        {"totalList": [1]},
        {"totalList": [{"code": 1}]},
        {"totalList": [], "total": "x"},
    ],
)
def test_an_answer_of_another_shape(answer):
    with pytest.raises(DolphinUnexpected):
        ids(pages(lambda number, size: answer, 10, largest=500))
