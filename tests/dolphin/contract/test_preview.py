"""Fires as DolphinScheduler's own preview tells them, against ours. Its preview is another library than the scheduler that fires.

Where clocks change its two libraries differ; what fires is Quartz, so there tests/definitions/test_cron.py decides.
"""

import json
from datetime import UTC, datetime
from itertools import islice

import pytest

from definitions.cron import STAMP, Cron
from dolphin.errors import DolphinRejected

EXPRESSIONS = [
    *(
        "0 0 3 * * ? *",
        "0 0 3 * * ?",
        "0/20 * * * * ? *",
        "5,10,15-17 30 1-3 * * ?",
        "0 0/15 * * * ?",
        "0 10-40/15 0 * * ?",
    ),
    *("0 0 2 L * ?", "0 0 2 1,15,31 * ?", "0 0 2 1/10 * ?", "0 0 2 31 * ?", "0 0 0 29 2 ? *", "0 0 2 1 1/3 ?"),
    *(
        "0 0 2 ? * 2",
        "0 0 2 ? * 2-6",
        "0 0 2 ? * MON-FRI",
        "0 0 2 ? * 1,7",
        "0 0 2 ? * 6L",
        "0 0 2 ? * 6#3",
        "0 0 2 ? * FRI#3",
    ),
    *("0 0 2 ? JAN,JUN-AUG MON", "0 0 8-18/2 ? * MON-FRI", "30 5 0 ? * SUN", "0 0 12 ? * TUE,THU", "0 59 23 28 * ?"),
    *(
        "0 0 0 1 1 ? 2028",
        "0 0 0 1 1 ? 2028,2031",
        "0 0 0 1 1 ? 2028-2034/2",
        "*/7 * * * * ?",
        "0 0/30 9-17 * * ?",
        "0 0 4 ? * 2,4,6",
    ),
    *("0 0 22/3 * * ?", "0 1,31 * * * ?"),
]
ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata"]
LATEST = datetime(2089, 1, 1, tzinfo=UTC)


def ask(server, expression, zone, start):
    times = {"startTime": start, "endTime": "2090-01-01 00:00:00", "crontab": expression, "timezoneId": zone}
    return times, server.client.preview(server.project, json.dumps(times))


@pytest.mark.parametrize("zone", ZONES)
def test_the_preview_names_the_same_fires(server, zone):
    assert len(EXPRESSIONS) >= 30
    if server.is_old:
        zone = "UTC"  # its preview prints in the server's zone, whatever the schedule's
    for expression in EXPRESSIONS:
        if server.is_old and "20" in expression.split()[-1]:
            continue  # its preview fails on a year
        times, told = ask(server, expression, zone, "2027-02-01 12:00:00")
        # The preview reads startTime in the server's zone, the schedule that fires in its own: only the rhythm is compared.
        cron = Cron.of({**times, "startTime": "2020-01-01 00:00:00"})
        assert cron is not None, expression
        first = datetime.strptime(told[0], STAMP).replace(tzinfo=cron.zone)
        ours = islice(cron.between(first, LATEST), len(told))
        assert [fire.astimezone(cron.zone).strftime(STAMP) for fire in ours] == told, (expression, zone)


@pytest.mark.parametrize(
    "expression", ["0 0 25 * * ?", "0 0 3 * *", "0 0 3 1 * 2", "nonsense", "0 0 0 ? * 8", "61 0 0 * * ?"]
)
def test_what_it_refuses_we_do_not_know(server, expression):
    times = {
        "startTime": "2027-02-01 12:00:00",
        "endTime": "2090-01-01 00:00:00",
        "crontab": expression,
        "timezoneId": "UTC",
    }
    assert Cron.of(times) is None
    with pytest.raises(DolphinRejected) as caught:
        server.client.preview(server.project, json.dumps(times))
    assert caught.value.dolphin_code == 10140
