"""Cursor pages: the deepest page costs what the first one does, and nothing is counted."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class ByKey(CursorPagination):
    ordering = "key"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class ByVersion(ByKey):
    ordering = "-version"

    def decode_cursor(self, request: Request) -> Any:
        """Refuse a cursor whose position is no number: it would reach the database as it is."""
        cursor = super().decode_cursor(request)
        position: Any = cursor.position if cursor is not None else None
        if position is not None and not (position.isascii() and position.isdigit()):
            raise NotFound(self.invalid_cursor_message)
        return cursor


class ById(ByVersion):
    ordering = "-id"
