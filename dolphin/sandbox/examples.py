"""Workflows of a small warehouse, for the demo: realistic names, scripts, a dependency across workflows, schedules that fire."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from dolphin.sandbox.answers import Answer
from dolphin.sandbox.dialect import Dialect

Call = Callable[[str, str, str, dict[str, str], int], Answer]

_ORDERS = """insert overwrite table dwd.orders partition (dt='${bizdate}')
select o.order_id, o.user_id, o.amount, o.status
from ods.orders o
where o.dt = '${bizdate}' and o.status <> 'test'"""
_REFUNDS = """insert overwrite table dws.refunds partition (dt='${bizdate}')
select o.user_id, sum(o.amount) as amount
from dwd.orders o
where o.dt = '${bizdate}' and o.status = 'refund'
group by o.user_id"""

WORKFLOWS: list[dict[str, Any]] = [
    {
        "name": "orders_daily 每日订单",
        "description": "Orders of the day: extract, clean, load",
        "cron": "0 0 3 * * ? *",
        "tasks": [
            (
                "extract_orders",
                "SHELL",
                {"rawScript": "sqoop import --table orders --target-dir /ods/orders/${bizdate}"},
                [],
            ),
            ("load_dwd", "SQL", {"type": "HIVE", "datasource": 2, "sql": _ORDERS, "sqlType": "1"}, [0]),
            ("check_counts", "SHELL", {"rawScript": "python3 check_counts.py --table dwd.orders --dt ${bizdate}"}, [1]),
            ("通知 notify", "SHELL", {"rawScript": "curl -s http://notify.internal/orders?dt=${bizdate}"}, [2]),
        ],
    },
    {
        "name": "dim_users 用户维表",
        "description": "",
        "cron": "0 30 2 * * ? *",
        "tasks": [
            (
                "snapshot_users",
                "SHELL",
                {"rawScript": "sqoop import --table users --target-dir /ods/users/${bizdate}"},
                [],
            ),
            (
                "merge_dim",
                "SQL",
                {
                    "type": "HIVE",
                    "datasource": 2,
                    "sql": "insert overwrite table dim.users select * from ods.users",
                    "sqlType": "1",
                },
                [0],
            ),
        ],
    },
    {
        "name": "heartbeat",
        "description": "Every ten seconds, so that something happens while you look",
        "cron": "0/10 * * * * ? *",
        "tasks": [("ping", "SHELL", {"rawScript": "date"}, [])],
    },
    {
        "name": "refund_report",
        "description": "Waits for orders_daily",
        "cron": "",
        "tasks": [
            ("wait_for_orders", "DEPENDENT", {"dependence": {"relation": "AND", "dependTaskList": []}}, []),
            ("sum_refunds", "SQL", {"type": "HIVE", "datasource": 2, "sql": _REFUNDS, "sqlType": "1"}, [0]),
            ("report", "PYTHON", {"rawScript": "from report import refunds\nrefunds('${bizdate}')"}, [1]),
        ],
    },
]


def add_examples(
    call: Call, token: str, project: int, dialect: Dialect, workflows: Iterable[dict[str, Any]] = WORKFLOWS
) -> list[int]:
    """Make workflows through the API itself; return their codes."""
    return [_add(call, token, f"/projects/{project}", dialect, workflow) for workflow in workflows]


def _add(call: Call, token: str, base: str, dialect: Dialect, workflow: dict[str, Any]) -> int:
    def data(method: str, path: str, **form: Any) -> Any:
        answer = json.loads(call(method, base + path, token, {key: str(value) for key, value in form.items()}, 0).body)
        if answer["code"] != 0:
            raise ValueError(f"{method} {path}: {answer}")
        return answer["data"]

    codes = data("GET", "/task-definition/gen-task-codes", genNum=len(workflow["tasks"]))
    keys = ("processDefinitionCode", "workflowDefinitionCode")
    code_key = keys[dialect.renamed]
    code = int(data("POST", f"/{dialect.definitions}", **_form(workflow, codes))["code"])
    data("POST", f"/{dialect.definitions}/{code}/release", releaseState="ONLINE")
    if workflow["cron"]:
        times = {"startTime": "2026-01-01 00:00:00", "endTime": "2099-12-31 00:00:00", "timezoneId": "Asia/Shanghai"}
        schedule = json.dumps({**times, "crontab": workflow["cron"]})
        made = data("POST", "/schedules", **{code_key: code}, schedule=schedule, warningGroupId=0)
        data("POST", f"/schedules/{made['id']}/online")
    return code


def _form(workflow: dict[str, Any], codes: list[int]) -> dict[str, Any]:
    tasks, relations = [], []
    for code, (name, kind, params, needs) in zip(codes, workflow["tasks"], strict=True):
        tasks.append(_task(code, name, kind, params))
        for pre in [codes[index] for index in needs] or [0]:
            relations.append({"name": "", "preTaskCode": pre, "postTaskCode": code, "conditionType": "NONE"})
    places = [{"taskCode": code, "x": 120 + 300 * index, "y": 160} for index, code in enumerate(codes)]
    return {
        "name": workflow["name"],
        "description": workflow["description"],
        "globalParams": json.dumps(
            [{"prop": "bizdate", "direct": "IN", "type": "VARCHAR", "value": "$[yyyy-MM-dd-1]"}]
        ),
        "locations": json.dumps(places),
        "timeout": 0,
        "tenantCode": "hadoop",
        "taskDefinitionJson": json.dumps(tasks, ensure_ascii=False),
        "taskRelationJson": json.dumps(relations),
    }


def _task(code: int, name: str, kind: str, params: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "version": 0,
        "description": "",
        "taskType": kind,
        "taskParams": {"localParams": [], "resourceList": [], **params},
        "flag": "YES",
        "taskPriority": "MEDIUM",
        "workerGroup": "default",
        "environmentCode": -1,
        "failRetryTimes": 1,
        "failRetryInterval": 1,
        "timeoutFlag": "CLOSE",
        "timeoutNotifyStrategy": "WARN",
        "timeout": 0,
        "delayTime": 0,
        "taskGroupId": 0,
        "taskGroupPriority": 0,
        "cpuQuota": -1,
        "memoryMax": -1,
        "taskExecuteType": "BATCH",
    }
