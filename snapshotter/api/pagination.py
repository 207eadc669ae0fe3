"""Cursor pages: the deepest page costs what the first one does, and nothing is counted."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from catalog.errors import InvalidRequest
from definitions.numbers import is_long, is_number

_MOST = 200


class ByKey(CursorPagination):
    """Refuses a page size or a cursor that makes no sense instead of answering something else. Raises InvalidRequest."""

    ordering = "key"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = _MOST

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("page_size", str(self.page_size))
        if not is_number(given) or int(given) < 1:
            raise InvalidRequest(f"page_size is a whole number from 1; a page has at most {_MOST}.", field="page_size")
        return min(int(given), _MOST)

    def decode_cursor(self, request: Request) -> Any:
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise InvalidRequest(_NO_CURSOR, field="cursor") from None
        if cursor is not None and not self.is_position(cursor.position):
            raise InvalidRequest(_NO_CURSOR, field="cursor")
        return cursor

    def is_position(self, position: Any) -> bool:
        """Whether a cursor's position can be one; it would reach the database as it is."""
        return position is None or "\0" not in position


class ByVersion(ByKey):
    ordering = "-version"

    def is_position(self, position: Any) -> bool:
        return position is None or is_long(position)


class ById(ByVersion):
    ordering = "-id"


_NO_CURSOR = "The cursor is none that this list gave. Start again without it."
