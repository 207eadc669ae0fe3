"""Bars: as high as what they say, inside the drawing, however many days there are."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import translation

from operations.reports.chart import HEIGHT, LOW, WIDTH, chart, small_chart, strip
from operations.reports.count_versions import Ends


def ends(**numbers):
    return Ends(sum(numbers.values()), Counter(numbers))


@pytest.mark.parametrize("days", [1, 31, 400])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_bars_stand_on_one_another_inside_the_drawing(days, language):
    each = ends(succeeded=7, failed=2, unconfirmed=1, cancelled=1, open=1)
    with translation.override(language):
        drawn = chart({date(2026, 1, 1) + timedelta(number): each for number in range(days)})
    assert len(drawn.columns) == days and len(drawn.labels) <= 8
    assert [line.text for line in drawn.lines] == ["0", "10", "20"]
    for column in drawn.columns:
        assert [bar.kind for bar in column.bars] == ["succeeded", "failed", "open"]
        assert "12" in column.title and "7" in column.title
        tops = [float(bar.y) for bar in column.bars]
        feet = [float(bar.y) + float(bar.height) for bar in column.bars]
        assert feet[1:] == pytest.approx(tops[:-1], abs=0.02)
        heights = [float(bar.height) for bar in column.bars]
        assert heights == pytest.approx([heights[0], heights[0] * 3 / 7, heights[0] * 2 / 7], abs=0.02)
        assert tops[-1] >= 0 and feet[0] <= HEIGHT
        assert all(float(bar.x) + float(bar.width) <= WIDTH + 0.01 and float(bar.width) > 0 for bar in column.bars)


def test_a_chart_of_one_kind():
    drawn = small_chart({date(2026, 1, 1): 3, date(2026, 1, 2): 0, date(2026, 1, 3): 1}, "done")
    assert (drawn.height, [column.title for column in drawn.columns]) == (LOW, ["2026-01-01: 3", "2026-01-03: 1"])
    assert {bar.kind for column in drawn.columns for bar in column.bars} == {"done"}
    (high,), (low,) = (column.bars for column in drawn.columns)
    assert float(high.height) == pytest.approx(3 * float(low.height), abs=0.03)


def test_days_without_a_publish_have_no_bar():
    assert chart({date(2026, 1, 1): Ends()}).columns == []
    assert chart({}).columns == []


def test_a_strip_is_as_long_as_its_share_of_the_largest():
    assert [(bar.kind, bar.x, bar.width) for bar in strip(ends(succeeded=3, failed=1), 8)] == [
        ("succeeded", "0", "37.5"),
        ("failed", "37.5", "12.5"),
    ]
    assert strip(Ends(), 0) == []
