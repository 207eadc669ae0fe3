"""Alerts as production sends them: sealed, followed and sent by Celery's workers, which are killed in the middle of it."""

import json
import time

import pytest

from tests.operations.alerts.slow import Slow

pytestmark = [pytest.mark.celery, pytest.mark.xdist_group("stack")]

SETUP = """
from datetime import time
from django.contrib.auth.models import User
from audit.access import trail
from audit.actors import SYSTEM
from audit.record import record
from operations.alerts.add_channel import add_channel
from operations.alerts.add_rule import add_rule
channel, _ = add_channel("flow", kind="webhook", address="{url}/hook", actor=SYSTEM)
values = {{"name": "flow", "kinds": ["token_expiring"], "least": "low", "language": "en", "time_zone": "UTC"}}
more = {{"channel": channel, "quiet_from": None, "quiet_to": None, "high_passes": True, "enabled": True}}
rule = add_rule(None, values | more, actor=SYSTEM)
record("service_account.token_expiring", actor=SYSTEM, target=trail(), reason="{reason}")
print(rule.pk)
"""
LET_GO = """
from operations.alerts.models import AlertDelivery
AlertDelivery.objects.filter(rule={rule}, state="pending").update(due_at="2020-01-01T00:00:00Z")
"""
STANDS = """
import json
from operations.alerts.models import AlertDelivery
print(json.dumps(list(AlertDelivery.objects.filter(rule={rule}).values_list("state", "attempts"))))
"""


def test_a_worker_killed_while_it_sends_is_followed_by_another_that_says_the_same(stack):
    with Slow() as receiver:
        rule = int(stack.shell(SETUP.format(url=receiver.url, reason="begins with 1234")))
        assert receiver.come.wait(120), stack.logs()[-3000:]
        for worker in stack.programs[:2]:
            worker.kill()
        receiver.may_answer.set()
        for worker in stack.programs[:2]:
            worker.launch()
        stack.shell(LET_GO.format(rule=rule))  # the dead sender's claim would run out by itself in a minute
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            rows = json.loads(stack.shell(STANDS.format(rule=rule)))
            if [state for state, _attempts in rows] == ["delivered"]:
                break
            time.sleep(0.5)
        else:
            raise AssertionError(stack.logs()[-3000:])
        bodies = [body for _path, _headers, body in receiver.got]
        assert rows[0][1] >= 2 and len(bodies) >= 2
        assert len(set(bodies)) == 1 and "begins with 1234" in bodies[0].decode()
