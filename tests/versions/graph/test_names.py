"""Names in boxes."""

import pytest

from tests.versions.graph.graphs import document
from versions.graph.graph import graph_of
from versions.graph.names import cut


@pytest.mark.parametrize("name", ["", "load", "x" * 20, "长" * 10, "é" * 20])
def test_what_fits_stays(name):
    assert cut(name, 20) == name


def test_both_ends_of_a_long_name_stay():
    assert cut("dwd_orders_of_all_the_regions_part_17", 20) == "dwd_orders_o…part_17"
    assert cut("每日订单汇总任务第十七部分", 20) == "每日订单汇总…七部分"


def test_the_title_is_whole_and_on_one_line():
    (node,) = graph_of(document([(0, 1)], names={1: "dwd\norders  of_all_the_regions_part_17"})).nodes
    assert node.title == "dwd orders of_all_the_regions_part_17"
    assert "…" in node.name and len(node.name) <= 25
