"""Where a workflow is that its project does not have any more: moved to another governed project, or made anew under its name."""

from collections.abc import Callable, Iterable
from typing import Any

from catalog.choices import Mode
from catalog.models import Project, Workflow
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.shape import expected

Json = dict[str, Any]


class Elsewhere:
    """Lists of an instance's governed projects, one call a project at most: many workflows may be gone at once.

    `beat` is called before each, and may raise.
    """

    def __init__(self, client: DolphinClient, instance_id: int, beat: Callable[[], None] = lambda: None) -> None:
        self._client, self._instance, self._beat = client, instance_id, beat
        self._codes: dict[int, frozenset[int]] = {}

    def moved_to(self, workflow: Workflow) -> int | None:
        """Return the code of the governed project that has the workflow now, None where none has. Raises DolphinError."""
        others = Project.objects.filter(instance=self._instance).exclude(pk=workflow.project_id).exclude(mode=Mode.OFF)
        for project in others.order_by("pk").values_list("code", flat=True):
            if workflow.workflow_code in self._in(project):
                return int(project)
        return None

    def _in(self, project: int) -> frozenset[int]:
        if project not in self._codes:
            self._beat()
            try:
                rows = self._client.version_probe(project)
            except DolphinRejected:  # the project is gone, or the token may not look into it
                rows = []
            with expected():
                self._codes[project] = frozenset(int(row["code"]) for row in rows)
        return self._codes[project]


def recreated_as(workflow: Workflow, rows: Iterable[Json]) -> int | None:
    """Return the code of the workflow that has its name now and no key of ours, out of {"code", "name"} rows of its project."""
    name = folded(workflow.name)
    with expected():
        codes = [int(row["code"]) for row in rows if folded(row["name"]) == name]
    taken = set(Workflow.objects.filter(workflow_code__in=codes).values_list("workflow_code", flat=True))
    return next((code for code in codes if code not in taken), None)


def folded(name: object) -> str:
    """As MySQL compares names."""
    return str(name).rstrip().casefold()
