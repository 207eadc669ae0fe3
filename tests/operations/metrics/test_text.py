"""Prometheus' text: names, labels and numbers as its parser reads them."""

from operations.metrics.text import Family, Sample, gauge, number, render
from tests.operations.metrics.reading import Metrics


def test_labels_are_escaped_and_lines_stay_lines():
    odd = 'a "b" \\ c\nd'
    text = render([Family("x_total", "counter", "Help\nof two \\ lines.", (Sample(1, {"label": odd}),))])
    assert text == (
        '# HELP x_total Help of two \\\\ lines.\n# TYPE x_total counter\nx_total{label="a \\"b\\" \\\\ c\\nd"} 1\n'
    )


def test_a_value_that_is_not_known_has_no_line():
    assert Metrics(render([gauge("x", "Help.", None)])).values == {}
    assert Metrics(render([gauge("x", "Help.", 2.0, of="a")]))("x", of="a") == 2


def test_numbers():
    assert [number(value) for value in (3, 3.0, 0.25, 1_700_000_000.5, float("inf"))] == [
        *("3", "3", "0.25", "1700000000.5", "+Inf")
    ]
