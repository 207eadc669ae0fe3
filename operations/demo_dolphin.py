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

    def _data(self, method: str, path: str, **form: str) -> Any:
        answer = json.loads(self.sandbox.answer(method, path, self.sandbox.token, form, 0).body)
        if answer["code"] != 0:
            raise ValueError(f"{method} {path}: {answer}")
        return answer["data"]
