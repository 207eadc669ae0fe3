"""What people do in DolphinScheduler itself while the demo is told: by the API, past Snapshotter."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dolphin.sandbox import Sandbox
from dolphin.sandbox.examples import add_examples

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody at DolphinScheduler's own pages."""

    sandbox: Sandbox

    def make_project(self, name: str) -> int:
        """Return the new project's code."""
        return int(self._data("POST", "/projects", projectName=name, description="")["code"])

    def make(self, project: int, workflows: Iterable[Json]) -> list[int]:
        """Create workflows online, with their schedules on; return their codes."""
        return add_examples(self.sandbox.answer, self.sandbox.token, project, self.sandbox.dialect, workflows)

    def delete(self, project: int, code: int) -> None:
        path = f"/projects/{project}/{self.sandbox.dialect.definitions}/{code}"
        self._data("POST", f"{path}/release", releaseState="OFFLINE")
        self._data("DELETE", path)

    def edit(self, project: int, code: int, before: str, after: str) -> None:
        """Save a workflow with a text of its tasks replaced; it goes online again, and its schedule on where it was."""
        path = f"/projects/{project}/{self.sandbox.dialect.definitions}/{code}"
        on = [row["id"] for row in self.sandbox.state.schedules_of(code) if row["releaseState"] == "ONLINE"]
        found = self._data("GET", path)
        row = next(value for name, value in found.items() if name.endswith("Definition"))
        relations = next(value for name, value in found.items() if name.endswith("TaskRelationList"))
        tasks = json.dumps(found["taskDefinitionList"], ensure_ascii=False)
        form = {name: str(row.get(name) or "") for name in ("name", "description", "executionType", "tenantCode")}
        form |= {"locations": row["locations"] or "[]", "globalParams": row["globalParams"] or "[]"}
        form |= {"timeout": str(row.get("timeout") or 0), "taskRelationJson": json.dumps(relations)}
        self._data("POST", f"{path}/release", releaseState="OFFLINE")
        self._data("PUT", path, **form, taskDefinitionJson=tasks.replace(before, after))
        self._data("POST", f"{path}/release", releaseState="ONLINE")
        for schedule in on:  # going offline took it off
            self._data("POST", f"/projects/{project}/schedules/{schedule}/online")

    def _data(self, method: str, path: str, **form: str) -> Any:
        answer = json.loads(self.sandbox.answer(method, path, self.sandbox.token, form, 0).body)
        if answer["code"] != 0:
            raise ValueError(f"{method} {path}: {answer}")
        return answer["data"]
