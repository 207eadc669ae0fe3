"""Endpoints around workflows: user, projects, tenants, task codes, and the ones that tell release lines apart."""

import json

from dolphin.sandbox.answers import Answer, Refused, Row, envelope, page, page_bounds
from dolphin.sandbox.request import Request
from dolphin.sandbox.state import now_text


def user_info(request: Request) -> Answer:
    return envelope({**request.user, "userPassword": "5f4dcc3b5aa765d61d8327deb882cf99", "email": "a@example.org"})


def projects(request: Request) -> Answer:
    return envelope(request.state.projects)


def project_page(request: Request) -> Answer:
    number, size = page_bounds(request.form, request.generic)
    return envelope(page(request.state.projects, number, size, offset_key=request.dialect.offset_key))


def project(request: Request) -> Answer:
    for row in request.state.projects:
        if row["code"] == request.args[0]:
            return envelope(row)
    raise Refused(10018, "project not found")


def create_project(request: Request) -> Answer:
    name = request.need("projectName")
    if any(row["name"] == name for row in request.state.projects):
        raise Refused(10019, "project exists")
    return envelope(add_project(request, name), status=201)


def add_project(request: Request, name: str) -> Row:
    row = {"id": request.state.next_id("projects"), "code": request.state.next_code(), "name": name, "userId": 1}
    row |= {"description": request.form.get("description", ""), "createTime": now_text(), "updateTime": now_text()}
    request.state.projects.append(row)
    return row


def tenants(request: Request) -> Answer:
    return envelope(request.state.tenants)


def worker_groups(request: Request) -> Answer:
    return envelope(["default"])


def data_sources(request: Request) -> Answer:
    kind = request.need("type")
    return envelope([row for row in request.state.data_sources if row["type"] == kind])


def resources(request: Request) -> Answer:
    """A tree: folders hold their files under `children`."""
    return envelope(request.state.resources)


def environments(request: Request) -> Answer:
    return envelope(request.state.environments)


def product_info(request: Request) -> Answer:
    if not request.dialect.renamed:
        raise Refused(110003, "query plugin detail error")
    return envelope({"version": "3.4.0"})


def nothing(request: Request) -> Answer:
    return envelope([])


def audit_log(request: Request) -> Answer:
    return envelope(page([], 1, 1, offset_key=request.dialect.offset_key))


def task_codes(request: Request) -> Answer:
    count = request.whole("genNum")
    if not 1 <= count <= 100:
        raise Refused(50017, "genNum is not valid")
    return envelope([request.state.next_code() for _ in range(count)])


def task_versions(request: Request) -> Answer:
    _, code = request.args
    number, size = page_bounds(request.form, request.generic)
    with request.state.lock:
        rows = [{**row, "taskParams": json.loads(row["taskParams"])} for row in request.state.task_log.get(code, [])]
    return envelope(page(rows, number, size, offset_key=request.dialect.offset_key))


def release_task(request: Request) -> Answer:
    """Switch one task on or off. It changes in place: no version moves, neither the task's nor its workflow's."""
    _, code = request.args
    with request.state.lock:
        rows = request.state.task_log.get(code)
        if not rows:
            raise Refused(50030, "task definition does not exist")
        newest = max(rows, key=lambda row: int(row["version"]))
        newest["flag"] = "YES" if request.need("releaseState") == "ONLINE" else "NO"
    return envelope(None)
