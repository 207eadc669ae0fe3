"""Runs of a workflow that have not ended. Reads only."""

from typing import Any, Final

from dolphin.client import DolphinClient

Json = dict[str, Any]

# A paused or stopped run holds its own version too, and does nothing until somebody goes on with it.
ENDED: Final = frozenset({"SUCCESS", "FAILURE", "STOP", "PAUSE", "KILL", "FAILOVER", "BLOCK"})
_EXECUTES: Final = "RUNNING_EXECUTION"


def running(client: DolphinClient, project: int, code: int) -> list[Json]:
    """Return the rows of runs at work, newest first. Raises DolphinError.

    Two calls: the newest runs of any state, and those that execute, of which an old one may stand behind a hundred that have ended.
    """
    newest, _ = client.runs(project, code)
    executing, _ = client.runs(project, code, state=_EXECUTES)
    by_id = {int(row["id"]): row for row in (*newest, *executing) if row.get("state") not in ENDED}
    return [by_id[number] for number in sorted(by_id, reverse=True)]
