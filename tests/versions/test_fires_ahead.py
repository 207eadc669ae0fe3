from datetime import UTC, datetime

import pytest

from tests.definitions.documents import SCHEDULE
from versions.fires_ahead import fires_ahead

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_five_fires_in_the_schedules_own_zone():
    fires = fires_ahead({**SCHEDULE, "crontab": "0 0 3 * * ? *", "timezoneId": "Asia/Shanghai"}, now=NOON)
    assert [moment.strftime("%m-%d %H:%M %z") for moment in fires.times] == [
        f"11-{day} 03:00 +0800" for day in (26, 27, 28, 29, 30)
    ]


@pytest.mark.parametrize("schedule", [None, {}, {**SCHEDULE, "endTime": "2026-01-02 00:00:00"}])
def test_no_schedule_and_an_ended_one_fire_no_more(schedule):
    assert fires_ahead(schedule, now=NOON).times == []
    assert fires_ahead(schedule, now=NOON).is_known


@pytest.mark.parametrize("broken", [{"crontab": "0 0 0 L-3 * ? *"}, {"timezoneId": "Mars/Base"}, {"crontab": "x"}])
def test_what_cannot_be_reckoned_is_said_to_be_unknown(broken):
    fires = fires_ahead({**SCHEDULE, **broken}, now=NOON)
    assert (fires.times, fires.is_known) == ([], False)
