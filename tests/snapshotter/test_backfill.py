"""Back-fill: old versions recovered from runs, by content, on the sandbox and on the real 3.1.1."""

import json
import time

import pytest

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.clients import client_for
from catalog.errors import NotAllowed, ProjectOff
from catalog.models import Instance, Project
from catalog.secrets_at_rest import encrypt
from definitions.canonical import canonicalise
from dolphin.client import DolphinClient
from dolphin.payloads import read_dag_data
from snapshotter.backfill import Outcome, backfill
from snapshotter.capture import capture, govern
from snapshotter.choices import Trigger
from snapshotter.errors import WorkflowLocked
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.work import run_due
from tests.services.raw_dolphin import RawDolphin


class Past:
    """A workflow with a history: each `save` is a version, each `run` a run of the present one."""

    def __init__(self, raw, project):
        self.raw, self.project, self.published = raw, project, {}
        self.codes = raw.task_codes(project, 3)
        self.code = None

    def save(self, *scripts, name="daily"):
        """Save a version as DolphinScheduler's own page would, and note what it shows then."""
        form = self.raw.form(name, dict(zip(self.codes, scripts, strict=False)))
        if self.code is None:
            self.code = self.raw.create(self.project, form)
        else:
            live = {row["code"]: row for row in self.raw.definition(self.project, self.code)["taskDefinitionList"]}
            tasks = json.loads(form["taskDefinitionJson"])
            tasks = [{**task, "version": live.get(task["code"], {"version": 0})["version"]} for task in tasks]
            form["taskDefinitionJson"] = json.dumps(tasks)
            self.raw.data("PUT", f"/projects/{self.project}/process-definition/{self.code}", **form)
        shown = self.raw.definition(self.project, self.code)
        self.published[shown["processDefinition"]["version"]] = canonicalise(read_dag_data(shown), check=False)

    def run(self):
        self.raw.release(self.project, self.code, "ONLINE")
        before = len(self.raw.runs(self.project, self.code))
        self.raw.start(self.project, self.code)
        deadline = time.monotonic() + 60
        while len(self.raw.runs(self.project, self.code)) == before:
            assert time.monotonic() < deadline, "the run never showed"
            time.sleep(0.2)
        self.raw.release(self.project, self.code, "OFFLINE")


@pytest.fixture(
    params=[
        "sandbox",
        pytest.param("dolphin_311", marks=pytest.mark.dolphin),
        pytest.param("dolphin_311_mysql", marks=pytest.mark.dolphin_mysql),
    ]
)
def past(request, db):
    """Versions 1 to 3 ran, 4 never did, 5 is live."""
    if request.param == "sandbox":
        raw = request.getfixturevalue("dolphin")
        raw = RawDolphin(raw.url, raw.token)
    else:
        raw = request.getfixturevalue(request.param)
    past = Past(raw, raw.create_project())
    for scripts in (("echo 1", "echo b", "echo c"), ("echo 2", "echo b"), ("echo 3", "echo b", "echo again")):
        past.save(*scripts, name=f"每日 {scripts[0]}")
        past.run()
    past.save("echo 4", "echo b", "echo c")
    past.save("echo 5", "echo b", "echo c")
    return past


@pytest.fixture
def workflow(past, publisher_of):
    instance = Instance.objects.create(
        name="past", base_url=past.raw.url, token_encrypted=encrypt(past.raw.token), flavour="3.1"
    )
    project = Project.objects.create(instance=instance, code=past.project, name="past", mode=Mode.RECORD)
    publisher_of(project)
    return govern(project, workflow_code=past.code, name="daily", actor=publisher_of.user)


@pytest.fixture
def publisher_of(db):
    from django.contrib.auth.models import User
    from guardian.shortcuts import assign_perm

    from catalog.permissions import PUBLISH, VIEW

    def grant(project):
        for permission in (VIEW, PUBLISH):
            assign_perm(permission, grant.user, project)

    grant.user = User.objects.create_user("filler", is_staff=True)
    return grant


def fill(workflow, actor):
    with client_for(workflow.project.instance) as client:
        return list(backfill(client, workflow, actor=actor))


def told(lines):
    return [(line.version, line.outcome, line.because) for line in lines]


