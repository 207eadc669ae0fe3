"""Which path is which endpoint. Only the server imports this."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dolphin.sandbox import queries, runs, schedules, surroundings, workflows
from dolphin.sandbox.answers import Answer
from dolphin.sandbox.dialect import Dialect
from dolphin.sandbox.request import Request

Endpoint = Callable[[Request], Answer]

# Seen to answer without looking at the project; the page of schedules looks at its parameters first.
NO_PROJECT_CHECK = (queries.brief_list, surroundings.task_codes, schedules.page_list)


@dataclass(frozen=True, slots=True)
class Route:
    """`generic` is the code the endpoint answers for any exception inside it; `returns`: it refuses a project at HTTP 201."""

    method: str
    pattern: re.Pattern[str]
    endpoint: Endpoint
    generic: int
    in_project: bool

    @property
    def returns(self) -> bool:
        return self.endpoint in (workflows.create, schedules.create)

    def numbers(self, path: str) -> tuple[int, ...]:
        """Return the numbers of a path that fits; ValueError where one is none."""
        match = self.pattern.match(path)
        return tuple(int(text) for text in match.groups()) if match else ()


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
        ("GET", "/projects/#/task-definition/gen-task-codes", surroundings.task_codes, 50017),
        ("GET", "/projects/#/task-definition/#", queries.task, 10000),
        ("GET", "/projects/#/task-definition/#/versions", queries.task_versions, 10000),
    ]
    if dialect.renamed:
        table.append(("GET", "/projects/audit/audit-log-model-type", surroundings.nothing, 10000))
    return [_route(*line) for line in [*table, *_workflows(dialect), *_schedules(dialect)]]


def _workflows(dialect: Dialect) -> list[tuple[str, str, Endpoint, int]]:
    base = f"/projects/#/{dialect.definitions}"
    return [
        ("POST", base, workflows.create, 10105),
        ("GET", base, queries.page_list, 10109),
        ("GET", f"{base}/list", queries.full_list, 10109),
        ("GET", f"{base}/simple-list", queries.simple_list, 10109),
        ("GET", f"{base}/{dialect.probe}", queries.brief_list, 10109),
        ("GET", f"{base}/verify-name", queries.verify_name, 10109),
        ("GET", f"{base}/#", queries.read, 10109),
        ("PUT", f"{base}/#", workflows.update, 10107),
        ("DELETE", f"{base}/#", workflows.delete, 10110),
        ("POST", f"{base}/#/release", workflows.release, 10108),
        ("GET", f"{base}/#/versions", queries.versions, 10109),
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
        ("POST", f"/projects/#/executors/{dialect.start}", runs.start, 10113),
        ("GET", f"/projects/#/{dialect.instances}", runs.page_list, 10116),
    ]


def _route(method: str, path: str, endpoint: Endpoint, generic: int) -> Route:
    pattern = re.compile(re.escape(path).replace(r"\#", r"([^/]+)") + r"\Z")
    in_project = path.startswith("/projects/#/") and endpoint not in NO_PROJECT_CHECK
    return Route(method, pattern, endpoint, generic, in_project)
