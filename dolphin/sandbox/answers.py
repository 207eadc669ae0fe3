"""What a call answers: DolphinScheduler's envelope, its pages of rows, and its refusals.

Refused
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

Row = dict[str, Any]

HTML_NOT_FOUND = b"<html>\n<head>\n<title>Error 404 Not Found</title>\n</head>\n<body><h2>HTTP ERROR 404 Not Found</h2></body>\n</html>\n"


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
    headers: list[tuple[str, str]] = field(default_factory=list)


def envelope(data: Any, *, code: int = 0, message: str = "success", status: int = 200) -> Answer:
    """Wrap data as every endpoint does; `failed` and `success` follow the code."""
    body = {"code": code, "msg": message, "data": data, "failed": code != 0, "success": code == 0}
    return Answer(status, json.dumps(body, ensure_ascii=False).encode(), code=code)


def page_bounds(form: dict[str, str], generic: int) -> tuple[int, int]:
    """Return (page number, page size), both from 1."""
    try:
        number, size = int(form["pageNo"]), int(form["pageSize"])
    except (KeyError, ValueError):
        raise Refused(generic, "request parameter is missing") from None
    if number < 1 or size < 1:
        raise Refused(10001, "request parameter pageNo or pageSize is not valid")
    return number, size


def latest_first(rows: Iterable[Row], moment: str, number: int, size: int) -> list[Row]:
    """Sort by a time; rows of one second stand in another order on each page, as they may on 3.1.1 with H2."""
    mixed = sorted(rows, key=lambda row: crc32(b"%d %d %d" % (row["id"], number, size)))
    return sorted(mixed, key=lambda row: str(row[moment]), reverse=True)


def page(rows: Sequence[Row], number: int, size: int, *, offset_key: str) -> Row:
    """Cut one page; `offset_key` is `start` up to 3.1 and `pageNo` later."""
    start = (number - 1) * size
    return {
        "totalList": list(rows[start : start + size]),
        "total": len(rows),
        "totalPage": max(1, -(-len(rows) // size)),
        "pageSize": size,
        "currentPage": number,
        offset_key: start,
    }
