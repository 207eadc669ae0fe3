"""Which path is which endpoint."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dolphin.sandbox import history, schedules, surroundings, workflows
from dolphin.sandbox.answers import Answer
from dolphin.sandbox.dialect import Dialect
from dolphin.sandbox.request import Request

Endpoint = Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """`generic` is the code the endpoint answers for any exception inside it."""

    method: str
    pattern: re.Pattern[str]
    endpoint: Endpoint
    generic: int


def routes(dialect: Dialect) -> list[Route]:
    """Return the routes in the order they are tried; `#` stands for a number in the path."""
    table: list[tuple[str, str, Endpoint, int]] = [
        ("GET", "/users/get-user-info", surroundings.user_info, 10000),
        ("GET", "/ui-plugins/query-product-info", surroundings.product_info, 110003),
        ("GET", "/projects/list", surroundings.projects, 10000),
        ("GET", "/projects/created-and-authed", surroundings.projects, 10000),
        ("GET", "/projects/list-dependent", surroundings.nothing, 10000),
        ("GET", "/projects/audit/audit-log-list", surroundings.audit_log, 10000),
        ("GET", "/projects", surroundings.project_page, 10014),
        ("POST", "/projects", surroundings.create_project, 10014),
        ("GET", "/projects/#", surroundings.project, 10018),
        ("GET", "/tenants/list", surroundings.tenants, 10000),
        ("GET", "/worker-groups/all", surroundings.worker_groups, 10000),
        ("GET", "/environment/query-environment-list", surroundings.environments, 10000),
        ("GET", "/resources/list", surroundings.resources, 20000),
        ("GET", "/datasources/list", surroundings.data_sources, 10033),
        ("GET", "/datasources", history.data_sources, 10000),
        ("GET", "/projects/#/lineages/list", history.lineage, 10161),
        ("GET", "/projects/#/task-definition/gen-task-codes", surroundings.task_codes, 50017),
        ("GET", "/projects/#/task-definition/#/versions", surroundings.task_versions, 10000),
        ("POST", "/projects/#/task-definition/#/release", surroundings.release_task, 10000),
    ]
    if dialect.renamed:
        table.append(("GET", "/projects/audit/audit-log-model-type", surroundings.nothing, 10000))
    return [_route(*line) for line in [*table, *_workflows(dialect), *_schedules(dialect)]]


def _workflows(dialect: Dialect) -> list[tuple[str, str, Endpoint, int]]:
    base = f"/projects/#/{dialect.definitions}"
    return [
        ("POST", base, workflows.create, 10105),
        ("GET", base, workflows.page_list, 10109),
        ("GET", f"{base}/simple-list", workflows.simple_list, 10109),
        ("GET", f"{base}/{dialect.probe}", workflows.probe, 10109),
        ("GET", f"{base}/verify-name", workflows.verify_name, 10109),
        ("GET", f"{base}/#", workflows.read, 10109),
        ("PUT", f"{base}/#", workflows.update, 10107),
        ("DELETE", f"{base}/#", workflows.delete, 10110),
        ("POST", f"{base}/#/release", workflows.release, 10108),
        ("GET", f"{base}/#/versions", workflows.versions, 10109),
        ("GET", f"{base}/#/versions/#", workflows.switch, 10151),
    ]


def _schedules(dialect: Dialect) -> list[tuple[str, str, Endpoint, int]]:
    base = "/projects/#/schedules"
    return [
        ("POST", base, schedules.create, 10076),
        ("GET", base, schedules.page_list, 10080),
        ("POST", f"{base}/list", schedules.list_all, 10080),
        ("POST", f"{base}/preview", schedules.preview, 10001),
        ("PUT", f"{base}/#", schedules.update, 10077),
        ("DELETE", f"{base}/#", schedules.delete, 10079),
        ("POST", f"{base}/#/online", schedules.online, 10078),
        ("POST", f"{base}/#/offline", schedules.offline, 10079),
        ("POST", f"/projects/#/executors/{dialect.start}", schedules.start, 10113),
        ("GET", f"/projects/#/{dialect.instances}", history.runs, 10116),
        ("GET", f"/projects/#/{dialect.instances}/#", history.run, 10116),
    ]


def _route(method: str, path: str, endpoint: Endpoint, generic: int) -> Route:
    return Route(method, re.compile(re.escape(path).replace(r"\#", r"([^/]+)") + r"\Z"), endpoint, generic)
