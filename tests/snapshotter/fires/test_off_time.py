"""Reading times off from a journal: what is sure, what is not, and what is none."""

from datetime import UTC, datetime, timedelta

import pytest

from dolphin.clock import Clock
from snapshotter.fires.off_time import TimeOff, spans
from snapshotter.models import SyncStep

BASE = datetime(2026, 1, 1, 3, tzinfo=UTC)


def at(seconds):
    return BASE + timedelta(seconds=seconds)


def step(action, sent, answered, outcome="ok", is_write=True):
    answered_at = None if answered is None else at(answered)
    return SyncStep(action=action, is_write=is_write, sent_at=at(sent), answered_at=answered_at, outcome=outcome)


WAY = [step("take_offline", 0, 1), step("read", 1, 2, is_write=False), step("write", 2, 8), step("put_online", 8, 9)]


def found(*steps):
    return [(off.sent, off.done, on.sent, on.done) for off, on in spans(steps, at(99))]


def test_from_offline_to_schedule_online():
    assert found(*WAY, step("put_schedule_online", 10, 11)) == [(at(0), at(1), at(10), at(11))]


def test_a_schedule_left_off_was_asked_to_be():
    assert found(*WAY) == []


def test_refused_steps_did_nothing():
    refused = [step("take_offline", 0, 1, "dolphin_rejected"), step("take_offline", 2, 3, "no_effect")]
    assert found(*refused, step("put_schedule_online", 10, 11)) == []
    tries = [step("put_schedule_online", 10, 11, "dolphin_rejected"), step("put_schedule_online", 20, 21)]
    assert found(*WAY, *tries) == [(at(0), at(1), at(20), at(21))]


def test_an_answer_that_never_came_was_there_before_the_next_write():
    lost = [step("take_offline", 0, None, "dolphin_unknown_outcome"), step("write", 40, 41)]
    assert found(*lost, step("put_schedule_online", 50, None, "dolphin_unknown_outcome")) == [
        (at(0), at(40), at(50), at(99))
    ]


def test_a_call_sent_again_decides():
    """The first one was lost, and had not been done: else it would not have been sent again."""
    lost = [step("take_offline", 0, None, "settled"), step("take_offline", 130, 131), step("write", 131, 132)]
    again = [step("put_schedule_online", 140, None, "settled"), step("put_schedule_online", 270, 271)]
    assert found(*lost, *again) == [(at(0), at(131), at(270), at(271))]


def test_two_steps_to_one_end_are_one_time_off():
    steps = [step("take_schedule_offline", 0, 1), step("take_offline", 2, 3), step("write", 3, 4)]
    assert found(*steps, step("put_schedule_online", 10, 11)) == [(at(0), at(1), at(10), at(11))]


def test_a_401_may_have_been_carried_out():
    steps = [step("take_offline", 0, 1, "dolphin_unauthorized"), step("put_schedule_online", 10, 11)]
    assert found(*steps) == [(at(0), at(1), at(10), at(11))]


def test_there_and_back_is_twice_off():
    assert len(found(*WAY, step("put_schedule_online", 10, 11), *WAY, step("put_schedule_online", 30, 31))) == 2


@pytest.mark.parametrize(
    ("seconds", "sure"), [(-1.9, False), (0.5, False), (1.2, False), (2, True), (8, True), (8.9, False), (11, False)]
)
def test_what_is_sure_lies_inside(seconds, sure):
    (span,) = spans([*WAY, step("put_schedule_online", 10, 11)], at(99))
    off = TimeOff.of(*span, Clock(low=-0.5, high=0.5))
    assert off.is_sure(at(seconds)) is sure
    assert off.first <= at(-2) < at(11) <= off.last
