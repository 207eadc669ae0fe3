"""What a call answers: DolphinScheduler's envelope, its pages of rows, its refusals and its HTML.

Enters: rows and codes from the endpoints. Leaves: status and bytes for the wire. Only the sandbox imports this.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

HTML = "text/html;charset=iso-8859-1"


class Refused(Exception):
    """A business error: an envelope with a code, at HTTP 200 or, where the server returns rather than throws, at 201."""

    def __init__(self, code: int, message: str, *, returned: bool = False) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.returned = code, message, returned


@dataclass(slots=True)
class Answer:
    """Status, content type and body as they go over the wire; `code` is the envelope's, for the log."""

    status: int = 200
    body: bytes = b""
    content_type: str | None = "application/json"
    code: int | None = None


def envelope(data: Any, *, code: int = 0, message: str = "success", status: int = 200) -> Answer:
    """Wrap data as every endpoint does; `failed` and `success` follow the code."""
    body = {"code": code, "msg": message, "data": data, "failed": code != 0, "success": code == 0}
    return Answer(status, json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), code=code)


def html_error(status: int, reason: str) -> Answer:
    """Answer as the servlet container does where no endpoint is reached."""
    text = f"<html>\n<head>\n<title>Error {status} {reason}</title>\n</head>\n<body><h2>HTTP ERROR {status} {reason}</h2></body>\n</html>\n"
    return Answer(status, text.encode(), HTML)


def page_bounds(form: dict[str, str], generic: int) -> tuple[int, int]:
    """Return (page number, page size), both from 1."""
    try:
        number, size = int(form["pageNo"]), int(form["pageSize"])
    except (KeyError, ValueError):
        raise Refused(generic, "request parameter is missing") from None
    if number < 1 or size < 1:
        raise Refused(10001, "request parameter pageNo or pageSize is not valid")
    return number, size


def page(rows: Sequence[Row], number: int, size: int, *, offset_key: str) -> Row:
    """Cut one page; `offset_key` is `start` up to 3.1 and `pageNo` later. No rows are one empty page."""
    start = (number - 1) * size
    return {
        "totalList": list(rows[start : start + size]),
        "total": len(rows),
        "totalPage": max(1, -(-len(rows) // size)),
        "pageSize": size,
        "currentPage": number,
        offset_key: start,
    }
