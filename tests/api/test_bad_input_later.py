"""Odd but good input is kept as it is; a second request adds nothing; a DolphinScheduler in trouble is never called a success."""

import pytest

from audit.models import AuditEntry
from catalog.models import Instance, Workflow
from definitions.canonical import canonicalise, from_c1
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.store import document_of
from snapshotter.verify import verify_snapshots
from snapshotter.work import run_due
from tests.api.bad_input_later import ODD, REPEATS, TROUBLES, script, table
from tests.api.test_bad_input import DOCS
from tests.services.raw_dolphin import RawDolphin


def publish(api, body, key=""):
    return api("post", "workflows/orders/publish", body=body, **({"Idempotency-Key": key} if key else {}))


@pytest.mark.parametrize("case", ODD, ids=lambda case: case.what)
def test_odd_input_is_kept_as_it_is(case, api, good_body):
    body = case.change(good_body)
    answer = publish(api, body)
    assert answer.status_code == 202, answer.json()
    snapshot = Snapshot.objects.get()
    assert document_of(snapshot) == canonicalise(from_c1(body["definition"])).document
    assert (snapshot.message, snapshot.published_by) == (body["message"], body.get("published_by", ""))
    assert list(verify_snapshots()) == []


@pytest.mark.parametrize("case", REPEATS, ids=lambda case: case.what)
def test_a_second_request(case, api, good_body, dolphin):
    first = publish(api, good_body, case.keys[0])
    assert first.status_code == 202
    if case.done:
        run_due()
    calls = len(dolphin.log)
    answer = publish(api, case.change(good_body), case.keys[1])
    said = answer.json()
    assert answer.status_code == case.status, said
    if "code" in said:
        assert said["code"] == case.says
    elif case.says in ("duplicate", "replayed"):
        assert said[case.says] is True
        assert said["sync"] is None or said["sync"]["id"] == first.json()["sync"]["id"]
        assert said["snapshot"]["id"] == first.json()["snapshot"]["id"]
    else:
        assert said["sync"]["state"] == case.says
    assert (Snapshot.objects.count(), Sync.objects.count(), Workflow.objects.count()) == (*case.kept, 1)
    assert len(dolphin.log) == calls


@pytest.mark.parametrize("case", TROUBLES, ids=lambda case: case.what)
def test_a_dolphin_in_trouble(case, api, good_body, dolphin, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "READ_TIMEOUT": 0.3}
    publish(api, good_body)
    run_due()
    raw, token = RawDolphin(dolphin.url, dolphin.token), dolphin.token
    case.order(_Handle(dolphin))
    answer = publish(api, script("echo new")(good_body))
    assert answer.status_code == 202, answer.json()
    run_due()
    sync = api("get", f"syncs/{answer.json()['sync']['id']}").json()
    assert (sync["state"], sync["error_code"]) == (case.state, case.code), sync
    assert case.message in sync["error_text"]
    newest = api("get", "workflows/orders/versions/latest").json()
    assert (newest["version"], newest["status"]) == (2, "failed" if case.state == "failed" else "draft")
    state = WorkflowState.objects.get()
    assert (state.published.version, state.lock_id is None) == (1, case.state == "failed")
    assert bool(Instance.objects.get().paused_because) == (case.code == "dolphin_unauthorized")
    assert not AuditEntry.objects.filter(event="publish.succeeded", target="orders v2").exists()
    dolphin.faults.clear()
    dolphin.token = token
    assert _scripts(raw)[0] == ("echo new" if case.holds == "new" else "echo a")
    assert len(_scripts(raw)) == 3
    assert list(verify_snapshots()) == []


class _Handle:
    """The sandbox, and its address being dead: nobody listens where the instance points."""

    def __init__(self, dolphin):
        self.fault, self._dolphin = dolphin.fault, dolphin

    def __setattr__(self, name, value):
        if name == "token":
            self._dolphin.token = value
        else:
            super().__setattr__(name, value)

    def stop_listening(self):
        Instance.objects.update(base_url="http://127.0.0.1:9/dolphinscheduler")


def _scripts(raw):
    workflow = Workflow.objects.select_related("project").get()
    data = raw.definition(workflow.project.code, workflow.workflow_code)
    rows = sorted(data["taskDefinitionList"], key=lambda row: row["code"])
    return [row["taskParams"]["rawScript"] for row in rows]


def test_the_tables_in_the_docs_are_these():
    assert len(ODD) + len(REPEATS) + len(TROUBLES) >= 30
    assert table() in DOCS.read_text()
