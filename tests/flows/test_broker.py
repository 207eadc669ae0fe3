"""A broker that is down, comes back, and has forgotten everything changes nothing but the delay."""

import pytest

from tests.definitions.documents import c1
from tests.flows.platforms import Caller, Platform
from tests.services.process import wait_until

pytestmark = pytest.mark.dolphin_mysql


def test_what_is_accepted_while_the_broker_is_down_is_carried_out_when_it_is_back(
    send, get, ended, project, dolphin_311_mysql, stack
):
    raw = dolphin_311_mysql
    codes = raw.task_codes(project, 2)
    made = []
    for code in codes:
        body = c1({code: "echo"}, name=f"while the broker is down {code}")
        body["definitions"]["settings"] = {"tenantCode": raw.tenant}
        made.append(body)
    stack.redis.stop()
    try:
        status, answer = send("no-broker", made[0])
        assert status == 202, answer
        assert get(f"syncs/{answer['sync']['id']}")["state"] == "queued"
    finally:
        stack.redis.start()  # without anything in it
    assert ended(answer["sync"]["id"])["state"] == "succeeded"
    assert get(f"snapshots/{answer['snapshot']['id']}")["status"] == "published"
    status, later = send("broker-back", made[1])
    assert (status, ended(later["sync"]["id"])["state"]) == (202, "succeeded")


def test_workers_outlive_their_broker_under_publishing(stack, project, token, dolphin_311_mysql):
    """Where a worker had something in hand when the broker went, kombu used to end it (see CELERY_BROKER_TRANSPORT_OPTIONS)."""
    raw = dolphin_311_mysql
    caller = Caller(stack.url, token, project)
    platforms = [Platform(caller, f"in-hand-{code}", code, raw.tenant) for code in raw.task_codes(project, 4)]
    for platform in platforms:
        platform.start()
    wait_until(lambda: all(len(platform.acknowledged) > 1 for platform in platforms), 60)
    stack.redis.stop()
    try:
        wait_until(lambda: all(_knows(stack.log(name)) for name in ("worker1", "worker2")), 60)
    finally:
        stack.redis.start()
    for platform in platforms:
        platform.stop.set()
    for platform in platforms:
        platform.join(120)
        assert {one.state for one in platform.acknowledged} == {"succeeded"}
    assert all(stack.program(name).answers() for name in ("worker1", "worker2"))


def _knows(log):
    """Whether the worker has said since its last connection that the broker is away, or has ended over it."""
    since = log.rpartition("Connected to redis")[2]
    return "Connection to broker lost" in since or "Unrecoverable error" in since
