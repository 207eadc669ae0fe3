"""Preflight: what stands in the way is said before DolphinScheduler is written, all at once; what can't be seen never blocks."""

import pytest

from audit.models import AuditEntry
from definitions.document import Document
from dolphin.flavours import V31
from dolphin.sandbox import routes, workflows
from dolphin.sandbox.answers import Refused
from snapshotter.choices import LiveEffect, Online, ScheduleChoice, SyncState
from snapshotter.models import WorkflowState
from snapshotter.preflight.content import LARGEST_CREATE, content_problems
from snapshotter.preflight.parts import Change
from tests.definitions.documents import SCHEDULE

WRITES = ("PUT", "DELETE")


@pytest.fixture
def with_task(make_definition):
    """Return a body whose first task is changed."""

    def make(*scripts, settings=None, body=None, **change):
        body = body or make_definition(*scripts)
        task = next(iter(body["definitions"]["tasks"].values()))
        task.update(change)
        body["definitions"]["settings"].update(settings or {})
        return body

    return make


def written(dolphin):
    endings = ("release", "process-definition", "schedules")
    return [
        call for call in dolphin.log if call.method in WRITES or (call.method == "POST" and call.path.endswith(endings))
    ]


def codes(sync, kind="problems"):
    return [problem["code"] for problem in sync.result.get("preflight", {}).get(kind, [])]


@pytest.mark.parametrize(
    ("change", "settings", "code"),
    [
        ({"workerGroup": "gpu"}, {}, "worker_group_missing"),
        ({"environmentCode": 5}, {}, "environment_missing"),
        ({"taskType": "SQL", "taskParams": {"type": "MYSQL", "datasource": 3, "sql": "x"}}, {}, "data_source_missing"),
        ({"taskType": "SUB_PROCESS", "taskParams": {"processDefinitionCode": 99}}, {}, "sub_workflow_missing"),
        (
            {
                "taskType": "DEPENDENT",
                "taskParams": {
                    "dependence": {
                        "dependTaskList": [
                            {"dependItemList": [{"projectCode": 1, "definitionCode": 5, "depTaskCode": 0}]}
                        ]
                    }
                },
            },
            {},
            "dependency_missing",
        ),
        ({}, {"tenantCode": "nobody"}, "tenant_missing"),
        ({}, {"description": "x" * 256}, "description_too_long"),
    ],
)
def test_what_is_missing_ends_it_untouched(run_publish, with_task, dolphin, change, settings, code):
    sync = run_publish(with_task(settings=settings, **change))
    assert (sync.state, sync.error_code, sync.snapshot.live_effect) == (
        SyncState.FAILED,
        "preflight",
        LiveEffect.UNTOUCHED,
    )
    assert (codes(sync), sync.snapshot.error_step) == ([code], "preflight")
    assert code in sync.error_text and sync.result["preflight"]["problems"][0]["text"] in sync.error_text
    assert written(dolphin) == []
    assert WorkflowState.objects.get().lock_id is None
    assert AuditEntry.objects.get(event="publish.failed").reason.startswith("preflight")


def test_all_problems_are_said_at_once(run_publish, with_task):
    sync = run_publish(with_task(workerGroup="gpu", environmentCode=5, settings={"tenantCode": "nobody"}))
    assert codes(sync) == ["tenant_missing", "worker_group_missing", "environment_missing"]


def test_what_is_there_is_no_problem(run_publish, with_task, dolphin):
    dolphin.state.data_sources.append({"id": 3, "type": "MYSQL", "name": "orders"})
    dolphin.state.environments.append({"code": 5, "name": "py"})
    params = {"type": "MYSQL", "datasource": 3, "sql": "select 1", "sqlType": "0"}
    change = {"taskType": "SQL", "taskParams": params, "environmentCode": 5}
    sync = run_publish(with_task(settings={"tenantCode": "hadoop"}, **change))
    assert (sync.state, codes(sync), codes(sync, "warnings")) == (SyncState.SUCCEEDED, [], [])


def test_a_taken_name_is_said_before_anything_is_written(run_publish, make_definition, dolphin):
    run_publish(make_definition(), key="first")
    dolphin.log.clear()
    body = make_definition("echo other", name="ORDERS_daily ")
    body["definitions"]["tasks"] = {str(int(code) + 1): task for code, task in body["definitions"]["tasks"].items()}
    for relation in body["relations"]:
        relation["preTaskCode"] += 1 if relation["preTaskCode"] else 0
        relation["postTaskCode"] += 1
    sync = run_publish(body, key="second")
    assert (codes(sync), written(dolphin)) == (["name_taken"], [])


def test_keeping_its_own_name_is_fine(run_publish, make_definition):
    run_publish(make_definition())
    assert run_publish(make_definition("echo 2", name="Orders_Daily")).state == SyncState.SUCCEEDED


