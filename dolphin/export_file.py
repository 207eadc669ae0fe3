"""The file DolphinScheduler's own export writes and its import reads: a list with one workflow in it.

Shape from DolphinScheduler's sources (`DagDataSchedule`); releases since early 2026 have neither export nor import. The import makes a new
workflow with new codes, a name of its own and its schedule offline; it does not change the codes that conditions, switches and
sub-workflows refer to.
"""

import json
from typing import Any

from definitions.canonical import expand
from definitions.document import Document, Json
from dolphin.flavours import Flavour
from dolphin.forms import spelled


def export_file(document: Document, *, flavour: Flavour, code: int, version: int) -> list[Json]:
    """Return the file's content. `code` and `version` are the workflow's in DolphinScheduler, 0 where it has none yet."""
    full = expand(document)
    part = "workflow" if flavour.code_key == "workflowDefinitionCode" else "process"
    return [
        {
            f"{part}Definition": _definition(full, code, version),
            f"{part}TaskRelationList": [_relation(relation, flavour, code, version) for relation in full.relations],
            "taskDefinitionList": [_task(code, task, flavour) for code, task in full.tasks.items()],
            "schedule": None if full.schedule is None else {**full.schedule, "releaseState": "OFFLINE"},
        }
    ]


def _definition(full: Document, code: int, version: int) -> Json:
    places = [{"taskCode": task, **place} for task, place in (full.layout or {}).items()]
    texts = {"globalParams": _text(full.settings["globalParams"]), "locations": _text(places)}
    return {**full.settings, **texts, "code": code, "name": full.name, "version": version, "releaseState": "OFFLINE"}


def _relation(relation: Json, flavour: Flavour, code: int, version: int) -> Json:
    part = "workflow" if flavour.code_key == "workflowDefinitionCode" else "process"
    ends = {"preTaskVersion": 1 if relation["preTaskCode"] else 0, "postTaskVersion": 1}
    return {**relation, **ends, flavour.code_key: code, f"{part}DefinitionVersion": version}


def _task(code: int, task: Json, flavour: Flavour) -> Json:
    return spelled({**task, "code": code, "version": 1}, flavour)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
