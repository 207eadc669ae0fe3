"""Definitions in c1 form, as small as they can be."""

import hashlib
from typing import Any

from definitions.canonical import Canonical

SCHEDULE = {
    "crontab": "0 0 3 * * ? *",
    "startTime": "2026-01-01 00:00:00",
    "endTime": "2099-01-01 00:00:00",
    "timezoneId": "UTC",
}


def c1(scripts: dict[int, str], *, name: str = "orders_daily", **more: Any) -> dict[str, Any]:
    """Return shell tasks that hang below the first one."""
    codes = list(scripts)
    tasks = {
        str(code): {
            "name": f"task {number}",
            "taskType": "SHELL",
            "taskParams": {"localParams": [], "rawScript": script, "resourceList": []},
        }
        for number, (code, script) in enumerate(scripts.items())
    }
    relations = [{"preTaskCode": 0, "postTaskCode": codes[0]}]
    relations += [{"preTaskCode": codes[0], "postTaskCode": code} for code in codes[1:]]
    body = {"scheme": "c1", "name": name, "definitions": {"settings": {}, "tasks": tasks}, "relations": relations}
    return {**body, **more}


def task_hashes(canonical: Canonical) -> dict[int, str]:
    """Return the tasks' hashes by code, as the store keeps them."""
    return {code: hashlib.sha256(task).hexdigest() for code, task in canonical.task_json.items()}
