"""The same secrets through gunicorn, Celery workers, Redis, MySQL and the real DolphinScheduler: none in Redis, logs or the database."""

import json
import time

import pytest
import redis

from tests.definitions.documents import c1
from tests.flows.stack import curl
from tests.security.canaries import IN_THE_DEFINITION, Canaries

pytestmark = pytest.mark.dolphin_mysql

DUMP = """
import json, sys
from tests.security.canaries import database
print(json.dumps([cell for cell in database()]))
"""


@pytest.fixture(scope="module")
def canaries():
    return Canaries()


@pytest.fixture(scope="module")
def told(stack, project, dolphin_311_mysql, canaries, tmp_path_factory):
    """Publish by curl, once so that it succeeds and once so that DolphinScheduler refuses; return what was answered."""
    raw = dolphin_311_mysql
    canaries["service_token"] = stack.manage("service_account", "canary", "--project", str(project)).strip()
    canaries["dolphin_token"] = raw.token
    folder = tmp_path_factory.mktemp("canaries")
    definition = canaries.put_into(c1(dict.fromkeys(raw.task_codes(project, 3), "echo a"), name="canaries"))
    definition["definitions"]["settings"]["tenantCode"] = raw.tenant
    broken = json.loads(json.dumps(definition))
    next(iter(broken["definitions"]["tasks"].values()))["description"] = "😀"  # its MySQL holds three bytes a character
    answers = []
    for number, body in enumerate((definition, broken)):
        file = folder / f"{number}.json"
        file.write_text(json.dumps({**canaries.request(body), "project": project}))
        answers.append(
            curl(
                *("-X", "POST", f"{stack.url}/api/v1/workflows/canaries/publish?wait=60"),
                *("-H", f"Authorization: Bearer {canaries['service_token']}", "-H", "Content-Type: application/json"),
                *("-H", f"Idempotency-Key: {canaries['idempotency_key']}{number}", "--data", f"@{file}"),
            )
        )
    return answers


def test_they_went_in(told, dolphin_311_mysql, project, canaries):
    first, second = map(json.loads, told)
    assert first["sync"]["state"] == "succeeded", first
    assert second["sync"]["state"] == "failed", second
    held = json.dumps(dolphin_311_mysql.definition(project, first["snapshot"]["workflow_code"]))
    assert set(canaries.found_in(held)) == set(IN_THE_DEFINITION)


def test_answers_and_logs_hold_none(told, stack, canaries):
    assert not canaries.found_in("\n".join(told))
    logs = stack.logs()
    assert "publish.succeeded" in logs and "publish.failed" in logs
    assert not canaries.found_in(logs)
    for name in ("SECRET_KEY", "SNAPSHOTTER_ENCRYPTION_KEYS", "DATABASE_URL"):
        assert stack.environment[name] not in logs, name


def test_redis_holds_none_and_only_ids_pass_through_it(told, stack, project, canaries):
    broker = redis.Redis.from_url(stack.redis.url)
    passed = []
    with broker.monitor() as monitor:
        answer = curl(
            *("-X", "POST", f"{stack.url}/api/v1/workflows/canaries/capture?wait=60"),
            *("-H", f"Authorization: Bearer {canaries['service_token']}", "-H", "Content-Type: application/json"),
            *("--data", json.dumps({"message": f"password={canaries['message']}"})),
        )
        deadline = time.monotonic() + 20
        for command in monitor.listen():
            passed.append(str(command["command"]))
            if "snapshotter.tasks.sync" in passed[-1] or time.monotonic() > deadline:
                break
    assert json.loads(answer)["sync"]["is_finished"]
    assert any("snapshotter.tasks.sync" in command for command in passed)
    assert not canaries.found_in("\n".join(passed))
    held = [key.decode() + repr(_value(broker, key)) for key in broker.scan_iter("*")]
    assert not canaries.found_in("\n".join(held))


def _value(broker, key):
    kind = broker.type(key).decode()
    read = {
        "list": lambda: broker.lrange(key, 0, -1),
        "hash": lambda: broker.hgetall(key),
        "set": lambda: broker.smembers(key),
    }
    read |= {"zset": lambda: broker.zrange(key, 0, -1), "string": lambda: broker.get(key)}
    return read[kind]() if kind in read else None


def test_mysql_holds_them_only_as_content(told, stack, canaries):
    cells = json.loads(stack.shell(DUMP).splitlines()[-1])
    content = "".join(text for place, text in cells if place == "content")
    assert not [
        (place, canaries.found_in(text)) for place, text in cells if place != "content" and canaries.found_in(text)
    ]
    assert set(canaries.found_in(content)) == set(IN_THE_DEFINITION)
