"""Endpoints that read workflows and tasks. Only the routes import this."""

from dolphin.sandbox import shown
from dolphin.sandbox.answers import Answer, Refused, Row, envelope, page, page_bounds
from dolphin.sandbox.checks import check_names
from dolphin.sandbox.request import Request
from dolphin.sandbox.state import State

NOT_FOUND = 50003
TWO_SCHEDULES = 10122


def main_row(request: Request) -> Row:
    """Return the stored row of the workflow in the path, or refuse. Callers hold the lock."""
    project, code = request.args[:2]
    row = request.state.definition(project, code)
    if row is None:
        raise Refused(NOT_FOUND, f"process definition {code} does not exist")
    return row


def read(request: Request) -> Answer:
    with request.state.lock:
        return envelope(request.dialect.outward(_graph(request.state, main_row(request))))


def full_list(request: Request) -> Answer:
    with request.state.lock:
        graphs = [_graph(request.state, row) for row in request.state.in_project(request.args[0])]
        return envelope(request.dialect.outward(graphs))


def page_list(request: Request) -> Answer:
    """One workflow with two schedules takes the whole project's list down."""
    number, size = page_bounds(request.form, request.generic)
    wanted = request.form.get("searchVal", "").casefold()
    with request.state.lock:
        rows = request.state.in_project(request.args[0])
        if any(len(request.state.schedules_of(row["code"])) > 1 for row in rows):
            raise Refused(TWO_SCHEDULES, "query process definition list paging error")
        found = [row for row in reversed(rows) if wanted in row["name"].casefold()]
        listed = [_listed(request, row) for row in found]
    return envelope(request.dialect.outward(page(listed, number, size, offset_key=request.dialect.offset_key)))


def simple_list(request: Request) -> Answer:
    return envelope(_brief(request, "id", "code", "name", "projectCode"))


def brief_list(request: Request) -> Answer:
    """The cheap one to poll: `query-process-definition-list`."""
    return envelope(_brief(request, "code", "name", "version"))


def verify_name(request: Request) -> Answer:
    with request.state.lock:
        check_names(request, request.need("name"), (row["name"] for row in request.state.in_project(request.args[0])))
    return envelope(None)


def versions(request: Request) -> Answer:
    number, size = page_bounds(request.form, request.generic)
    with request.state.lock:
        log = request.state.definition_log.get(request.args[1], [])
        rows = [shown.logged_definition(row) for row in reversed(log)]
    return envelope(request.dialect.outward(page(rows, number, size, offset_key=request.dialect.offset_key)))


def task(request: Request) -> Answer:
    """Answer the main row; where an unknown version stands beside it, the lookup finds two and fails."""
    with request.state.lock:
        rows = request.state.tasks.get(request.args[1], [])
        if not rows:
            raise Refused(50030, f"task definition [{request.args[1]}] does not exist")
        if len(rows) > 1:
            raise Refused(50043, "query detail of task definition error")
        return envelope(shown.task(rows[0], logged=False))


def task_versions(request: Request) -> Answer:
    number, size = page_bounds(request.form, request.generic)
    with request.state.lock:
        log = request.state.task_log.get(request.args[1], [])
        rows = [shown.task(row) for row in sorted(log, key=lambda row: -int(row["version"]))]
    return envelope(page(rows, number, size, offset_key=request.dialect.offset_key))


def _graph(state: State, row: Row) -> Row:
    """Return a workflow with the relations and tasks of its version; doubled rows are shown twice."""
    relations = state.relations(row["code"], row["version"])
    wanted = {(relation["postTaskCode"], relation["postTaskVersion"]) for relation in relations}
    codes = {code for code, _ in wanted}
    rows = [task for code in codes for task in state.task_log[code] if (code, task["version"]) in wanted]
    tasks = [shown.task(task) for task in sorted(rows, key=lambda task: -int(task["id"]))]
    tenant = None if row.get("tenantId") == -1 else row.get("tenantCode")
    definition = shown.definition(row, tenantCode=tenant)
    return {"processDefinition": definition, "processTaskRelationList": relations, "taskDefinitionList": tasks}


def _listed(request: Request, row: Row) -> Row:
    schedules = request.state.schedules_of(row["code"])
    state = schedules[0]["releaseState"] if schedules else None
    return shown.definition(row, scheduleReleaseState=state, modifyBy=request.user["userName"])


def _brief(request: Request, *keys: str) -> list[Row]:
    with request.state.lock:
        return [{key: row[key] for key in keys} for row in request.state.in_project(request.args[0])]
