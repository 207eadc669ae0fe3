"""DolphinScheduler's HTTP API as methods: codes and forms in, plain JSON out, errors from `dolphin.errors`.

The endpoints that write under a GET (switching a version) are left out on purpose. Replies about users hold password hashes and are
never handed on.
"""

from collections.abc import Iterator
from itertools import chain, islice
from types import TracebackType
from typing import Any, Final, Self

from dolphin.errors import DolphinRejected, DolphinUnexpected
from dolphin.flavours import Detected, Flavour, detect
from dolphin.pages import Ask, pages
from dolphin.transport import Form, Transport

Json = dict[str, Any]

NOT_FOUND: Final = 50003
ALREADY_SO: Final = 10126  # a schedule that is online (or offline) already
_PAGE: Final = 100
_CODES_A_CALL: Final = 100
_MOST_RUNS: Final = 1_000


class DolphinClient:
    """Calls of one instance. Use as a context manager; not shared between threads."""

    def __init__(self, base_url: str, token: str, *, flavour: Flavour | None = None, **options: Any) -> None:
        self.transport = Transport(base_url, token, **options)
        self._flavour = flavour

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.transport.close()

    @property
    def flavour(self) -> Flavour:
        """The release line, detected at first use."""
        if self._flavour is None:
            self._flavour = self.detect().flavour
        return self._flavour

    def detect(self) -> Detected:
        return detect(self.transport)

    # --- surroundings
    def user(self) -> Json:
        """Return {"id", "name", "is_admin"} of the token's user, nothing else of the reply."""
        user = self._object(self.transport.get("/users/get-user-info"))
        return {"id": user.get("id"), "name": user.get("userName"), "is_admin": user.get("userType") == "ADMIN_USER"}

    def projects(self) -> list[Json]:
        """Return {"code", "name"} of the projects the token's user made or was granted."""
        rows = self.transport.get("/projects/created-and-authed")
        return [{"code": row["code"], "name": row["name"]} for row in self._rows(rows)]

    def tenants(self) -> set[str]:
        return {str(row.get("tenantCode")) for row in self._rows(self.transport.get("/tenants/list"))}

    def worker_groups(self) -> set[str]:
        names = self.transport.get("/worker-groups/all")
        if not isinstance(names, list):
            raise DolphinUnexpected("an answer without the expected list")
        return {str(name) for name in names}

    def environments(self) -> set[int]:
        rows = self._rows(self.transport.get("/environment/query-environment-list"))
        return {number for row in rows if isinstance(number := row.get("code"), int)}

    def data_sources(self, kind: str) -> set[int]:
        """Return the ids of a type's data sources. Nothing else of the reply is handed on: it holds their connections."""
        rows = self._rows(self.transport.get("/datasources/list", type=kind))
        return {number for row in rows if isinstance(number := row.get("id"), int)}

    def task_codes(self, project: int, count: int) -> list[int]:
        codes: list[int] = []
        while len(codes) < count:
            number = min(_CODES_A_CALL, count - len(codes))
            codes += self.transport.get(f"/projects/{project}/task-definition/gen-task-codes", genNum=number)
        return codes

    def preview(self, project: int, schedule_json: str) -> list[str]:
        """Return the next fire times DolphinScheduler reckons."""
        return list(self.transport.ask(f"/projects/{project}/schedules/preview", {"schedule": schedule_json}))

    # --- workflows
    def definition(self, project: int, code: int) -> Json | None:
        """Return the definition as DagData, None where the project has no such workflow."""
        try:
            return self._object(self.transport.get(self._path(project, code)))
        except DolphinRejected as error:
            if error.dolphin_code == NOT_FOUND:
                return None
            raise

    def page_row(self, project: int, code: int, name: str) -> Json | None:
        """Return the list row of a workflow (releaseState, version), found through its name."""
        for row in self._pages(self._path(project), searchVal=name):
            if row.get("code") == code:
                return row
        return None

    def find_by_name(self, project: int, name: str) -> int | None:
        """Return the code of the workflow of this name. MySQL ignores case and trailing blanks, so do we."""
        wanted = name.rstrip().casefold()
        for row in self._rows(self.transport.get(f"{self._path(project)}/simple-list")):
            if str(row.get("name")).rstrip().casefold() == wanted:
                return int(row["code"])
        return None

    def workflow_rows(self, project: int) -> list[Json]:
        """Return the page list's rows of a project: releaseState, version, updateTime, modifyBy. 10122 where a schedule is doubled."""
        return list(self._pages(self._path(project)))

    def workflow_pages(self, project: int, size: int) -> Iterator[list[Json]]:
        """Yield the same call by call, some 1.2 ms a row. One may lack where thousands were saved within one second."""
        return pages(self._page_of(self._path(project)), size, largest=self.flavour.largest_page, may_lack=True)

    def version_probe(self, project: int) -> list[Json]:
        """Return {"code", "name", "version"} of every workflow of a project, in one call where the flavour has it."""
        if self.flavour.version_probe:
            rows = self._rows(self.transport.get(f"{self._path(project)}/{self.flavour.version_probe}"))
        else:
            rows = list(self._pages(self._path(project)))
        return [{key: row.get(key) for key in ("code", "name", "version")} for row in rows]

    def highest_task_version(self, project: int, task_code: int) -> int:
        """Return the highest version a task code ever had, 0 for a code never sent: its log is empty then (3.1.1 and 2.0.5).

        A refusal is no 0: sent with one, a code that was in use before could never be changed again.
        """
        rows = self.task_versions(project, task_code)
        return max((int(row["version"]) for row in rows), default=0)

    def create(self, project: int, form: Form) -> int:
        """Create a workflow and return its code. It is OFFLINE."""
        data = self.transport.write("POST", self._path(project), form)
        if not isinstance(data, dict) or not isinstance(data.get("code"), int):
            raise DolphinUnexpected("the created workflow has no code in the answer")
        return int(data["code"])

    def update(self, project: int, code: int, form: Form) -> None:
        """Replace a workflow's definition. It must be OFFLINE (50008)."""
        self.transport.write("PUT", self._path(project, code), form)

    def release(self, project: int, code: int, *, online: bool) -> None:
        """Put a workflow ONLINE or OFFLINE; OFFLINE takes its schedule along."""
        self.transport.write(
            "POST", f"{self._path(project, code)}/release", {"releaseState": "ONLINE" if online else "OFFLINE"}
        )

    # --- history: what DolphinScheduler kept of the past
    def versions(self, project: int, code: int) -> list[Json]:
        """Return the version log of a workflow, newest first: definition fields, operator, operateTime; no tasks, no relations."""
        return list(self._pages(f"{self._path(project, code)}/versions"))

    def versions_kept(self, project: int, code: int) -> int:
        """Return how many versions the log holds."""
        page = self._object(self.transport.get(f"{self._path(project, code)}/versions", pageNo=1, pageSize=1))
        return int(page.get("total") or 0)

    def task_versions(self, project: int, task_code: int) -> list[Json]:
        """Return the log of a task, its parameters with it."""
        return list(self._pages(f"/projects/{project}/task-definition/{task_code}/versions"))

    def runs(
        self, project: int, code: int, *, name_part: str = "", state: str = "", size: int = _PAGE
    ) -> tuple[list[Json], int]:
        """Return the newest runs of a workflow and how many there are in all. A run's name is `<workflow>-<version>-<time>`."""
        params: dict[str, str | int] = {self.flavour.instances_filter: code, "pageNo": 1, "pageSize": size}
        if name_part:
            params["searchVal"] = name_part
        if state:
            params["stateType"] = state
        page = self._object(self.transport.get(f"/projects/{project}/{self.flavour.instances}", **params))
        return self._rows(page.get("totalList")), int(page.get("total") or 0)

    def run(self, project: int, run_id: int) -> Json:
        """Return a run; its "dagData" is the definition of the version that ran."""
        return self._object(self.transport.get(f"/projects/{project}/{self.flavour.instances}/{run_id}"))

    def lineage(self, project: int) -> list[tuple[int, int]]:
        """Return (upstream, downstream) workflow codes: DEPENDENT tasks inside the project only. 10161 where a schedule is doubled."""
        found = self._object(self.transport.get(f"/projects/{project}/lineages/list"))
        rows = self._rows(found.get("workFlowRelationList") or [])
        edges = ((int(row.get("sourceWorkFlowCode") or 0), int(row.get("targetWorkFlowCode") or 0)) for row in rows)
        return [(source, target) for source, target in edges if source and target]

    def all_data_sources(self) -> set[int]:
        """Return the ids of the data sources of every type that the token may see."""
        return {int(row["id"]) for row in self._pages("/datasources")}

    # --- schedules
    def all_schedules(self, project: int) -> list[Json]:
        """Return every schedule row of a project. This list survives doubled rows."""
        return self._rows(self.transport.ask(f"/projects/{project}/schedules/list", {}))

    def schedules(self, project: int, code: int) -> list[Json]:
        """Return the schedule rows of a workflow: none, one, or what is wrong."""
        return [row for row in self.all_schedules(project) if row.get(self.flavour.code_key) == code]

    def create_schedule(self, project: int, form: Form) -> None:
        """Add a schedule, OFFLINE. A second call adds a second row on older releases: look first."""
        self.transport.write("POST", f"/projects/{project}/schedules", form)

    def update_schedule(self, project: int, schedule_id: int, form: Form) -> None:
        self.transport.write("PUT", f"/projects/{project}/schedules/{schedule_id}", form)

    def schedule_state(self, project: int, schedule_id: int, *, online: bool) -> None:
        """Put a schedule ONLINE or OFFLINE; being so already is fine."""
        path = f"/projects/{project}/schedules/{schedule_id}/{'online' if online else 'offline'}"
        try:
            self.transport.write("POST", path, {})
        except DolphinRejected as error:
            if error.dolphin_code != ALREADY_SO:
                raise

    def delete_schedule(self, project: int, schedule_id: int) -> None:
        self.transport.write("DELETE", f"/projects/{project}/schedules/{schedule_id}", {})

    # --- runs
    def scheduled_runs(self, project: int, code: int, since: str) -> set[str]:
        """Return the schedule times (DolphinScheduler's own text) of the runs that began since, its own text too: of the newest 1,000."""
        key = self.flavour.code_key
        rows, _ = self.runs(project, code)
        if len(rows) == _PAGE and str(rows[-1].get("startTime")) >= since:
            # Of runs that began within one second a page's end may leave some out: as few ends as can be.
            size = min(_MOST_RUNS, self.flavour.largest_page)
            path, params = f"/projects/{project}/{self.flavour.instances}", {self.flavour.instances_filter: code}
            rows = list(islice(self._pages(path, size, **params), _MOST_RUNS))
        recent = [row for row in rows if str(row.get("startTime")) >= since]
        return {str(row["scheduleTime"]) for row in recent if row.get(key) == code and row.get("scheduleTime")}

    def start_run(self, project: int, form: Form) -> None:
        """Start a run of an ONLINE workflow (50004 otherwise). Not idempotent: look at the runs first."""
        self.transport.write("POST", f"/projects/{project}/executors/{self.flavour.start}", form)

    # --- shapes
    def _path(self, project: int, code: int | None = None) -> str:
        path = f"/projects/{project}/{self.flavour.definitions}"
        return path if code is None else f"{path}/{code}"

    def _pages(self, path: str, size: int = _PAGE, **params: str | int) -> Iterator[Json]:
        return chain.from_iterable(pages(self._page_of(path, **params), size, largest=self.flavour.largest_page))

    def _page_of(self, path: str, **params: str | int) -> Ask:
        return lambda number, size: self.transport.get(path, pageNo=number, pageSize=size, **params)

    @staticmethod
    def _object(data: Any) -> Json:
        if not isinstance(data, dict):
            raise DolphinUnexpected("an answer without the expected object")
        return data

    @staticmethod
    def _rows(data: Any) -> list[Json]:
        if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise DolphinUnexpected("an answer without the expected list")
        return data
