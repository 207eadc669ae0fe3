"""Examples and errors of the reading API, for its schema."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

HASH: Final = "692c96c9e79ec92c7fec7148d2a8eb986236952e7f7ff2f887ddbd786c5c912d"
REQUEST: Final = "0b2f9c1e7a4d4c55a8e1"
KEY: Final = "orders_daily"

WORKFLOW: Final = {
    "key": KEY,
    "name": "orders daily",
    "workflow_code": 23815475530558,
    "instance": "production",
    "project": 23815475530000,
    "project_name": "warehouse",
    "mode": "publish",
    "published_version": 11,
    "last_version": 12,
    "live_state": "in_sync",
    "checked_at": "2026-11-25T08:00:04Z",
    "attention": "",
    "locked_by_sync": None,
    "created_at": "2026-10-01T02:00:00Z",
    "deleted_in_dolphin_at": None,
}
VERSION: Final[dict[str, Any]] = {
    "id": 4711,
    "workflow": KEY,
    "workflow_code": 23815475530558,
    "version": 11,
    "status": "published",
    "label": "orders daily",
    "scheme": "c1",
    "content_hash": HASH,
    "label_hash": HASH[::-1],
    "layout_hash": HASH[8:] + HASH[:8],
    "schedule_hash": HASH[16:] + HASH[:16],
    "change_summary": {"tasks_modified": 1, "tasks_added": 0},
    "publish_task_ids": [],
    "task_metadata": {},
    "lineage_digest": "",
    "trigger": "api",
    "trigger_ref": "DATA-1234",
    "message": "read the new source",
    "published_by": "li.na",
    "created_by_name": "platform",
    "created_at": "2026-11-25T08:00:00Z",
    "request_id": REQUEST,
    "rollback_of": None,
    "dolphin_version": 14,
    "live_from": "2026-11-25T08:00:04Z",
    "live_to": None,
    "live_effect": "",
    "error_step": "",
    "error_code": "",
    "error_text": "",
}
CONTENT: Final = {
    "definitions_json": {
        "settings": {"timeout": 30},
        "tasks": {"23815475530560": {"name": "load", "taskType": "SHELL", "taskParams": {"rawScript": "sh load.sh"}}},
    },
    "relations_json": [{"postTaskCode": 23815475530560, "preTaskCode": 0}],
    "layout_json": {"23815475530560": {"x": 100, "y": 100}},
    "schedule_json": {"crontab": "0 0 3 * * ? *", "timezoneId": "Asia/Shanghai"},
}
CHANGE: Final = {
    "kind": "task_modified",
    "task": 23815475530560,
    "name": "load",
    "field": "failRetryTimes",
    "before": 0,
    "after": 3,
    "path": ["failRetryTimes"],
    "before_absent": True,
    "after_absent": False,
    "index": None,
    "twin": None,
    "others": 0,
}
DIFF: Final = {
    "workflow": KEY,
    "left": "published",
    "right": "live",
    "left_version": 11,
    "right_version": None,
    "identical": False,
    "hidden": 2,
    "counts": {"tasks_added": 0, "tasks_removed": 0, "tasks_modified": 1, "layout": 2},
    "left_out": {"values": 0, "changes": 0, "limit": 5_000_000},
    "changes": [CHANGE],
}
FIRE: Final = {
    "id": 7,
    "workflow": KEY,
    "sync": 90,
    "due_at": "2026-11-25T03:00:00Z",
    "dolphin_time": "2026-11-25 11:00:00",
    "state": "missed",
    "can_be_started": True,
    "started_by_name": "",
    "started_at": None,
    "text": "",
}
LINEAGE: Final = {
    "state": "computed",
    "parser_version": "2/sqlglot-30.30.0",
    "digest": HASH[24:] + HASH[:24],
    "unknown_tasks": 1,
    "reads": [
        {
            "system": "hive",
            "name": "ods.orders",
            "is_pattern": False,
            "written_by": [{"key": "orders_import", "name": "orders import"}],
        }
    ],
    "writes": [{"system": "hive", "name": "dwd.orders_${bizdate}", "is_pattern": True, "read_by": []}],
    "tasks": [
        {
            "code": 23815475530560,
            "name": "load",
            "type": "SHELL",
            "reads": [{"system": "hive", "name": "ods.orders", "is_pattern": False}],
            "writes": [{"system": "hive", "name": "dwd.orders_${bizdate}", "is_pattern": True}],
            "calls": [],
            "unknown": [{"part": "script", "number": 0, "why": "script_file", "detail": "more.sql"}],
        }
    ],
}
UNIFIED: Final = (
    "--- v11\n+++ live\n@@ -6,3 +6,4 @@\n"
    '   "tasks": {\n     "23815475530560": {\n+      "failRetryTimes": 3,\n       "name": "load",\n'
)
MARKDOWN: Final = "# orders_daily: v11 → live\n\n- **M** Task load: retries 0 → 3\n"


class ErrorOut(serializers.Serializer[Any]):
    """Any refusal or failure. `code` is stable, see docs/errors.md; `message` says what to do."""

    code = serializers.CharField()
    message = serializers.CharField()
    extra = serializers.DictField()
    request_id = serializers.CharField()


_ERRORS: Final = {
    400: ("invalid_request", "A parameter is unknown or makes no sense; the message names it."),
    401: ("not_authenticated", "No token, or one that is wrong or expired."),
    403: ("not_allowed", "The caller lacks the right on the project; extra names it."),
    404: ("not_found", "There is no such thing, or none that the caller may see."),
    409: (
        "instance_paused",
        "What is live can't be compared now: the instance is paused, or the workflow corrupt there.",
    ),
    500: ("content_damaged", "Stored content does not match its hash."),
    502: ("dolphin_unavailable", "DolphinScheduler does not answer, or refuses."),
    503: ("live_busy", "Too many readers look at this DolphinScheduler at once; see Retry-After."),
}


def errors(*statuses: int) -> dict[Any, OpenApiResponse]:
    """Return the error answers of a reading operation; 401 is one of all."""
    return refusals(*statuses) | {
        304: OpenApiResponse(description="The answer is still the one of the ETag in If-None-Match.")
    }


def refusals(*statuses: int) -> dict[Any, OpenApiResponse]:
    """Return the error answers of an act."""
    return {status: _error(status) for status in sorted({401, *statuses})}


def _error(status: int) -> OpenApiResponse:
    code, text = _ERRORS[status]
    body = {"code": code, "message": text, "extra": {}, "request_id": REQUEST}
    return OpenApiResponse(ErrorOut, text, [OpenApiExample(code, body, response_only=True, status_codes=[str(status)])])


def example(name: str, value: Any, media_type: str = "application/json") -> OpenApiExample:
    return OpenApiExample(name, value, response_only=True, status_codes=["200"], media_type=media_type)


IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of an earlier answer: 304 while nothing of it has changed.",
)
CONTENT_FLAG: Final = OpenApiParameter(
    "content",
    bool,
    description="true: with definitions, relations, layout and schedule, secrets masked. Left out by default: it may be megabytes.",
)
SIDE_TEXT: Final = (
    "a version number; `latest`, the newest version whatever became of it (failed ones and drafts too, recovered ones not); "
    "`published`, the newest one proven to be live at its publish; or `live`, what DolphinScheduler holds now"
)
