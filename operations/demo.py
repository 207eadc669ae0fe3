"""The demo: the sandbox in place of DolphinScheduler, people, a few publishes and one mishap, made before your eyes."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import Group, User

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from catalog.service_accounts import issue_token
from catalog.test_connection import test_connection
from definitions.canonical import to_c1
from definitions.document import Json
from dolphin.sandbox import Sandbox
from snapshotter.capture import capture, govern
from snapshotter.choices import ScheduleChoice, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot
from snapshotter.publish import PublishRequest, publish
from snapshotter.store import document_of
from snapshotter.work import run_due

PEOPLE = {
    "admin": "",
    "wang.wei": "Snapshotter managers",
    "li.na": "Snapshotter publishers",
    "zhao.min": "Snapshotter viewers",
}
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visitor needs: `people` with their passwords, a token for the API, and DolphinScheduler's code of the project."""

    people: dict[str, str]
    token: str
    project: int


def prepare(folder: Path, sandbox: Sandbox, say: Say) -> Shown:
    """Fill an empty database; return what a visitor needs. A filled one is left as it is."""
    notes = folder / "people.json"
    if notes.exists():
        _point_at(sandbox)
        kept: dict[str, str] = json.loads(notes.read_text())
        return _shown(kept, sandbox)
    people = {name: _person(name, group) for name, group in PEOPLE.items()}
    project = _govern(sandbox, say)
    _story(project, sandbox, say)
    token = issue_token("platform", project=project, role="publish", days=365, actor=SYSTEM)
    kept = {**people, "API token": token}
    notes.touch(mode=0o600)
    notes.write_text(json.dumps(kept))
    return _shown(kept, sandbox)


def _shown(kept: dict[str, str], sandbox: Sandbox) -> Shown:
    people = {name: password for name, password in kept.items() if name in PEOPLE}
    return Shown(people, kept["API token"], sandbox.project)


def _person(name: str, group: str) -> str:
    password = secrets.token_urlsafe(9)
    user = User.objects.create_user(name, password=password, is_staff=True, is_superuser=not group)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return password


def _point_at(sandbox: Sandbox) -> None:
    """The sandbox may stand on another port than last time."""
    Instance.objects.filter(name="sandbox").update(base_url=sandbox.url, paused_because="")


def _govern(sandbox: Sandbox, say: Say) -> Project:
    instance = Instance.objects.create(name="sandbox", base_url=sandbox.url, token_encrypted=encrypt(sandbox.token))
    report = test_connection(instance, actor=SYSTEM)
    say(f"connected to a sandbox that speaks DolphinScheduler {report.flavour}")
    project = Project.objects.create(instance=instance, code=sandbox.project, name="warehouse", mode=Mode.PUBLISH)
    rows = sandbox.state.in_project(sandbox.project)
    for row in rows:
        workflow = govern(project, workflow_code=row["code"], name=row["name"], actor=SYSTEM)
        capture(workflow, origin=Origin(trigger=Trigger.BASELINE, message="First look"), actor=SYSTEM)
    run_due()
    say(f"took a baseline of {len(rows)} workflows")
    return project


def _story(project: Project, sandbox: Sandbox, say: Say) -> None:
    workflow = Workflow.objects.get(name__startswith="orders_daily")
    _change(workflow, "Retry twice before waking anybody", "li.na", _retry_twice)
    _change(workflow, "Faster load", "wang.wei", _drop_filter)
    _change(workflow, "Drop double orders before they are counted, half an hour earlier", "zhao.min", _dedup(sandbox))
    _change(workflow, "Notify with a character that MySQL's utf8 can't hold", "li.na", _emoji)
    say(
        "published three changes of orders_daily; a fourth was refused by DolphinScheduler, and the former state put back"
    )


def _change(workflow: Workflow, message: str, who: str, change: Callable[[Json], None]) -> None:
    newest = Snapshot.objects.for_workflow(workflow).published().latest_first()[0]
    body = json.loads(json.dumps(to_c1(document_of(newest))))
    change(body)
    origin = Origin(trigger=Trigger.API, message=message, published_by=who, trigger_ref="demo")
    request = PublishRequest(
        workflow_key=workflow.key, definition=body, origin=origin, schedule=ScheduleChoice.FROM_DEFINITION
    )
    publish(request, actor=SYSTEM)
    run_due()


def _task(body: Json, name: str) -> Json:
    found: Json = next(task for task in body["definitions"]["tasks"].values() if task["name"] == name)
    return found


def _retry_twice(body: Json) -> None:
    _task(body, "load_dwd")["failRetryTimes"] = 2


def _drop_filter(body: Json) -> None:
    params = _task(body, "load_dwd")["taskParams"]
    params["sql"] = params["sql"].replace(" and o.status <> 'test'", "\ndistribute by o.order_id -- 按订单分布")


def _dedup(sandbox: Sandbox) -> Callable[[Json], None]:
    """A task more between loading and checking, a task less, a time-out, and another hour."""
    code = sandbox.state.next_code()

    def change(body: Json) -> None:
        codes = {task["name"]: int(known) for known, task in body["definitions"]["tasks"].items()}
        load, check, notify = codes["load_dwd"], codes["check_counts"], codes["通知 notify"]
        sql = "insert overwrite table dwd.orders_once\nselect distinct * from dwd.orders"
        params = {"type": "HIVE", "datasource": 2, "sql": sql, "sqlType": "1", "localParams": [], "resourceList": []}
        tasks = body["definitions"]["tasks"]
        tasks[str(code)] = {"name": "dedup_orders", "taskType": "SQL", "taskParams": params, "failRetryTimes": 1}
        del tasks[str(notify)]
        tasks[str(check)] |= {"timeoutFlag": "OPEN", "timeout": 30, "timeoutNotifyStrategy": "FAILED"}
        edges = [row for row in body["relations"] if notify not in row.values() and row["postTaskCode"] != check]
        body["relations"] = [
            *edges,
            {"preTaskCode": load, "postTaskCode": code},
            {"preTaskCode": code, "postTaskCode": check},
        ]
        place = body["layout"].pop(str(notify))
        body["layout"] |= {str(code): dict(body["layout"][str(check)]), str(check): place}
        body["schedule"] = {**body["schedule"], "crontab": "0 30 2 * * ? *"}

    return change


def _emoji(body: Json) -> None:
    _task(body, "check_counts")["taskParams"]["rawScript"] = "echo 🎉"