def test_versions_that_ran_come_back_by_content(past, workflow, publisher_of):
    lines = fill(workflow, publisher_of.user)
    assert told(lines) == [
        *((version, Outcome.RECOVERED, "") for version in (1, 2, 3)),
        (4, Outcome.LOST, "no_run"),
        (5, Outcome.LIVE, ""),
    ]
    kept = Snapshot.objects.order_by("version")
    assert [row.dolphin_version for row in kept] == [1, 2, 3]
    for row in kept:
        shown = past.published[row.dolphin_version]
        assert (row.content_hash, row.label_hash, row.layout_hash) == (
            shown.content_hash,
            shown.label_hash,
            shown.layout_hash,
        )
        assert (row.trigger, row.schedule_hash, row.live_from, row.status) == (Trigger.BACKFILL, "", None, "published")
    assert [row.change_summary["tasks_removed"] for row in kept] == [0, 1, 0]
    state = WorkflowState.objects.get(workflow=workflow)
    assert (state.published, state.last_version) == (None, 3)
    assert AuditEntry.objects.filter(event="snapshot.backfilled").count() == 3


def test_a_second_time_makes_nothing_and_hardly_asks(past, workflow, publisher_of):
    fill(workflow, publisher_of.user)
    capture(workflow, origin=Origin(trigger=Trigger.BASELINE), actor=publisher_of.user)
    run_due()
    calls = []
    with client_for(workflow.project.instance, observer=calls.append) as client:
        lines = list(backfill(client, workflow, actor=publisher_of.user))
    assert told(lines) == [
        *((version, Outcome.HELD, "") for version in (1, 2, 3)),
        (4, Outcome.LOST, "no_run"),
        (5, Outcome.HELD, ""),
    ]
    assert Snapshot.objects.count() == 4
    assert len(calls) == 3  # version log, live, newest runs


def test_stopped_in_the_middle_it_goes_on(past, workflow, publisher_of):
    with client_for(workflow.project.instance) as client:
        lines = backfill(client, workflow, actor=publisher_of.user)
        assert next(lines).outcome == Outcome.RECOVERED
        lines.close()
    assert Snapshot.objects.count() == 1
    fill(workflow, publisher_of.user)
    assert [row.dolphin_version for row in Snapshot.objects.order_by("version")] == [1, 2, 3]


def test_of_a_deleted_workflow_all_that_is_not_held_is_lost(past, workflow, publisher_of):
    with client_for(workflow.project.instance) as client:
        lines = backfill(client, workflow, actor=publisher_of.user)
        next(lines)
        lines.close()
    deadline = time.monotonic() + 60
    while {row["state"] for row in past.raw.runs(past.project, past.code)} - {"SUCCESS", "FAILURE"}:
        assert time.monotonic() < deadline, "a run never ended"
        time.sleep(0.2)
    past.raw.data("DELETE", f"/projects/{past.project}/process-definition/{past.code}")
    assert told(fill(workflow, publisher_of.user)) == [
        (1, Outcome.HELD, ""),
        *((version, Outcome.LOST, "no_run") for version in (2, 3, 4, 5)),
    ]


def test_refused_without_the_right_in_mode_off_and_while_locked(past, workflow, publisher_of, django_user_model):
    from guardian.shortcuts import assign_perm

    looker = django_user_model.objects.create_user("looker", is_staff=True)
    assign_perm("catalog.view_project", looker, workflow.project)
    with pytest.raises(NotAllowed):
        fill(workflow, looker)
    assert AuditEntry.objects.filter(event="backfill.refused").count() == 1
    capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=publisher_of.user)
    with pytest.raises(WorkflowLocked):
        fill(workflow, publisher_of.user)
    run_due()
    workflow.project.mode = Mode.OFF
    with pytest.raises(ProjectOff):
        fill(workflow, publisher_of.user)


def test_a_task_that_a_run_does_not_show_is_taken_from_its_own_log(dolphin):
    from dolphin.recover import TASK_GONE, Lost, Recovered
    from dolphin.recover import Past as Recovery

    raw = RawDolphin(dolphin.url, dolphin.token)
    past = Past(raw, dolphin.project)
    past.save("echo 1", "echo b")
    past.run()
    past.save("echo 2", "echo b")
    with DolphinClient(dolphin.url, dolphin.token) as client:
        whole = client.run(dolphin.project, 1)
        shown = whole["dagData"]["taskDefinitionList"]
        client.run = lambda *_: {"dagData": {**whole["dagData"], "taskDefinitionList": shown[:1]}}
        row = {"version": 1}
        found = Recovery(client, dolphin.project, past.code).recover(row)
        assert isinstance(found, Recovered)
        assert found.canonical.content_hash == past.published[1].content_hash
        del dolphin.state.task_log[shown[1]["code"]]
        assert Recovery(client, dolphin.project, past.code).recover(row) == Lost(1, TASK_GONE)
