"""Examples of drift in the schema."""

from typing import Any, Final

from versions.api.examples import HASH, KEY

DRIFT: Final[dict[str, Any]] = {
    "id": 31,
    "workflow": KEY,
    "project": 23815475530000,
    "state": "open",
    "verdict": "newer",
    "kinds": ["content"],
    "severity": "medium",
    "published_version": 11,
    "summary": {"tasks_modified": 1},
    "found": HASH,
    "actor_name": "wang",
    "acted_at": "2026-11-26T07:40:12Z",
    "first_seen_at": "2026-11-26T07:45:03Z",
    "changed_at": "2026-11-26T07:45:03Z",
    "last_seen_at": "2026-11-26T08:00:04Z",
    "assignee": "li.na",
    "muted_until": None,
    "closed_at": None,
    "closed_by_name": "",
    "closed_reason": "",
    "sync": None,
}
DETAIL: Final = {
    **DRIFT,
    "words": "Its definition was changed in DolphinScheduler: what runs is not what was published.",
    "kind_words": ["content changed"],
    "sentences": [{"mark": "M", "text": "Task load: script changed (+1 -1)"}],
    "evidence": {"paths": ["tasks.23815475530560.taskParams.rawScript"]},
}
RULE: Final = {
    "id": 4,
    "project": 23815475530000,
    "workflow": KEY,
    "path": "tasks.*.description",
    "reason": "the team notes its shifts there",
    "expires_at": "2026-12-31T00:00:00Z",
    "created_by_name": "li.na",
    "created_at": "2026-11-26T08:02:00Z",
    "ended_at": None,
    "ended_by_name": "",
}
