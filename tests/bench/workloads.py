"""Generated workflows: scripts of 0.2 to 4 KB, some Chinese, the same for the same seed."""

import copy
import json
import random
from typing import Any

Json = dict[str, Any]
_LINES = (
    "insert overwrite table dwd.orders partition (dt='${bizdate}')",
    "select o.order_id, o.user_id, o.amount",
    "-- 每日订单明细",
)

_WORDS = (
    *(
        "select",
        "from",
        "where",
        "join",
        "left",
        "orders",
        "users",
        "amount",
        "status",
        "dwd",
        "ods",
        "dim",
        "coalesce",
        "case",
    ),
    *(
        "when",
        "then",
        "sum",
        "count",
        "group",
        "by",
        "订单",
        "用户",
        "金额",
        "状态",
        "sqoop",
        "import",
        "target",
        "dir",
        "hive",
    ),
    *(
        "spark",
        "submit",
        "class",
        "jar",
        "export",
        "partition",
        "create",
        "table",
        "insert",
        "python3",
        "check",
        "date",
        "hadoop",
    ),
)


def raw_definition(count: int, *, first_code: int = 10_000_000_000, tenant: str = "default") -> Json:
    """Return DagData of so many tasks, as a GET shows it."""
    rng = random.Random(count)
    codes = [first_code + index for index in range(count)]
    tasks = [_task(code, index, _script(rng)) for index, code in enumerate(codes)]
    pres = [0, *(codes[max(0, index - rng.randint(1, 3))] for index in range(1, count))]
    relations = [_relation(pre, post) for pre, post in zip(pres, codes, strict=True)]
    places = [{"taskCode": code, "x": 200 * (index % 20), "y": 90 * (index // 20)} for index, code in enumerate(codes)]
    definition = {
        "id": 1,
        "code": 9,
        "name": f"generated {count} {first_code}",
        "version": 1,
        "releaseState": "OFFLINE",
        "projectCode": 1,
    }
    definition |= {
        "description": "",
        "globalParams": "[]",
        "locations": json.dumps(places),
        "timeout": 0,
        "tenantCode": tenant,
    }
    return {"processDefinition": definition, "processTaskRelationList": relations, "taskDefinitionList": tasks}


def edited(raw: Json, *, edits: int, seed: int) -> Json:
    """Return a copy in which so many tasks have one line more."""
    changed = copy.deepcopy(raw)
    rng = random.Random(seed)
    for task in rng.sample(changed["taskDefinitionList"], min(edits, len(changed["taskDefinitionList"]))):
        task["taskParams"]["rawScript"] += f"\n-- edit {seed}"
    return changed


def long_script(lines: int, *, changed: int = 0) -> Json:
    """Return three tasks, the second with a script of so many lines; `changed` of them, evenly spread, say something else."""
    raw = raw_definition(3)
    every = lines // changed if changed else lines + 1
    texts = (
        f"update dwd.orders set amount = {number * 7} where order_id = {number}"
        + (" -- 修正" if number % every == 0 else "")
        for number in range(1, lines + 1)
    )
    raw["taskDefinitionList"][1]["taskParams"]["rawScript"] = "\n".join(texts)
    return raw


def form(raw: Json) -> Json:
    """Return the form of a create or update call."""
    definition = raw["processDefinition"]
    keys = ("name", "description", "globalParams", "locations", "timeout", "tenantCode")
    texts = {
        "taskDefinitionJson": json.dumps(raw["taskDefinitionList"], ensure_ascii=False, separators=(",", ":")),
        "taskRelationJson": json.dumps(raw["processTaskRelationList"], separators=(",", ":")),
    }
    return {**{key: definition[key] for key in keys}, **texts, "executionType": "PARALLEL"}


def _script(rng: random.Random) -> str:
    size = rng.randint(200, 4_000)
    lines = []
    while sum(map(len, lines)) < size:
        words = " ".join(
            rng.choice(_WORDS) + rng.choice(("", "_id", f"_{rng.randrange(1000)}")) for _ in range(rng.randint(4, 12))
        )
        lines.append(rng.choice(_LINES) if rng.random() < 0.1 else words)
    return "\n".join(lines)[:size]


def _task(code: int, index: int, script: str) -> Json:
    fixed = {
        "flag": "YES",
        "taskPriority": "MEDIUM",
        "workerGroup": "default",
        "environmentCode": -1,
        "failRetryTimes": index % 3,
    }
    fixed |= {
        "failRetryInterval": 1,
        "timeoutFlag": "CLOSE",
        "timeoutNotifyStrategy": "WARN",
        "timeout": 0,
        "delayTime": 0,
    }
    fixed |= {"taskGroupId": 0, "taskGroupPriority": 0, "cpuQuota": -1, "memoryMax": -1, "taskExecuteType": "BATCH"}
    server = {
        "id": index,
        "projectCode": 1,
        "userId": 1,
        "createTime": "2026-11-24 04:09:21",
        "updateTime": "2026-11-24 04:09:21",
    }
    server |= {
        "userName": None,
        "projectName": None,
        "modifyBy": None,
        "operator": 1,
        "operateTime": "2026-11-24 04:09:21",
    }
    params = {"localParams": [], "rawScript": script, "resourceList": []}
    return {
        **server,
        "code": code,
        "name": f"任务 {index}",
        "version": 0,
        "description": "",
        "taskType": "SHELL",
        "taskParams": params,
        **fixed,
    }


def _relation(pre: int, post: int) -> Json:
    return {
        "name": "",
        "preTaskCode": pre,
        "preTaskVersion": 0,
        "postTaskCode": post,
        "postTaskVersion": 0,
        "conditionType": "NONE",
        "conditionParams": {},
    }
