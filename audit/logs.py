"""Every log line carries the correlation id."""

import logging

from audit.context import current


class RequestContextFilter(logging.Filter):
    """Adds `request_id` to a record, "-" outside a request.

    Django logs an answer of 400 and above when all middleware has returned; the request itself still knows its id.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        of_request = getattr(getattr(record, "request", None), "request_id", "")
        record.request_id = current().request_id or of_request or "-"
        return True
