"""The platform's own way on the real DolphinScheduler: draft, its calls, confirm; proven, and told to a signed webhook by Celery.

The project is in record mode, so not one write is ours.
"""

import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.definitions.documents import c1
from tests.flows.stack import curl
from tests.snapshotter.receiver import Receiver

pytestmark = pytest.mark.dolphin_mysql

SETUP = """
from catalog.models import Instance, Project
from catalog.choices import Mode
from catalog.secrets_at_rest import encrypt
from catalog.test_connection import test_connection
from audit.actors import SYSTEM
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.approve import approve_webhook
instance, _ = Instance.objects.get_or_create(name="prod", defaults={{"base_url": "{url}", "token_encrypted": encrypt("{token}")}})
test_connection(instance, actor=SYSTEM)
project = Project.objects.create(instance=instance, code={code}, name="recorded {code}", mode=Mode.RECORD)
endpoint, secret = add_webhook(project, url="{hook}", actor=SYSTEM)
approve_webhook(endpoint, actor=SYSTEM)
print(secret)
"""


@pytest.fixture(scope="module")
def receiver():
    with Receiver(answers=[500]) as server:
        yield server


@pytest.fixture(scope="module")
def governed(stack, receiver, dolphin_311_mysql):
    raw = dolphin_311_mysql
    code = raw.create_project()
    text = stack.shell(SETUP.format(url=raw.url, token=raw.token, code=code, hook=f"{receiver.url}/hook"))
    return code, text.strip()


@pytest.fixture(scope="module")
def call(stack, governed):
    token = stack.manage("service_account", "confirmer", "--project", str(governed[0])).strip()

    def post(path, body):
        answer = curl(
            *("-X", "POST", f"{stack.url}/api/v1/{path}", "--data", json.dumps(body)),
            *("-H", f"Authorization: Bearer {token}", "-H", "Content-Type: application/json"),
        )
        return json.loads(answer)

    return post


def test_confirmed_what_is_there_and_refused_what_is_not(call, governed, receiver, dolphin_311_mysql):
    raw, (project, key) = dolphin_311_mysql, governed
    scripts = dict(zip(raw.task_codes(project, 2), ("echo 抽取", "echo load"), strict=True))
    body = c1(scripts, name="confirmed_daily")
    body["definitions"]["settings"] = {"tenantCode": raw.tenant}

    drafted = call("workflows/confirmed/snapshots", {"project": project, "definition": body})
    assert drafted["snapshot"]["status"] == "draft", drafted
    code = raw.create(project, raw.form("confirmed_daily", scripts))
    path, confirmed = f"snapshots/{drafted['snapshot']['id']}/confirm?wait=60", {"workflow_code": code}
    with ThreadPoolExecutor(5) as callers:  # a platform that sends it five times at one moment gets one answer
        answers = list(callers.map(lambda version: call(path, {**confirmed, "dolphin_version": version}), [1] * 5))
    said = answers[0]
    assert {answer["sync"]["id"] for answer in answers} == {drafted["sync"]["id"]}, answers
    assert (said["sync"]["state"], said["snapshot"]["status"]) == ("succeeded", "published"), said
    assert (said["snapshot"]["dolphin_version"], said["snapshot"]["workflow_code"]) == (1, code)

    first, second = scripts
    body = c1({**scripts, second: "echo load --fast"}, name="confirmed_daily")
    body["definitions"]["settings"] = {"tenantCode": raw.tenant}
    drafted = call("workflows/confirmed/snapshots", {"definition": body})
    form = raw.form("confirmed_daily", {first: "echo by mistake", second: "echo load --fast"})
    raw.data("PUT", f"/projects/{project}/process-definition/{code}", **form)
    said = call(f"snapshots/{drafted['snapshot']['id']}/confirm?wait=60", {"workflow_code": code})
    assert (said["sync"]["error_code"], said["snapshot"]["status"]) == ("not_equal", "failed"), said
    assert [row["task"] for row in said["sync"]["result"]["differences"]] == [first]
    _told(receiver, key, ["confirm.succeeded", "confirm.failed"])


def _told(receiver, key, events):
    """Both ends arrive, the first one again since its first sending was answered 500; each is signed."""
    deadline = time.monotonic() + 90
    while len(receiver.got) < len(events) + 1:
        assert time.monotonic() < deadline, receiver.got
        time.sleep(0.5)
    for _path, headers, body in receiver.got:
        signed = f"{headers['X-Snapshotter-Timestamp']}.".encode() + body
        expected = "v1=" + hmac.new(key.encode(), signed, "sha256").hexdigest()
        assert headers["X-Snapshotter-Signature"] == expected
    told = [json.loads(body) for _path, _headers, body in receiver.got]
    assert {message["event"] for message in told} == set(events)
    assert len({message["delivery"] for message in told}) == len(events)
