"""Endpoints that look back or around: runs and the version each ran, lineage, data sources."""

import json
from collections.abc import Iterator
from typing import Any

from dolphin.sandbox.answers import Answer, Refused, Row, envelope, latest_first, page, page_bounds
from dolphin.sandbox.request import Request
from dolphin.sandbox.workflows import dag_data

NO_SUCH_RUN, LINEAGE_ERROR = 50001, 10161


def runs(request: Request) -> Answer:
    """The list joins the workflow: runs of a deleted one are not listed any more, though each still answers by its id."""
    (project,) = request.args
    number, size = page_bounds(request.form, request.generic)
    key = "processDefineCode" if "processDefineCode" in request.form else "processDefinitionCode"
    wanted, text, state = request.whole(key, 0), request.form.get("searchVal", ""), request.form.get("stateType", "")
    with request.state.lock:
        found = [
            {**run, "dagData": None}
            for run in request.state.instances
            if run["projectCode"] == project
            and wanted in (0, run["processDefinitionCode"])
            and text in run.get("name", "")
            and state in ("", run.get("state"))
            and request.state.definition(project, run["processDefinitionCode"])
        ]
    rows = latest_first(found, "startTime", number, size)
    return envelope(request.dialect.outward(page(rows, number, size, offset_key=request.dialect.offset_key)))


def run(request: Request) -> Answer:
    """The run with the definition of the version it ran, taken from the logs: they outlive updates and the workflow itself."""
    project, identifier = request.args
    with request.state.lock:
        found = next(
            (row for row in request.state.instances if (row["projectCode"], row["id"]) == (project, identifier)), None
        )
        if found is None:
            raise Refused(NO_SUCH_RUN, f"process instance {identifier} does not exist")
        logged = request.state.definition_log.get(found["processDefinitionCode"], [])
        row = next((row for row in logged if row["version"] == found["processDefinitionVersion"]), None)
        data = dag_data(request.state, row) if row else None
    return envelope(request.dialect.outward({**found, "dagData": data}))


def lineage(request: Request) -> Answer:
    """Edges by DEPENDENT tasks inside the project; a workflow without one hangs below 0. One doubled schedule takes it all down."""
    (project,) = request.args
    with request.state.lock:
        rows = request.state.in_project(project)
        if any(len(request.state.schedules_of(row["code"])) > 1 for row in rows):
            raise Refused(LINEAGE_ERROR, "two schedules found where one is expected")
        codes = {row["code"] for row in rows}
        edges = [(source, row["code"]) for row in rows for source in _upstream(request, row) if source in codes]
        edges += [(0, row["code"]) for row in rows if row["code"] not in {target for _, target in edges}]
        listed = [{"workFlowCode": row["code"], "workFlowName": row["name"]} for row in rows]
    relations = [{"sourceWorkFlowCode": source, "targetWorkFlowCode": target} for source, target in edges]
    return envelope({"workFlowList": listed, "workFlowRelationList": relations})


def data_sources(request: Request) -> Answer:
    number, size = page_bounds(request.form, request.generic)
    rows = request.state.data_sources
    return envelope(page(rows, number, size, offset_key=request.dialect.offset_key))


def _upstream(request: Request, row: Row) -> set[int]:
    tasks = dag_data(request.state, row)["taskDefinitionList"]
    return {code for task in tasks if task["taskType"] == "DEPENDENT" for code in _depends_on(task["taskParams"])}


def _depends_on(params: Any) -> Iterator[int]:
    params = json.loads(params) if isinstance(params, str) else params
    for group in params.get("dependence", {}).get("dependTaskList", []):
        for item in group.get("dependItemList", []):
            yield int(item["definitionCode"])
