"""The whole: what refuses comes first, gaps have their reasons, nothing is written."""

import json

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audit.models import AuditEntry
from catalog.clients import client_for
from catalog.models import Instance
from dolphin.observe import observe
from rollback.choices_of import Choices
from rollback.impact.findings import Finding, Weight, not_acknowledged, refused
from rollback.impact.impact import findings_of, impact
from rollback.impact.look import Look
from snapshotter.choices import Online
from snapshotter.derive_lineage import derive_due
from snapshotter.models import Snapshot, Sync
from tests.rollback.impact.conftest import codes, workflow_of


def test_it_is_plain_json_in_the_readers_language(history, ask, project, other):
    other("parent", task={"taskType": "SUB_PROCESS", "taskParams": {"processDefinitionCode": _code()}})
    derive_due(60)
    found = ask(online=Online.OFF)
    said = json.loads(json.dumps(found.as_json()))
    assert said.keys() == {"findings", "running", "fires", "dependents", "lineage", "freeze", "lock"}
    assert [row["code"] for row in said["findings"]][:2] == ["goes_offline", "dependents"]
    assert said["fires"]["now"]["at"].endswith("+00:00") and said["fires"]["after"] is None
    assert Finding.from_json(said["findings"][0]).text == said["findings"][0]["text"]
    with translation.override("zh-hans"):
        assert "下线" in found.as_json()["findings"][0]["text"]


def _code():
    return workflow_of("orders").workflow_code


def test_what_refuses_comes_first_and_what_is_agreed_to_is_by_name(history, ask, raw, project, manager):
    raw.edit(project.code, _code(), "echo by hand")
    Snapshot.objects.filter(version=1).update(schedule=None)
    found = ask(schedule="from_definition", online=Online.OFF).findings
    weights = [row.weight for row in found]
    assert weights == sorted(weights, key=list(Weight).index)
    assert [row.code for row in refused(found)] == ["schedule_unknown"]
    assert {row.code for row in not_acknowledged(found, [])} == {"overwrites_edit"}
    assert not not_acknowledged(found, ["overwrites_edit"])


def test_nothing_is_written_anywhere(history, ask, dolphin):
    derive_due(60)
    before = (AuditEntry.objects.count(), Sync.objects.count())
    dolphin.log.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ask()
    assert not [one["sql"] for one in queries if not one["sql"].startswith("SELECT")]
    written = [call for call in dolphin.log if call.method != "GET"]
    assert [call.path.rsplit("/", 1)[-1] for call in written] == [
        "list"
    ]  # schedules, which DolphinScheduler lists by POST
    assert (AuditEntry.objects.count(), Sync.objects.count()) == before


def test_queries_do_not_grow_with_the_workflows(history, ask, other):
    code = _code()
    task = {"taskType": "SUB_PROCESS", "taskParams": {"processDefinitionCode": code}}
    counts = []
    ask()  # what is asked once a person, such as rights
    for number in range(2):
        for one in range(3):
            other(f"parent{number}{one}", task=task)
        derive_due(60)
        with CaptureQueriesContext(connection) as queries:
            assert ask().dependents.count == 3 * (number + 1)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 60


def test_a_dolphin_that_is_away_leaves_gaps_and_is_asked_once(history, ask, dolphin):
    dolphin.stop()
    try:
        found = ask()
    finally:
        dolphin.__init__()  # the fixture stops it again
        dolphin.start()
    assert found.running is None and found.fires.now is not None  # by the published version
    gaps = [row.values["part"] for row in found.findings if row.code == "cannot_tell"]
    assert gaps == ["live", "running"]
    assert all(row.values["because"] for row in found.findings if row.code == "cannot_tell")


def finding_of(found, part):
    return next(row for row in found.findings if row.code == "cannot_tell" and row.values["part"] == part)


def test_an_instance_that_is_paused_leaves_gaps(history, ask):
    for field in ({"token_encrypted": "?"}, {"paused_because": "401"}, {"enabled": False}):
        Instance.objects.update(**field)
        found = ask()
        assert (found.running, "cannot_tell" in codes(found)) == (None, True), field
    kept = finding_of(found, "live")
    with translation.override("zh-hans"):
        assert ask().findings == found.findings  # kept in English whoever asks
        assert "。" in kept.text
    assert codes(found, Weight.REFUSED) == []


def test_a_decision_uses_what_it_has_read_itself(history, viewer, project):
    workflow, target = workflow_of("orders"), Snapshot.objects.get(version=1)
    with client_for(project.instance) as client:
        live = observe(client, project.code, workflow.workflow_code)
    choices = Choices(online=Online.OFF)
    found = findings_of(workflow, target, choices=choices, live=live, reader=viewer)
    assert "goes_offline" in [row.code for row in found]
    seen = Look.of_observation(live)
    assert impact(workflow, target, choices=choices, reader=viewer, look=seen).findings == found


def test_a_secret_in_a_name_is_told_nowhere(run_publish, make_definition, other, ask):
    for script in ("echo one", "echo two"):
        run_publish(make_definition(script, name=f"token=hunter2 {script}"))
    other("parent", name="password=hunter3", task={"taskType": "SUB_PROCESS", "taskParams": _runs()})
    derive_due(60)
    said = str(ask(with_name=True).as_json())
    assert "renamed" in said and "parent" in said
    assert "hunter2" not in said and "hunter3" not in said


def _runs():
    return {"processDefinitionCode": _code()}
