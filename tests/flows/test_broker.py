"""A broker that is down, comes back, and has forgotten everything changes nothing but the delay."""

import pytest

from tests.definitions.documents import c1

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
