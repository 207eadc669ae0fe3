"""Prometheus' text: names, labels and numbers as its parser reads them."""

from operations.metrics.text import Sample, family, gauge, render
from tests.operations.metrics.reading import Metrics


def test_labels_are_escaped_and_lines_stay_lines():
    odd = 'a "b" \\ c\nd'
    text = render([family("x_total", "counter", "Help\nof two \\ lines.", (Sample(1, {"label": odd}),))])
    assert text == (
        '# HELP x_total Help\\nof two \\\\ lines.\n# TYPE x_total counter\nx_total{label="a \\"b\\" \\\\ c\\nd"} 1.0\n'
    )


def test_a_value_that_is_not_known_has_no_line():
    assert Metrics(render([gauge("x", "Help.", None)])).values == {}
    assert Metrics(render([gauge("x", "Help.", 2.0, of="a")]))("x", of="a") == 2
