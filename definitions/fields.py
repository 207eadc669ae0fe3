"""What of a definition is content: which fields the server makes, which values are defaults, which spellings mean the same.

Facts from DolphinScheduler's sources and from live servers of 2.0.5 and 3.1.1 (docs/canonical-form.md names each). A deny list, so
that a field of a release to come is kept rather than lost.
"""

from typing import Any, Final

Json = dict[str, Any]

_ROW: Final = frozenset(
    [
        "id",
        "code",
        "version",
        "projectCode",
        "userId",
        "userName",
        "projectName",
        "createTime",
        "updateTime",
        "modifyBy",
        "operator",
        "operateTime",
    ]
)
SETTINGS_DENIED: Final = _ROW | frozenset(
    [
        "name",
        "releaseState",
        "scheduleReleaseState",
        "schedule",
        "globalParamList",
        "globalParamMap",
        "warningGroupId",
        "tenantId",
        "locations",
        "otherParamsJson",
    ]
)
TASK_DENIED: Final = _ROW | {"taskParamList", "taskParamMap", "dependence", "resourceIds"}
SCHEDULE_DENIED: Final = frozenset(
    [
        "id",
        "code",
        "processDefinitionCode",
        "processDefinitionName",
        "workflowDefinitionCode",
        "workflowDefinitionName",
        "projectName",
        "definitionDescription",
        "createTime",
        "updateTime",
        "userId",
        "userName",
        "releaseState",
        "environmentName",
    ]
)

SETTINGS_DEFAULTS: Final[Json] = {
    "description": "",
    "globalParams": [],
    "timeout": 0,
    "executionType": "PARALLEL",
    "tenantCode": "default",
    "flag": "YES",
}
TASK_DEFAULTS: Final[Json] = {
    "description": "",
    "flag": "YES",
    "taskPriority": "MEDIUM",
    "workerGroup": "default",
    "environmentCode": -1,
    "failRetryTimes": 0,
    "failRetryInterval": 1,
    "timeoutFlag": "CLOSE",
    "timeout": 0,
    "delayTime": 0,
    "taskGroupId": 0,
    "taskGroupPriority": 0,
    "cpuQuota": -1,
    "memoryMax": -1,
    "taskExecuteType": "BATCH",
    "isCache": "NO",
}
RELATION_DEFAULTS: Final[Json] = {"name": "", "conditionType": "NONE", "conditionParams": {}}
SCHEDULE_DEFAULTS: Final[Json] = {
    "warningType": "NONE",
    "warningGroupId": 1,
    "failureStrategy": "CONTINUE",
    "workflowInstancePriority": "MEDIUM",
    "workerGroup": "default",
    "environmentCode": -1,
    "missedFirePolicy": "FIRE_ALL_MISSED",
    "tenantCode": "default",
}

# Absent or null in some releases, where the default is what they do.
NULL_IS_DEFAULT: Final = frozenset(
    [
        "description",
        "tenantCode",
        "executionType",
        "cpuQuota",
        "memoryMax",
        "taskExecuteType",
        "taskGroupId",
        "taskGroupPriority",
        "isCache",
        "missedFirePolicy",
    ]
)
# The UI sends these as text; the server stores numbers.
INTEGERS: Final = frozenset(
    [
        "timeout",
        "environmentCode",
        "failRetryTimes",
        "failRetryInterval",
        "delayTime",
        "taskGroupId",
        "taskGroupPriority",
        "cpuQuota",
        "memoryMax",
        "warningGroupId",
    ]
)
# Text or an enumeration's word in DolphinScheduler's classes: anything else is refused there, or by what reads it.
TEXTS: Final = frozenset(
    [
        "description",
        "executionType",
        "failureStrategy",
        "flag",
        "isCache",
        "missedFirePolicy",
        "taskExecuteType",
        "taskPriority",
        "taskType",
        "tenantCode",
        "timeoutFlag",
        "timeoutNotifyStrategy",
        "warningType",
        "workerGroup",
        "workflowInstancePriority",
    ]
)
# Set by the database (Connector/J reads a null as the first constant), without meaning while the time-out is off.
NOTIFY_WITHOUT_MEANING: Final = (None, "", "WARN")

# 2.0.x's UI writes these into the parameters of every task; empty ones say nothing.
PARAMS_DROPPED_WHEN_EMPTY: Final = ("dependence", "conditionResult", "switchResult", "waitStartTimeout")
SUB_WORKFLOW_SPELLINGS: Final = ("SUB_PROCESS", "SUB_WORKFLOW")
