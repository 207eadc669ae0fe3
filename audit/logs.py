"""Every log line carries the correlation id."""

import logging

from audit.context import current


class RequestContextFilter(logging.Filter):
    """Adds `request_id` to a record, "-" outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current().request_id or "-"
        return True
