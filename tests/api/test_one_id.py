"""One id from the caller's header to the last line: answer, rows, worker, DolphinScheduler, webhook, trail, log. And no secret."""

import json
import logging

import pytest
from celery import signals

from audit.context import RequestContext, begin, current
from audit.logs import JsonFormatter, RequestContextFilter
from audit.models import AuditEntry
from config.celery import HEADER, app
from snapshotter.models import Snapshot, Sync
from snapshotter.webhooks.deliver import deliver_due
from snapshotter.work import run_due
from tests.snapshotter.conftest import hook, receiver  # noqa: F401  a receiver of webhooks

ID = "night-shift-2026.11"


@pytest.fixture
def lines():
    written = []

    class Kept(logging.Handler):
        def emit(self, entry):
            written.append(self.format(entry))

    handler = Kept(logging.DEBUG)
    handler.addFilter(RequestContextFilter())
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)  # libraries say most here
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def test_from_the_callers_header_to_the_last_line(api, good_body, hook, receiver, dolphin, lines):  # noqa: F811
    answer = api("post", "workflows/orders/publish", body=good_body, **{"X-Request-ID": ID})
    assert (answer.status_code, answer["X-Request-ID"]) == (202, ID)
    dolphin.log.clear()
    run_due()
    assert deliver_due() == 1
    sync = Sync.objects.get()
    assert (sync.request_id, Snapshot.objects.get().request_id, sync.state) == (ID, ID, "succeeded")
    assert {call.request_id for call in dolphin.log} == {ID}
    ((_, headers, body),) = receiver.got
    assert headers["X-Request-ID"] == json.loads(body)["request_id"] == ID
    events = set(AuditEntry.objects.filter(request_id=ID).values_list("event", flat=True))
    assert {"publish.accepted", "publish.succeeded"} <= events
    told = [json.loads(line) for line in lines]
    ended = next(line for line in told if line.get("event") == "publish.succeeded")
    assert (ended["request_id"], ended["sync"], ended["scope"]) == (ID, str(sync.pk), "sandbox/warehouse")
    assert {line["request_id"] for line in told if line["logger"].startswith("snapshotter.")} == {ID}


def test_no_secret_is_in_any_line(api, good_body, make_definition, hook, receiver, dolphin, project, lines):  # noqa: F811
    good_body["definition"]["definitions"]["settings"]["globalParams"] = [
        {"prop": "db_password", "value": "hunter2-canary", "direct": "IN", "type": "VARCHAR"}
    ]
    api("post", "workflows/orders/publish", body=good_body)
    run_due()
    receiver.answers.append(500)
    deliver_due()
    dolphin.token = "another"  # and DolphinScheduler refuses ours from now on
    good_body["definition"] = make_definition("echo other")
    api("post", "workflows/orders/publish", body=good_body)
    run_due()
    said = "\n".join(lines)
    assert "publish.succeeded" in said and "instance.paused" in said and "was not taken" in said
    bearer = api.__closure__  # the tokens of the callers
    tokens = [
        token
        for cell in bearer
        for token in (cell.cell_contents.values() if isinstance(cell.cell_contents, dict) else [])
    ]
    assert tokens
    for secret in ("hunter2-canary", hook.secret, "sandbox-token", *tokens):
        assert secret not in said


def test_a_task_carries_the_id_and_a_worker_takes_it():
    """Celery's own signals, as publishing and running send them."""
    begin(RequestContext(request_id=ID))
    try:
        headers = {}
        signals.before_task_publish.send(sender="x", headers=headers)
        assert headers == {HEADER: ID}
        begin(RequestContext())
        task = app.tasks["celery.ping"] if "celery.ping" in app.tasks else next(iter(app.tasks.values()))
        task.push_request(**headers)
        try:
            signals.task_prerun.send(sender=task, task=task)
            assert current().request_id == ID
        finally:
            task.pop_request()
        task.push_request()
        try:
            signals.task_prerun.send(sender=task, task=task)
            assert current().request_id == "", "the next task does not inherit it"
        finally:
            task.pop_request()
    finally:
        begin(RequestContext())
