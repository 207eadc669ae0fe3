"""As in production: one id goes from curl through Celery to the worker's log; every process tells the same metrics and health."""

import json
import time

import pytest
import requests

from tests.definitions.documents import c1
from tests.flows.stack import curl
from tests.operations.metrics.reading import Metrics

pytestmark = pytest.mark.dolphin_mysql
ID = "from-curl-to-the-worker"


def until(look, seconds=90):
    """Return what is looked for once it is there."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "not in time"
        time.sleep(0.2)
    return found


def test_from_curl_to_the_worker(stack, project, token, dolphin_311_mysql, tmp_path):
    raw = dolphin_311_mysql
    texts = dict(zip(raw.task_codes(project, 2), ("echo a", "echo b"), strict=True))
    definition = c1(texts, name="one_id")
    definition["definitions"]["settings"] = {"tenantCode": raw.tenant}
    body = tmp_path / "body.json"
    body.write_text(json.dumps({"project": project, "definition": definition}))
    answer = json.loads(
        curl(
            *("-X", "POST", f"{stack.url}/api/v1/workflows/one_id/publish?wait=60"),
            *("-H", f"Authorization: Bearer {token}", "-H", f"X-Request-ID: {ID}"),
            *("-H", "Content-Type: application/json", "--data-binary", f"@{body}"),
        )
    )
    assert (answer["sync"]["state"], answer["sync"]["request_id"]) == ("succeeded", ID), answer
    logs = [(stack.folder / f"worker{number}.log").read_text() for number in (1, 2)]
    (worked,) = [log for log in logs if f"request_id={ID} sync={answer['sync']['id']} kind=publish" in log]
    lines = [line for line in worked.splitlines() if f"request_id={ID}" in line]
    assert any("event=publish.succeeded" in line for line in lines)
    assert any("snapshotter.tasks.sync" in line and "succeeded in" in line for line in lines), "Celery's own line too"
    assert raw.token not in "".join(logs) and token not in "".join(logs)
    _metrics_and_health_of_all_processes(stack)


def _metrics_and_health_of_all_processes(stack):
    def scraped():
        answer = requests.get(f"{stack.url}/metrics", timeout=10)
        assert answer.status_code == 200, answer.text
        seen = Metrics(answer.text)
        counted = seen("snapshotter_events_counted_sequence") == seen("snapshotter_audit_sequence")
        return seen if counted and seen("snapshotter_publishes_total", result="succeeded") else None

    seen = until(scraped)
    labels = {"kind": "publish", "state": "succeeded", "dolphin": "prod"}
    assert seen("snapshotter_sync_duration_seconds_count", **labels) >= 1
    assert seen("snapshotter_worker_last_round_timestamp_seconds", worker="work") > time.time() - 120
    ready = requests.get(f"{stack.url}/readyz", timeout=10)
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
