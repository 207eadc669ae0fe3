"""The distance of two clocks, from Date headers of whole seconds."""

from email.utils import formatdate

import pytest

from dolphin.client import DolphinClient
from dolphin.clock import UNKNOWN, Clock


def test_each_answer_narrows_it():
    clock = Clock()
    base = 1_800_000_000.0
    for ours in (0.05, 0.55, 0.95, 1.35, 1.85):  # DolphinScheduler is 0.3 s ahead
        clock.heard(formatdate(int(base + ours + 0.3), usegmt=True), base + ours - 0.01, base + ours + 0.01)
    assert clock.low <= 0.3 <= clock.high
    assert clock.high - clock.low < 0.5


@pytest.mark.parametrize("date", [None, "", "yesterday", "Thu, 99 Jan 2026 00:00:00 GMT"])
def test_an_answer_without_a_date_says_nothing(date):
    clock = Clock()
    clock.heard(date, 0.0, 1.0)
    assert (clock.low, clock.high) == (-UNKNOWN, UNKNOWN)


def test_a_clock_far_away_and_one_put_right_are_believed():
    clock = Clock()
    clock.heard(formatdate(1_800_003_600, usegmt=True), 1_800_000_000.0, 1_800_000_000.1)
    assert 3599 < clock.low < 3600.1 < clock.high
    clock.heard(formatdate(1_800_000_001, usegmt=True), 1_800_000_001.0, 1_800_000_001.1)
    assert clock.high <= 1.0


def test_a_server_tells_its_time(dolphin):
    with DolphinClient(dolphin.url, dolphin.token) as client:
        client.user()
        assert -1.5 < client.transport.clock.low <= 0 <= client.transport.clock.high < 1.5
