"""One workflow as three DolphinScheduler release lines show it. Every shape must give the same hashes."""

import json
from typing import Any

A, B, C = 23815475530560, 23815475530561, 23815475530562
STAMP = "2026-11-24 10:53:22"
PARAMETERS = [{"prop": "dt", "direct": "IN", "type": "VARCHAR", "value": "$[yyyy-MM-dd]"}]
EMPTY_PARTS = {
    "dependence": {},
    "conditionResult": {"successNode": [], "failedNode": []},
    "waitStartTimeout": {},
    "switchResult": {},
}


def shell(script: str, **more: Any) -> dict[str, Any]:
    return {"localParams": [], "rawScript": script, "resourceList": [], **more}


def _task(code: int, name: str, kind: str, params: dict[str, Any], **fields: Any) -> dict[str, Any]:
    common = {
        "id": code % 1000,
        "code": code,
        "name": name,
        "version": 3,
        "description": "",
        "projectCode": 1,
        "userId": 1,
        "taskType": kind,
        "taskParams": params,
        "taskParamList": [],
        "taskParamMap": None,
        "flag": "YES",
        "taskPriority": "MEDIUM",
        "userName": None,
        "projectName": None,
        "workerGroup": "default",
        "environmentCode": -1,
        "failRetryTimes": 0,
        "failRetryInterval": 1,
        "timeoutFlag": "CLOSE",
        "timeoutNotifyStrategy": None,
        "timeout": 0,
        "delayTime": 0,
        "resourceIds": "",
        "createTime": STAMP,
        "updateTime": STAMP,
        "modifyBy": None,
        "operator": 1,
        "operateTime": STAMP,
    }
    return {**common, **fields}


def _relations(prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "name": "",
            f"{prefix}DefinitionVersion": 3,
            "projectCode": 1,
            f"{prefix}DefinitionCode": 9,
            "preTaskCode": pre,
            "preTaskVersion": 0 if pre == 0 else 3,
            "postTaskCode": post,
            "postTaskVersion": 3,
            "conditionType": "NONE",
            "conditionParams": {},
            "createTime": STAMP,
            "updateTime": STAMP,
            "operator": 1,
            "operateTime": STAMP,
        }
        for number, (pre, post) in enumerate([(0, A), (A, B), (A, C)], 1)
    ]


def _definition(**fields: Any) -> dict[str, Any]:
    common = {
        "id": 5,
        "code": 9,
        "name": "每日订单 daily",
        "version": 7,
        "releaseState": "ONLINE",
        "projectCode": 1,
        "description": "",
        "globalParams": json.dumps(PARAMETERS),
        "globalParamList": PARAMETERS,
        "globalParamMap": {"dt": "$[yyyy-MM-dd]"},
        "createTime": STAMP,
        "updateTime": STAMP,
        "flag": "YES",
        "userId": 1,
        "userName": None,
        "projectName": None,
        "locations": json.dumps([{"taskCode": A, "x": 0, "y": 100}, {"taskCode": B, "x": 100, "y": 100}]),
        "scheduleReleaseState": None,
        "timeout": 0,
        "modifyBy": None,
        "warningGroupId": 0,
    }
    return {**common, **fields}


def v20() -> dict[str, Any]:
    return {
        "processDefinition": _definition(tenantId=-1, tenantCode=None),
        "processTaskRelationList": _relations("process"),
        "taskDefinitionList": [
            _task(A, "extract", "SHELL", {**shell("echo a"), **EMPTY_PARTS}, dependence="{}"),
            _task(B, "sub", "SUB_PROCESS", {"processDefinitionCode": 77, **EMPTY_PARTS}, dependence="{}"),
            _task(C, "load", "SHELL", {**shell("echo c"), **EMPTY_PARTS}, failRetryTimes="3", dependence="{}"),
        ],
    }


def v31() -> dict[str, Any]:
    since_30 = {
        "taskGroupId": 0,
        "taskGroupPriority": 0,
        "cpuQuota": -1,
        "memoryMax": -1,
        "taskExecuteType": "BATCH",
        "timeoutNotifyStrategy": "WARN",
        "dependence": "",
    }
    return {
        "processDefinition": _definition(tenantId=-1, tenantCode="default", executionType="PARALLEL"),
        "processTaskRelationList": list(reversed(_relations("process"))),
        "taskDefinitionList": [
            _task(C, "load", "SHELL", shell("echo c"), failRetryTimes=3, **since_30),
            _task(A, "extract", "SHELL", shell("echo a"), **since_30),
            _task(B, "sub", "SUB_PROCESS", {"processDefinitionCode": 77}, **since_30),
        ],
    }


def v34() -> dict[str, Any]:
    since_34 = {"taskGroupId": 0, "taskGroupPriority": 0, "cpuQuota": -1, "memoryMax": -1, "taskExecuteType": "BATCH"}
    return {
        "workflowDefinition": _definition(executionType="PARALLEL", description=None, schedule=None),
        "workflowTaskRelationList": _relations("workflow"),
        "taskDefinitionList": [
            _task(B, "sub", "SUB_WORKFLOW", {"workflowDefinitionCode": 77}, **since_34),
            _task(A, "extract", "SHELL", json.dumps(shell("echo a")), **since_34),
            _task(C, "load", "SHELL", shell("echo c"), failRetryTimes=3, **since_34),
        ],
    }
