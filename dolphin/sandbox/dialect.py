"""The two spellings of the HTTP API: `process-definition` (up to 3.2) and `workflow-definition` (from 3.3).

Rows are kept in the older spelling; this module renames on the way in and on the way out.
"""

from dataclasses import dataclass
from typing import Any

RENAMES = {
    "processDefinition": "workflowDefinition",
    "processTaskRelationList": "workflowTaskRelationList",
    "processDefinitionCode": "workflowDefinitionCode",
    "processDefinitionName": "workflowDefinitionName",
    "processDefinitionVersion": "workflowDefinitionVersion",
    "processDefineCode": "workflowDefinitionCode",
    "processInstancePriority": "workflowInstancePriority",
}
BACK = {new: old for old, new in RENAMES.items() if old != "processDefineCode"}
VERBATIM = {"taskParams", "conditionParams", "globalParamMap"}  # users' own keys


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one release line does differently."""

    name: str
    definitions: str
    instances: str
    start: str
    probe: str
    offset_key: str
    renamed: bool
    has_tenant: bool  # a workflow has a tenant of its own
    answers_true: bool  # release and schedule state answer `true`, the latter also when nothing changes
    one_schedule: bool  # a second schedule is refused with 10204
    unique_task_names: bool
    saved_row: bool  # create and update answer the row as saved
    missed_fires: bool  # schedules have missedFirePolicy
    sub_workflow: str

    def outward(self, value: Any) -> Any:
        """Rename the keys of rows; task parameters stay as written."""
        if not self.renamed:
            return value
        if isinstance(value, list):
            return [self.outward(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {RENAMES.get(key, key): item if key in VERBATIM else self.outward(item) for key, item in value.items()}

    def inward(self, row: dict[str, Any]) -> dict[str, Any]:
        """Give a form or a relation its older keys; the other flavour's keys are then unknown and ignored."""
        if not self.renamed:
            return row
        return {BACK.get(key, key): value for key, value in row.items() if key not in RENAMES}


V31 = Dialect(
    name="3.1",
    definitions="process-definition",
    instances="process-instances",
    start="start-process-instance",
    probe="query-process-definition-list",
    offset_key="start",
    renamed=False,
    has_tenant=True,
    answers_true=False,
    one_schedule=False,
    unique_task_names=False,
    saved_row=False,
    missed_fires=False,
    sub_workflow="SUB_PROCESS",
)
V34 = Dialect(
    name="3.4",
    definitions="workflow-definition",
    instances="workflow-instances",
    start="start-workflow-instance",
    probe="query-workflow-definition-list",
    offset_key="pageNo",
    renamed=True,
    has_tenant=False,
    answers_true=True,
    one_schedule=True,
    unique_task_names=True,
    saved_row=True,
    missed_fires=True,
    sub_workflow="SUB_WORKFLOW",
)
DIALECTS = {dialect.name: dialect for dialect in (V31, V34)}
