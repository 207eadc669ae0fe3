"""How long bulk work rests after each call: nothing is timed, the rests are looked at."""

import pytest

from dolphin.pace import Pace
from dolphin.transport import Call


@pytest.mark.parametrize(
    ("rate", "took", "rest"),
    [
        (20, 0.01, 0.04),  # the rest of its share
        (20, 0.04, 0.04),  # a slow call is followed by as long a rest
        (20, 2.0, 2.0),
        (20, 60.0, 5.0),
        (0, 1.0, 0.0),
    ],
)
def test_rest_after_a_call(rate, took, rest):
    rests = []
    pace = Pace(rate, sleep=rests.append)
    pace(Call("GET", "/x", 0, 100.0, 100.0 + took, 200, 0))
    assert rests == [pytest.approx(rest)]
    assert pace.calls == 1
