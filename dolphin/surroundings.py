"""What DolphinScheduler has around a workflow: tenants, worker groups, data sources, other workflows. Reads only, each list once.

A list that the token's user may not see is None: nothing can be said then. A user who is no administrator may see a part of a list only.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected, DolphinUnexpected
from dolphin.resources import resource_ids

T = TypeVar("T")


class Surroundings:
    """Asked lazily and kept for the time of one look. Raises DolphinUnavailable and DolphinUnauthorized only."""

    def __init__(self, client: DolphinClient, project: int) -> None:
        self._client, self.project = client, project
        self._data_sources: dict[str, set[int] | None] = {}
        self._workflows: dict[int, set[int] | None] = {}

    @cached_property
    def is_admin(self) -> bool:
        return bool(self._client.user()["is_admin"])

    @cached_property
    def tenants(self) -> set[str] | None:
        return _or_none(self._client.tenants)

    @cached_property
    def worker_groups(self) -> set[str] | None:
        return _or_none(self._client.worker_groups)

    @cached_property
    def environments(self) -> set[int] | None:
        return _or_none(self._client.environments)

    @cached_property
    def resources(self) -> set[int] | None:
        """Return the numbers of the resource centre's files; None also where tasks name them by path."""
        return _or_none(lambda: resource_ids(self._client)) if self._client.flavour.has_resource_ids else None

    def data_sources(self, kind: str) -> set[int] | None:
        if kind not in self._data_sources:
            self._data_sources[kind] = _or_none(lambda: self._client.data_sources(kind))
        return self._data_sources[kind]

    def workflows(self, project: int | None = None) -> set[int] | None:
        """Return the codes of a project's workflows, of our own by default."""
        code = project or self.project
        if code not in self._workflows:
            self._workflows[code] = _or_none(lambda: {row["code"] for row in self._client.version_probe(code)})
        return self._workflows[code]


def _or_none(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except (DolphinRejected, DolphinUnexpected):
        return None
