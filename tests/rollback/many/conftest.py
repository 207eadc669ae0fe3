"""An incident: one person breaks twelve workflows within an hour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from catalog.models import Project, Workflow
from catalog.permissions import APPROVE_ROLLBACK, EXECUTE_ROLLBACK, PUBLISH, REQUEST_ROLLBACK, VIEW
from dolphin.sandbox import Sandbox
from rollback.many.criteria import Criteria, criteria_of
from rollback.many.work import work_due
from rollback.submit import Ask, submit
from snapshotter.choices import LiveState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import ContentQuarantine, Snapshot, Sync, WorkflowState
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.conftest import _person as person
from tests.definitions.documents import c1
from tests.services.raw_dolphin import RawDolphin


def of_mallory(**more: Any) -> Criteria:
    """What mallory published within the last hour."""
    return criteria_of(publisher="mallory", since=timezone.now() - timedelta(hours=1), **more)


LONG = 60.0  # seconds; more than all there is to do


@dataclass
class Incident:
    """`codes` are DolphinScheduler's, by key."""

    dolphin: Sandbox
    project: Project
    codes: dict[str, int] = field(default_factory=dict)

    def criteria(self, **more: Any) -> Criteria:
        return of_mallory(**more)

    def scripts(self, key: str) -> list[str]:
        found = RawDolphin(self.dolphin.url, self.dolphin.token).definition(self.dolphin.project, self.codes[key])
        return sorted(
            row["taskParams"]["rawScript"] for row in found["taskDefinitionList"] if row["taskType"] == "SHELL"
        )

    def written(self) -> list[str]:
        """Keys in the order in which their definitions were written since the log was cleared."""
        by_code = {str(code): key for key, code in self.codes.items()}
        puts = [call.path for call in self.dolphin.log if call.method == "PUT" and call.code == 0]
        return [by_code[code] for path in puts if (code := path.rsplit("/", 1)[-1]) in by_code]


@pytest.fixture
def oncall(project: Project) -> User:
    return person("oncall", project, VIEW, REQUEST_ROLLBACK, EXECUTE_ROLLBACK)


@pytest.fixture
def put(project: Project, publisher: User, dolphin: Sandbox) -> Callable[..., Workflow]:
    """Publish a version of a workflow, with one shell task and whatever it uses, as somebody."""
    codes: dict[str, list[int]] = {}

    def go(key: str, script: str, *, by: str = "li.na", calls: int = 0, waits: int = 0) -> Workflow:
        mine = codes.setdefault(key, [dolphin.state.next_code() for _ in range(3)])
        body = c1({mine[0]: script}, name=key)
        for code, kind, params in _used(mine, project.code, calls, waits):
            task = {"name": f"{key} {kind}", "taskType": kind, "taskParams": params}
            body["definitions"]["tasks"][str(code)] = task
            body["relations"].append({"preTaskCode": mine[0], "postTaskCode": code})
        origin = Origin(trigger=Trigger.API, message=f"change {key}", published_by=by)
        accepted = publish(
            PublishRequest(workflow_key=key, definition=body, origin=origin, project=project), actor=publisher
        )
        assert accepted.sync is not None
        run_due()
        sync = Sync.objects.get(pk=accepted.sync.pk)
        assert sync.state == "succeeded", sync.error_text
        return sync.workflow

    return go


def _used(codes: list[int], project: int, calls: int, waits: int) -> list[tuple[int, str, dict[str, Any]]]:
    found: list[tuple[int, str, dict[str, Any]]] = []
    if calls:
        found.append((codes[1], "SUB_WORKFLOW", {"localParams": [], "workflowDefinitionCode": calls}))
    if waits:
        item = {"projectCode": project, "definitionCode": waits, "depTaskCode": 0, "cycle": "day", "dateValue": "today"}
        groups = [{"relation": "AND", "dependItemList": [item]}]
        found.append((codes[2], "DEPENDENT", {"dependence": {"relation": "AND", "dependTaskList": groups}}))
    return found


class _Story:
    """Publishes a good version of each workflow, then a bad one by mallory."""

    def __init__(self, project: Project, put: Callable[..., Workflow], dolphin: Sandbox) -> None:
        self.made, self.put = Incident(dolphin, project), put
        self.uses: dict[str, dict[str, int]] = {}

    def good(self, key: str, **used: int) -> None:
        self.made.codes[key] = self.put(key, f"echo {key} good", **used).workflow_code or 0
        self.uses[key] = used

    def bad(self, key: str) -> None:
        self.put(key, f"echo {key} bad", by="mallory", **self.uses[key])


@pytest.fixture
def incident(project: Project, put: Callable[..., Workflow], dolphin: Sandbox) -> Incident:
    """Four hit by mallory: a_parent calls z_child, b_waiter waits for a_parent, plain stands alone."""
    story = _Story(project, put, dolphin)
    story.good("z_child")
    story.good("a_parent", calls=story.made.codes["z_child"])
    story.good("b_waiter", waits=story.made.codes["a_parent"])
    story.good("plain")
    for key in list(story.uses):
        story.bad(key)
    dolphin.log.clear()
    return story.made


@pytest.fixture
def whole(project: Project, put: Callable[..., Workflow], dolphin: Sandbox, oncall: User) -> Incident:
    """Twelve hit by mallory: b_waiter waits for y_child too, and others stand in all sorts of ways."""
    story = _Story(project, put, dolphin)
    made = story.made
    for key in ("z_child", "y_child"):
        story.good(key)
    story.good("a_parent", calls=made.codes["z_child"])
    story.good("b_waiter", calls=made.codes["y_child"], waits=made.codes["a_parent"])
    for key in ("edited", "kept_out", "between", "asked", "back", "plain", "untouched"):
        story.good(key)
    for key in [key for key in made.codes if key != "untouched"]:
        story.bad(key)
    made.codes["first"] = put("first", "echo first bad", by="mallory").workflow_code or 0
    made.codes["twice"] = put("twice", "echo twice good").workflow_code or 0
    put("twice", "echo twice bad", by="mallory")
    put("twice", "echo twice worse", by="mallory")
    put("between", "echo between better", by="wang.wei")
    put("back", "echo back good", by="li.na")
    _stand_in_the_way(made, oncall)
    dolphin.log.clear()
    return made


def _stand_in_the_way(made: Incident, oncall: User) -> None:
    raw = RawDolphin(made.dolphin.url, made.dolphin.token)
    raw.edit(made.dolphin.project, made.codes["edited"], "echo theirs", online=False)
    WorkflowState.objects.filter(workflow__key="edited").update(live_state=LiveState.DRIFTED)
    good = Snapshot.objects.get(workflow="kept_out", version=1)
    ContentQuarantine.objects.create(
        project=made.project, content_hash=good.content_hash, reason="wrong since May", created_by_name="root"
    )
    asked = Workflow.objects.select_related("project__instance").get(key="asked")
    submit(Ask(workflow=asked, target=Snapshot.objects.get(workflow="asked", version=1), reason="mine"), actor=oncall)


@pytest.fixture
def work() -> Callable[[], None]:
    """Work until nothing is due: batches and syncs in turn."""

    def go() -> None:
        for _ in range(50):
            if not work_due(LONG) + run_due():
                return
        raise AssertionError("it never ends")

    return go


@pytest.fixture
def approver(project: Project) -> User:
    return person("approver", project, VIEW, APPROVE_ROLLBACK)


@pytest.fixture
def asker(project: Project) -> User:
    return person("asker", project, VIEW, REQUEST_ROLLBACK)


@pytest.fixture
def bystander(project: Project) -> User:
    return person("bystander", project, VIEW, PUBLISH)
