"""Cursor pages: the deepest page costs what the first one does, and nothing is counted."""

from rest_framework.pagination import CursorPagination


class ByVersion(CursorPagination):
    ordering = "-version"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class ById(ByVersion):
    ordering = "-id"


class ByKey(ByVersion):
    ordering = "key"
