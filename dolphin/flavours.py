"""What differs between DolphinScheduler's release lines, and how to tell which one answers."""

from dataclasses import dataclass
from typing import Any, Final

from dolphin.errors import DolphinRejected, DolphinUnexpected
from dolphin.transport import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """Capabilities of one release line. `proven`: writing has been run against a real server of it."""

    name: str
    definitions: str = "process-definition"
    instances: str = "process-instances"
    instances_filter: str = "processDefineCode"
    start: str = "start-process-instance"
    version_probe: str | None = "query-process-definition-list"
    code_key: str = "processDefinitionCode"
    priority_key: str = "processInstancePriority"
    sub_workflow: str = "SUB_PROCESS"
    has_workflow_tenant: bool = True
    has_execution_type: bool = True
    has_schedule_tenant: bool = False
    has_missed_fire_policy: bool = False
    needs_is_cache: bool = False
    starts_for_a_time: bool = True  # a run can be started for the schedule times of a list
    largest_page: int = 2_000  # rows: some 2.4 s; 3.1.1 sets no bound, 2.0.5 gives 500 whatever is asked for
    has_resource_ids: bool = True  # a task names the files of the resource centre by number, later by path
    proven: bool = False


_NEW_WORDS: Final[dict[str, Any]] = {
    "definitions": "workflow-definition",
    "instances": "workflow-instances",
    "instances_filter": "workflowDefinitionCode",
    "start": "start-workflow-instance",
    "version_probe": "query-workflow-definition-list",
    "code_key": "workflowDefinitionCode",
    "priority_key": "workflowInstancePriority",
    "sub_workflow": "SUB_WORKFLOW",
    "has_resource_ids": False,
}
V20: Final = Flavour(
    name="2.0", version_probe=None, has_execution_type=False, starts_for_a_time=False, largest_page=500, proven=True
)
V30: Final = Flavour(name="3.0", starts_for_a_time=False, largest_page=500)
V31: Final = Flavour(name="3.1", proven=True)
V32: Final = Flavour(
    name="3.2", has_workflow_tenant=False, has_schedule_tenant=True, needs_is_cache=True, has_resource_ids=False
)
V34: Final = Flavour(
    name="3.4", has_workflow_tenant=False, has_schedule_tenant=True, has_missed_fire_policy=True, **_NEW_WORDS
)
FLAVOURS: Final = {flavour.name: flavour for flavour in (V20, V30, V31, V32, V34)}

_NO_SCHEDULE_CODE: Final = 10080  # what the schedule page answers while it needs a workflow code: up to 3.1


@dataclass(frozen=True, slots=True)
class Detected:
    """`version` as the server tells it; "" where it has no such endpoint (before 3.3)."""

    flavour: Flavour
    version: str


def detect(transport: Transport) -> Detected:
    """Tell the release line by which read-only endpoints answer. Raises DolphinError when nothing does."""
    transport.get("/users/get-user-info")  # a refused token ends it here
    product = _answer(transport, "/ui-plugins/query-product-info")
    if isinstance(product, dict):
        return Detected(V34, str(product.get("version") or "")[:40])
    if _code(transport, "/projects/1/schedules", pageNo=1, pageSize=1) != _NO_SCHEDULE_CODE:
        return Detected(V32, "")
    if _code(transport, "/projects/list-dependent") == 0:
        return Detected(V31, "")
    if _code(transport, "/projects/audit/audit-log-list", pageNo=1, pageSize=1) is not None:
        return Detected(V30, "")
    return Detected(V20, "")


def _answer(transport: Transport, path: str) -> Any:
    try:
        return transport.get(path)
    except (DolphinRejected, DolphinUnexpected):
        return None


def _code(transport: Transport, path: str, **params: str | int) -> int | None:
    """Return the envelope's code, None where the path has no endpoint. An unreachable server is an error, not an answer."""
    try:
        transport.get(path, **params)
    except DolphinRejected as error:
        return error.dolphin_code
    except DolphinUnexpected:
        return None
    return 0
