"""Property: whatever a workflow went through, a rollback to any of its versions gives that version's hash, read from DolphinScheduler."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dolphin.client import DolphinClient
from dolphin.observe import observe
from rollback.choices import State
from rollback.choices_of import Choices
from rollback.errors import NothingToDo
from rollback.execute import execute
from rollback.submit import Ask, submit
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.rollback.conftest import again

_keys = itertools.count()

TASKS = st.fixed_dictionaries(
    {"script": st.sampled_from(["echo a", "echo 'b'\n", "select 1; -- 中文", " echo c "]), "retries": st.integers(0, 3)}
)
WORKFLOWS = st.fixed_dictionaries(
    {
        "tasks": st.dictionaries(st.integers(0, 4), TASKS, min_size=1),
        "chained": st.booleans(),
        "timeout": st.sampled_from([0, 30]),
        "crontab": st.sampled_from([None, "0 0 3 1 1 ? *", "0 0 3 2 1 ? *"]),  # far from now: no fire is waited for
        "x": st.integers(0, 300),
    }
)
CHOICES = st.builds(
    Choices,
    online=st.sampled_from(Online),
    schedule=st.sampled_from([ScheduleChoice.KEEP, ScheduleChoice.FROM_DEFINITION]),
    schedule_state=st.sampled_from(Online),
)


def body_of(name, drawn, codes):
    tasks = {}
    for at, task in sorted(drawn["tasks"].items()):
        tasks[str(codes[at])] = {
            "name": f"task {at}",
            "taskType": "SHELL",
            "taskParams": {"localParams": [], "rawScript": task["script"], "resourceList": []},
            "failRetryTimes": task["retries"],
        }
    own = [codes[at] for at in sorted(drawn["tasks"])]
    before = [0, *own] if drawn["chained"] else [0] * len(own)
    edges = [{"preTaskCode": pre, "postTaskCode": post} for pre, post in zip(before, own, strict=False)]
    schedule = {**SCHEDULE, "crontab": drawn["crontab"]} if drawn["crontab"] else None
    return {
        "scheme": "c1",
        "name": name,
        "definitions": {"settings": {"tenantCode": "hadoop", "timeout": drawn["timeout"]}, "tasks": tasks},
        "relations": edges,
        "layout": {str(code): {"x": drawn["x"] + at, "y": 10} for at, code in enumerate(own)},
        "schedule": schedule,
    }


@pytest.mark.table
@settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(data=st.data())
def test_a_rollback_to_any_version_gives_its_hash(project, publisher, oncall, dolphin, data):
    key = f"drawn-{next(_keys)}"
    codes = [dolphin.state.next_code() for _ in range(5)]
    for drawn in data.draw(st.lists(WORKFLOWS, min_size=2, max_size=4)):
        schedule = ScheduleChoice.FROM_DEFINITION if drawn["crontab"] else ScheduleChoice.KEEP
        online = data.draw(st.sampled_from(Online))
        request = PublishRequest(
            workflow_key=key,
            definition=body_of(key, drawn, codes),
            origin=Origin(trigger=Trigger.API),
            project=project,
            online=online,
            schedule=schedule,
        )
        publish(request, actor=publisher)
        run_due()
    for _ in range(data.draw(st.integers(1, 4))):
        roll_back(key, oncall, dolphin, data)


def roll_back(key, oncall, dolphin, data):
    target = data.draw(st.sampled_from(list(Snapshot.objects.published().filter(workflow_id=key).order_by("version"))))
    choices = data.draw(CHOICES)
    workflow = type(target.workflow).objects.select_related("project__instance").get(key=key)
    agreed = ("deletes_schedule", "goes_offline", "schedule_off", "goes_online", "schedule_on", "never_live")
    try:
        request = submit(
            Ask(workflow=workflow, target=target, reason="drawn", choices=choices, acknowledged=agreed), actor=oncall
        )
    except NothingToDo:
        return
    execute(request, actor=oncall)
    run_due()
    request = again(request)
    assert request.state == State.DONE, f"{request.closed_code} {request.closed_text}"
    with DolphinClient(dolphin.url, dolphin.token) as client:
        live = observe(client, dolphin.project, workflow.workflow_code)
    assert live.canonical.content_hash == target.content_hash == request.sync.snapshot.content_hash
    assert live.canonical.layout_hash == target.layout_hash
    if choices.schedule == ScheduleChoice.FROM_DEFINITION:
        assert live.canonical.schedule_hash == target.schedule_hash
    assert live.canonical.schedule_hash == request.sync.snapshot.schedule_hash
    if choices.online != Online.KEEP:
        assert live.state.online == (choices.online == Online.ON)
    if live.state.online and live.state.schedule and choices.schedule_state != Online.KEEP:
        assert live.state.schedule.online == (choices.schedule_state == Online.ON)
