"""DolphinScheduler's places, and what is done where they can't be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.versions.graph.graphs import document, overlaps
from versions.graph.layout import HEIGHT, WIDTH
from versions.graph.places import standing

CHAIN = [(0, 1), (1, 2), (2, 3), (3, 4)]
GOOD = {1: (100, 80), 2: (420, 90), 3: (760, 40), 4: (1080, 200)}
SPOT = st.one_of(st.integers(-2_000, 2_000), st.floats(-1e15, 1e15), st.sampled_from([0, 1e9, -3]))


def one(value):
    sheet = standing(value, value)
    assert sheet.before == sheet.after
    return sheet


def test_places_are_kept_as_they_are_to_each_other():
    sheet = one(document(CHAIN, layout=GOOD))
    assert not sheet.is_ours
    left, top = sheet.after[1]
    assert {code: (x - left, y - top) for code, (x, y) in sheet.after.items()} == {
        code: (x - 100, y - 80) for code, (x, y) in GOOD.items()
    }


@pytest.mark.parametrize(
    "layout",
    [
        {},
        dict.fromkeys(range(1, 5), (0, 0)),
        {1: (5, 5)},
        {code: (code, code) for code in range(1, 5)},
        {code: (float("inf"), float("nan")) for code in range(1, 5)},
        dict.fromkeys(range(1, 5), ("10", True)),
    ],
    ids=["none", "piled", "one of four", "nearly piled", "not finite", "not numbers"],
)
def test_useless_places_are_laid_out_anew(layout):
    sheet = one(document(CHAIN, layout=layout))
    assert sheet.is_ours
    assert overlaps(sheet.after) == []


def test_boxes_set_too_close_are_drawn_apart():
    """The API's users set 200 between boxes that are 220 wide."""
    sheet = one(document(CHAIN, layout={code: (200 * code, 100) for code in range(1, 5)}))
    assert not sheet.is_ours
    assert overlaps(sheet.after) == []
    assert [y for _, y in sheet.after.values()] == [0] * 4
    assert sheet.after[2][0] - sheet.after[1][0] > WIDTH + 20


def test_a_task_without_a_place_stands_by_its_forerunner():
    edges = [*CHAIN, (1, 5)]
    sheet = one(document(edges, layout=GOOD))
    assert not sheet.is_ours
    assert sheet.after[5][0] == sheet.after[1][0] + 300
    assert overlaps(sheet.after) == []


def test_a_box_under_another_is_moved_and_the_others_stay():
    places = {code: (300 * code, 100 * (code % 3)) for code in range(1, 20)}
    sheet = one(document([(code, code + 1) for code in range(1, 19)], layout={**places, 7: places[8]}))
    assert not sheet.is_ours
    assert overlaps(sheet.after) == []
    assert sheet.after[19][0] - sheet.after[1][0] == 18 * 300


def test_empty_bands_are_narrowed():
    far = {**GOOD, 4: (1_000_000_000, -5_000_000.5)}
    sheet = one(document(CHAIN, layout=far))
    assert not sheet.is_ours
    assert max(x for x, _ in sheet.after.values()) < 2_000
    assert max(y for _, y in sheet.after.values()) < 1_000
    assert sheet.after[4][1] < sheet.after[3][1]


def test_a_task_stands_at_one_place_on_both_sides():
    before = document(CHAIN, layout=GOOD)
    after = document(CHAIN, layout={**GOOD, 3: (760, 400)})
    sheet = standing(before, after)
    assert {code for code in GOOD if sheet.before[code] != sheet.after[code]} == {3}


def test_a_side_that_says_nothing_takes_the_other_sides_places():
    sheet = standing(document(CHAIN, layout=GOOD), document(CHAIN))
    assert sheet.before == sheet.after and not sheet.is_ours


def test_laid_out_once_for_both_sides():
    sheet = standing(document(CHAIN), document([*CHAIN, (4, 5), (1, 5)]))
    assert all(sheet.before[code] == sheet.after[code] for code in range(1, 5))
    assert 5 in sheet.after and 5 not in sheet.before


def test_a_part_is_laid_out_anew():
    value = document(CHAIN, layout=GOOD)
    sheet = standing(value, value, frozenset({2, 3}))
    assert sheet.is_ours and sheet.after.keys() == {2, 3}


@given(st.dictionaries(st.integers(1, 12), st.tuples(SPOT, SPOT)))
def test_any_places_end_in_a_sheet_without_overlaps(layout):
    value = document([(code, code + 1) for code in range(1, 12)], layout=layout)
    sheet = one(value)
    assert sheet.after.keys() == value.tasks.keys()
    assert overlaps(shrunk(sheet.after)) == []


def shrunk(places):
    """Rounding may bring two boxes one unit nearer."""
    return {code: (round(x * (WIDTH + 1) / WIDTH), round(y * (HEIGHT + 1) / HEIGHT)) for code, (x, y) in places.items()}
