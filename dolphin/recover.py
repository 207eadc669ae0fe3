"""Old versions of a workflow, from what DolphinScheduler happened to keep. Reads only.

No endpoint shows an old version, but a run shows the definition of the version it ran, also after later updates. A version that never
ran, or whose runs were cleaned away, is lost: its tasks may still be in the task logs, but nothing says how they hung together. So are
all versions of a deleted workflow: its runs still answer by id, but no list names them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from definitions.canonical import Canonical, canonicalise
from definitions.errors import DefinitionError
from definitions.recode import NO_ALIASES, Aliases
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.payloads import read_document, shape_problems

Json = dict[str, Any]

NO_RUN: Final = "no_run"  # it never ran, or its runs are gone, or not listed since the workflow was deleted
NOT_SHOWN: Final = "not_shown"  # there is a run, but it does not show the version
TASK_GONE: Final = "task_gone"  # a task's row is gone from its log
SPOILT: Final = "spoilt"  # overlapping updates doubled it
UNREADABLE: Final = "unreadable"


@dataclass(frozen=True, slots=True)
class Recovered:
    """One old version. `saved_at` in the server's own zone; `operator` its user id. The schedule is not known."""

    version: int
    canonical: Canonical
    run_id: int
    saved_at: str
    operator: int | None


@dataclass(frozen=True, slots=True)
class Lost:
    version: int
    because: str


class Past:
    """The past of one workflow. One call for its newest runs; then one or two calls for each version asked for."""

    def __init__(self, client: DolphinClient, project: int, code: int, aliases: Aliases = NO_ALIASES) -> None:
        self._client, self._project, self._code = client, project, code
        self._aliases = aliases.at(code)
        self._task_logs: dict[int, list[Json]] = {}
        rows, self.total_runs = client.runs(project, code)
        self.all_runs_seen = self.total_runs <= len(rows)
        self.seen: dict[int, int] = {}
        self._note(rows)

    def run_of(self, version: int) -> int | None:
        """Return the id of a run of this version, None where there is none. Older runs are found by their name."""
        if version not in self.seen and not self.all_runs_seen:
            rows, _ = self._client.runs(self._project, self._code, name_part=f"-{version}-20", size=10)
            self._note(rows)
        return self.seen.get(version)

    def recover(self, row: Json) -> Recovered | Lost:
        """Return the version a row of the version log stands for. Raises DolphinError but for what is gone."""
        version = int(row["version"])
        run_id = self.run_of(version)
        if run_id is None:
            return Lost(version, NO_RUN)
        raw = self._shown(run_id, version)
        if raw is None:
            return Lost(version, NOT_SHOWN)
        if not self._complete(raw):
            return Lost(version, TASK_GONE)
        if shape_problems(raw):
            return Lost(version, SPOILT)
        try:
            canonical = canonicalise(self._aliases.to_origins(read_document(raw, None)), check=False)
        except DefinitionError:
            return Lost(version, UNREADABLE)
        return Recovered(version, canonical, run_id, str(row.get("operateTime") or ""), row.get("operator"))

    def _note(self, rows: Iterable[Json]) -> None:
        version_key = self._client.flavour.code_key.replace("Code", "Version")
        for row in rows:
            if isinstance(row.get(version_key), int):
                self.seen.setdefault(row[version_key], int(row["id"]))

    def _shown(self, run_id: int, version: int) -> Json | None:
        try:
            raw = self._client.run(self._project, run_id).get("dagData")
        except DolphinRejected:
            return None
        if not isinstance(raw, dict):
            return None
        definition = raw.get("workflowDefinition") or raw.get("processDefinition") or {}
        return raw if (definition.get("code"), definition.get("version")) == (self._code, version) else None

    def _complete(self, raw: Json) -> bool:
        """Add tasks that the run does not show from their own logs; say whether all are there."""
        relations = raw.get("workflowTaskRelationList") or raw.get("processTaskRelationList") or []
        shown = {task["code"] for task in raw.get("taskDefinitionList") or []}
        named = {row["postTaskCode"]: row.get("postTaskVersion") for row in relations}
        for code in named.keys() - shown:
            found = next((row for row in self._log(code) if row.get("version") == named[code]), None)
            if found is None:
                return False
            raw["taskDefinitionList"] = [*(raw.get("taskDefinitionList") or []), found]
        return bool(relations)

    def _log(self, code: int) -> list[Json]:
        if code not in self._task_logs:
            try:
                self._task_logs[code] = self._client.task_versions(self._project, code)
            except DolphinRejected:
                self._task_logs[code] = []
        return self._task_logs[code]
