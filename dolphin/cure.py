"""Curing a workflow whose task rows stand doubled: two overlapping updates gave two rows one version number.

Every update that sends such a version fails for good (10107). An update that sends an older version of those tasks with just that
version's content succeeds, and after it the workflow can be written again (seen on 3.1.1, on MySQL and H2). Codes are kept.
"""

from collections import Counter
from typing import Any

from definitions.document import Document
from dolphin.client import DolphinClient
from dolphin.payloads import read_document

Json = dict[str, Any]


class Incurable(Exception):
    """No older version of a doubled task is left to go back to; the text names the task."""


def cured_rows(client: DolphinClient, project: int, live: Json) -> list[Json]:
    """Return one task row a code: the live one where it stands once, else the newest older version that stands once.

    One call a doubled task. Raises Incurable, DolphinError.
    """
    rows: dict[int, Json] = {}
    doubled = _doubled(live)
    for row in live.get("taskDefinitionList", []):
        rows.setdefault(row["code"], row)
    for code in doubled:
        rows[code] = _older(client.task_versions(project, code), rows[code])
    return list(rows.values())


def with_rows(live: Json, rows: list[Json]) -> Json:
    """Return live as it is to be: these task rows, and each relation once."""
    key = "workflowTaskRelationList" if "workflowTaskRelationList" in live else "processTaskRelationList"
    relations = {(row["preTaskCode"], row["postTaskCode"]): row for row in live.get(key, [])}
    return {**live, "taskDefinitionList": rows, key: list(relations.values())}


def cured_document(client: DolphinClient, project: int, live: Json, schedule: Json | None) -> Document:
    """Return the definition the cure makes of what is live. Raises Incurable, DolphinError."""
    return read_document(with_rows(live, cured_rows(client, project, live)), schedule)


def is_doubled(live: Json) -> bool:
    """Whether task rows stand doubled: the one damage that a cure mends."""
    return bool(_doubled(live))


def _doubled(live: Json) -> list[int]:
    counts = Counter(row["code"] for row in live.get("taskDefinitionList", []))
    return sorted(code for code, count in counts.items() if count > 1)


def _older(versions: list[Json], live: Json) -> Json:
    counts = Counter(row["version"] for row in versions)
    single = [row for row in versions if counts[row["version"]] == 1 and row["version"] < live["version"]]
    if not single:
        raise Incurable(f"task {live['code']} has no older version to go back to; give it a new code in the definition")
    return max(single, key=lambda row: int(row["version"]))
