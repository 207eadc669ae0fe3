"""What the version refers to, and is not there any more."""

import pytest
from django.utils import translation

from rollback.impact.findings import Weight
from snapshotter.choices import Trigger
from snapshotter.import_snapshot import import_snapshot
from snapshotter.make_snapshot import Origin
from tests.rollback.impact.conftest import codes, finding, runs, waits_for

SQL = {"taskType": "SQL", "taskParams": {"type": "MYSQL", "datasource": 3, "sql": "select 1", "sqlType": "0"}}


@pytest.fixture
def around(dolphin):
    """Everything is there while the first version is published."""
    dolphin.state.data_sources.append({"id": 3, "type": "MYSQL"})
    dolphin.state.environments.append({"code": 5})
    dolphin.state.tenants.append({"id": 2, "tenantCode": "etl"})
    dolphin.state.resources.append({"id": 7, "fullName": "/lib", "children": [{"id": 8, "fullName": "/lib/a.sh"}]})
    return dolphin.state


@pytest.fixture
def versions(run_publish, make_definition):
    """Publish a version whose first task has this, and a plain one after it."""

    def make(settings=None, **change):
        body = make_definition("echo one")
        next(iter(body["definitions"]["tasks"].values())).update(change)
        body["definitions"]["settings"].update(settings or {})
        for version in (body, make_definition("echo two")):
            sync = run_publish(version)
            assert sync.state == "succeeded", sync.error_text

    return make


def test_what_is_gone_is_refused_in_preflights_words(around, versions, ask):
    versions(**SQL, environmentCode=5, settings={"tenantCode": "etl"})
    assert "references_missing" not in codes(ask())
    for table, code in (
        ("data_sources", "data_source_missing"),
        ("environments", "environment_missing"),
        ("tenants", "tenant_missing"),
    ):
        kept = list(getattr(around, table))
        getattr(around, table).clear()
        found = finding(ask(), "references_missing")
        assert (found.weight, [row["code"] for row in found.values["problems"]]) == (Weight.REFUSED, [code])
        assert "DolphinScheduler has no" in found.text
        getattr(around, table).extend(kept)
    with translation.override("zh-hans"):
        assert "DolphinScheduler" in found.text and "Create it" not in found.text


def test_workflows_that_are_gone_are_refused(around, versions, ask, other, dolphin):
    child = other("child").workflow_code
    versions(**runs(child))
    dolphin.state.definitions.pop(child)
    assert [row["code"] for row in finding(ask(), "references_missing").values["problems"]] == ["sub_workflow_missing"]


def test_a_workflow_it_waits_for_that_is_gone(around, versions, ask, other, dolphin):
    upstream = other("upstream").workflow_code
    versions(**waits_for(dolphin.project, upstream))
    dolphin.state.definitions.pop(upstream)
    assert [row["code"] for row in finding(ask(), "references_missing").values["problems"]] == ["dependency_missing"]


def test_all_that_is_gone_is_said_at_once(around, versions, ask):
    versions(**SQL, environmentCode=5)
    around.environments.clear()
    around.data_sources.clear()
    problems = finding(ask(), "references_missing").values["problems"]
    assert {row["code"] for row in problems} == {"environment_missing", "data_source_missing"}


def test_a_task_that_stays_as_it_is_is_left_alone(around, run_publish, make_definition, ask):
    for script in ("echo one", "echo two"):
        body = make_definition(script)
        list(body["definitions"]["tasks"].values())[1]["environmentCode"] = 5
        run_publish(body)
    around.environments.clear()
    assert "references_missing" not in codes(ask())


def test_what_dolphin_would_refuse_for_itself(run_publish, make_definition, ask, project, manager):
    run_publish(make_definition("echo one"))
    body = make_definition("echo two")
    body["definitions"]["settings"]["description"] = "x" * 256
    origin = Origin(trigger=Trigger.IMPORT)
    import_snapshot(body, project=project, workflow_key="orders", origin=origin, actor=manager)
    found = finding(ask(2), "preflight_refuses")
    assert (found.weight, found.values["problems"][0]["code"]) == (Weight.REFUSED, "description_too_long")


def test_a_plain_users_short_lists_are_a_note(around, versions, ask):
    versions(**SQL, environmentCode=5)
    around.environments.clear()
    around.users[0]["userType"] = "GENERAL_USER"
    found = finding(ask(), "preflight_warns")
    assert (found.weight, [row["code"] for row in found.values["problems"]]) == (Weight.NOTE, ["environment_unseen"])


def test_files_that_are_gone_must_be_agreed_to(around, versions, ask):
    files = [{"id": 8, "resourceName": "/lib/a.sh"}]
    versions(taskParams={"rawScript": "sh a.sh", "localParams": [], "resourceList": files})
    assert "resources_missing" not in codes(ask())
    around.resources[0]["children"].clear()
    found = finding(ask(), "resources_missing")
    assert (found.weight, found.values) == (Weight.ACKNOWLEDGE, {"names": ["/lib/a.sh"], "count": 1})
    around.users[0]["userType"] = "GENERAL_USER"
    assert finding(ask(), "resources_unseen").weight == Weight.NOTE


def test_files_by_path_can_not_be_told(around, versions, ask):
    files = [{"resourceName": "/tenant/a.sh"}]
    versions(taskParams={"rawScript": "sh a.sh", "localParams": [], "resourceList": files})
    assert finding(ask(), "cannot_tell").values["part"] == "resources"