def test_a_task_that_did_not_change_is_not_looked_at(run_publish, with_task, make_definition, dolphin):
    body = with_task(workerGroup="gpu")
    dolphin.fault("html", method="GET", path="worker-groups")  # the first time it can't be seen, so it is let through
    first = run_publish(body)
    assert (first.state, codes(first, "warnings")) == (SyncState.SUCCEEDED, ["not_checked"])
    dolphin.log.clear()
    again = with_task(workerGroup="gpu")
    list(again["definitions"]["tasks"].values())[2]["taskParams"]["rawScript"] = "echo other"
    sync = run_publish(again)
    assert (sync.state, "preflight" in sync.result) == (SyncState.SUCCEEDED, False)
    assert not [call for call in dolphin.log if "worker-groups" in call.path]


def test_an_ordinary_publish_asks_nothing_more(run_publish, make_definition, dolphin):
    run_publish(make_definition())
    dolphin.log.clear()
    run_publish(make_definition("echo new"))
    asked = [call.path.rsplit("/", 1)[-1] for call in dolphin.log]
    assert not {"simple-list", "all", "preview", "query-process-definition-list", "get-user-info"} & set(asked)


@pytest.mark.parametrize("path", ["tenants", "worker-groups", "environment", "datasources"])
def test_a_list_that_is_refused_never_blocks(run_publish, with_task, dolphin, path):
    dolphin.state.data_sources.append({"id": 3, "type": "MYSQL"})
    dolphin.state.environments.append({"code": 5})
    dolphin.state.tenants.append({"id": 2, "tenantCode": "etl"})
    dolphin.fault("status", method="GET", path=path, status=404)
    change = {"environmentCode": 5, "taskType": "SQL", "workerGroup": "default"}
    change["taskParams"] = {"type": "MYSQL", "datasource": 3, "sql": "select 1", "sqlType": "0"}
    sync = run_publish(with_task(settings={"tenantCode": "etl"}, **change))
    expected = [] if path == "worker-groups" else ["not_checked"]
    assert (sync.state, codes(sync, "warnings")) == (SyncState.SUCCEEDED, expected)


def test_what_a_plain_user_does_not_see_is_a_warning(run_publish, with_task, dolphin):
    dolphin.state.users[0]["userType"] = "GENERAL_USER"
    sync = run_publish(with_task(environmentCode=5))
    assert (sync.state, codes(sync, "warnings")) == (SyncState.SUCCEEDED, ["environment_unseen"])


@pytest.mark.parametrize(
    ("schedule", "code"),
    [({"crontab": "0 0 25 * * ?"}, "cron_invalid"), ({"endTime": "2026-01-02 00:00:00"}, "schedule_ended")],
)
def test_a_schedule_that_cannot_be_or_has_ended(run_publish, make_definition, dolphin, schedule, code):
    body = make_definition(schedule={**SCHEDULE, **schedule})
    sync = run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)
    assert (sync.error_code, codes(sync), dolphin.state.definitions) == ("preflight", [code], {})


def test_what_a_schedule_refers_to_must_be_there(run_publish, make_definition):
    body = make_definition(schedule={**SCHEDULE, "workerGroup": "gpu", "environmentCode": 7})
    sync = run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)
    assert codes(sync) == ["worker_group_missing", "environment_missing"]


def test_a_kept_schedule_that_has_ended_is_a_warning(run_publish, make_definition, dolphin):
    body = make_definition(schedule=SCHEDULE)
    run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)
    dolphin.state.schedules[0]["endTime"] = "2026-01-02 00:00:00"
    sync = run_publish(make_definition("echo 2"), force_reason="they know")
    assert (sync.state, codes(sync, "warnings")) == (SyncState.SUCCEEDED, ["schedule_ended"])


def test_emoji_and_long_texts_are_warnings(run_publish, with_task, dolphin):
    parameter = {"prop": "p", "direct": "IN", "type": "VARCHAR", "value": "x" * 66_000}
    sync = run_publish(with_task(name="task 😀", settings={"globalParams": [parameter]}))
    assert codes(sync, "warnings") == ["four_byte_characters", "text_too_long"]
    assert sync.error_code.startswith("dolphin_"), "the sandbox is a MySQL one: it refuses them itself"


def test_a_form_too_large_to_create(run_publish, make_definition, dolphin):
    sync = run_publish(make_definition('"' * (LARGEST_CREATE // 3)))
    assert (codes(sync), written(dolphin)) == (["too_large_to_create"], [])


def test_the_right_to_write_is_told_by_the_list_of_names(run_publish, make_definition, dolphin, monkeypatch):
    def refuse(request):
        raise Refused(30002, "no permission")

    monkeypatch.setattr(workflows, "simple_list", refuse)
    monkeypatch.setattr(dolphin, "routes", routes.routes(dolphin.dialect))
    sync = run_publish(make_definition())
    assert (codes(sync), sync.snapshot.live_effect) == (["no_write_permission"], LiveEffect.UNTOUCHED)


def test_a_masked_value_is_never_written():
    """Accepting refuses them already; a version that came another way, such as a capture of a newer DolphinScheduler, is stopped here."""
    settings = {"globalParams": [{"prop": "password", "value": "******"}]}
    change = Change(Document("w", settings, {}, []), {}, {}, settings, False, False, False, None, None, 1)
    assert [problem.code for problem in content_problems(change, V31)] == ["masked_value"]
