"""Changes that the demo publishes, each as one person would make it."""

import json
import time
from collections.abc import Callable

from audit.actors import SYSTEM
from catalog.models import Workflow
from definitions.canonical import to_c1
from definitions.document import Json
from snapshotter.choices import ScheduleChoice, SyncState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.store import document_of
from snapshotter.work import run_due

Say = Callable[[str], None]
Change = Callable[[Json], None]


def publish_change(workflow: Workflow, message: str, who: str, change: Change) -> None:
    """Publish what is published with the change made in it, as a platform would for `who`."""
    newest = Snapshot.objects.for_workflow(workflow).published().latest_first()[0]
    body = json.loads(json.dumps(to_c1(document_of(newest))))
    change(body)
    origin = Origin(trigger=Trigger.API, message=message, published_by=who, trigger_ref="demo")
    schedule = ScheduleChoice.FROM_DEFINITION if body.get("schedule") else ScheduleChoice.KEEP
    request = PublishRequest(workflow_key=workflow.key, definition=body, origin=origin, schedule=schedule)
    accepted = publish(request, actor=SYSTEM)
    if accepted.sync is not None:
        to_its_end(accepted.sync)


def to_its_end(sync: Sync) -> None:
    """Do the worker's work until this is done. Near a fire of the schedule it waits for that, as ever."""
    while not sync.is_finished and sync.state != SyncState.ATTENTION:
        if not run_due():
            time.sleep(0.1)
        sync.refresh_from_db()


def _task(body: Json, name: str) -> Json:
    found: Json = next(task for task in body["definitions"]["tasks"].values() if task["name"] == name)
    return found


def retry_twice(body: Json) -> None:
    _task(body, "load_dwd")["failRetryTimes"] = 2


def drop_filter(body: Json) -> None:
    params = _task(body, "load_dwd")["taskParams"]
    params["sql"] = params["sql"].replace(" and o.status <> 'test'", "\ndistribute by o.order_id -- 按订单分布")


def dedup(code: int) -> Change:
    """A task more between loading and checking, with the code given, a task less, a time-out, and another hour."""

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


def emoji(body: Json) -> None:
    _task(body, "check_counts")["taskParams"]["rawScript"] = "echo 🎉"


def edit(task: str, field: str, old: str, new: str) -> Change:
    """Replace a text in a field of a task's parameters."""

    def change(body: Json) -> None:
        params = _task(body, task)["taskParams"]
        params[field] = params[field].replace(old, new)

    return change
