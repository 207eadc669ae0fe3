"""The files of DolphinScheduler's resource centre, by the numbers that tasks name them by up to 3.1. Reads only."""

from collections.abc import Iterator
from typing import Any

from dolphin.client import DolphinClient
from dolphin.errors import DolphinUnexpected


def resource_ids(client: DolphinClient) -> set[int]:
    """Return the numbers of all files and folders that the token's user may see, in one call. Raises DolphinError."""
    rows = client.transport.get("/resources/list", type="FILE")
    if not isinstance(rows, list):
        raise DolphinUnexpected("an answer without the expected list")
    return set(_numbers(rows))


def _numbers(rows: list[Any]) -> Iterator[int]:
    """Walk a tree; a folder holds its files under `children`."""
    waiting = list(rows)
    while waiting:
        row = waiting.pop()
        if not isinstance(row, dict):
            continue
        if isinstance(number := row.get("id"), int):
            yield number
        children = row.get("children")
        waiting += children if isinstance(children, list) else []
