"""Runs that are under way: shown, no obstacle. Each finishes on the version it began with."""

from collections.abc import Iterator
from dataclasses import dataclass

from dolphin.running import running as rows_of
from rollback.impact.asking import Asking
from rollback.impact.findings import Finding, Weight, some
from rollback.impact.prospect import Prospect
from snapshotter.masking import masked_value


@dataclass(frozen=True, slots=True)
class Running:
    """`state` and `started` in DolphinScheduler's words: it tells times in its own zone, without naming it. `version` is its number."""

    id: int
    name: str
    state: str
    started: str
    version: int | None


def running(prospect: Prospect, asking: Asking) -> list[Running] | None:
    """Return runs at work, newest first; None where that can't be told."""
    code = prospect.workflow.workflow_code
    if code is None or (prospect.look is not None and not prospect.look.is_there):
        return []
    rows = asking.ask("running", lambda client: rows_of(client, prospect.workflow.project.code, code))
    if rows is None:
        return None
    return [
        Running(
            id=int(row["id"]),
            name=masked_value(str(row.get("name", ""))),
            state=str(row.get("state", "")),
            started=str(row.get("startTime") or ""),
            version=version if isinstance(version := _version(row), int) else None,
        )
        for row in rows
    ]


def _version(row: dict[str, object]) -> object:
    """3.1 and before say "process", later releases "workflow"."""
    return row.get("processDefinitionVersion", row.get("workflowDefinitionVersion"))


def running_findings(found: list[Running] | None) -> Iterator[Finding]:
    if found:
        names = some([run.name for run in found])
        yield Finding("running_instances", Weight.NOTE, {"count": len(found), "names": names})
