"""Log lines: each carries the correlation id, as text for people or as JSON for machines."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any, Final

from audit.context import current

_KNOWN: Final = ("event", "outcome", "actor", "target", "entry", "scope", "reason")  # of an entry of the trail
# Ids at the beginning of a line, as our lines name what they are about.
_ABOUT: Final = re.compile(r"\b(sync|run|rollback|batch|delivery|workflow|project)=([^\s:,]+)")


class RequestContextFilter(logging.Filter):
    """Adds `request_id` and `about` to a record, "-" and {} outside a request.

    Django logs an answer of 400 and above when all middleware has returned; the request itself still knows its id.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        context = current()
        of_request = getattr(getattr(record, "request", None), "request_id", "")
        record.request_id = context.request_id or of_request or "-"
        record.about = dict(context.about)
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request_id, what it is about, and the entry of the trail it tells."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
            "request_id": getattr(record, "request_id", "-"),
            "process": record.process,
        }
        line |= dict(_ABOUT.findall(message)) if record.name != "audit" else {}
        line |= {name: str(value) for name, value in getattr(record, "about", {}).items()}
        line |= {name: value for name in _KNOWN if (value := getattr(record, name, None)) not in (None, "")}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
