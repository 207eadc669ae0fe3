"""What DolphinScheduler's lists say of all workflows of a project: some calls, whose rows tell which workflow must be read whole.

A page of 500 rows and the list of all schedules: three calls for 1,000 workflows. The version probe alone would not tell release states.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.plan import State
from dolphin.shape import expected

Json = dict[str, Any]

PAGE: Final = 500
_DOUBLED: Final = 10122  # one doubled schedule takes the page list of its project down
_FACTS: Final = ("code", "name", "version", "releaseState", "updateTime")
_KEPT: Final = ("version", "releaseState", "modifyBy", "updateTime")


@dataclass(frozen=True, slots=True)
class Far:
    """One workflow from afar. `digest` "": the lists did not tell enough. `row` says its version and state, who saved it last, and when."""

    name: str
    digest: str
    row: Json

    def is_shown_by(self, state: State) -> bool:
        """Whether a whole reading showed what was listed; else somebody was at it in between, and the digest is not of what was read."""
        online = self.row.get("releaseState") == "ONLINE"
        return (state.version, state.online) == (self.row.get("version"), online)


@dataclass(frozen=True, slots=True)
class Lists:
    """What was listed, by code; `at` is before the first call."""

    at: datetime
    workflows: dict[int, Far] = field(default_factory=dict)
    schedules: dict[int, list[Json]] = field(default_factory=dict)

    def names(self) -> Iterator[Json]:
        """Yield {"code", "name"} of each."""
        return ({"code": code, "name": far.name} for code, far in self.workflows.items())


def read_lists(client: DolphinClient, project: int, beat: Callable[[], None] = lambda: None) -> Lists:
    """Read the lists of a project; `beat` is called between two calls. Raises DolphinError."""
    lists = Lists(timezone.now())
    key = client.flavour.code_key
    rows = client.all_schedules(project)
    with expected():
        for row in rows:
            lists.schedules.setdefault(int(row[key]), []).append(row)
    beat()
    try:
        _note(lists, _rows(client, project, beat))
    except DolphinRejected as error:
        if error.dolphin_code != _DOUBLED:
            raise
        lists.workflows.clear()
        with expected():
            lists.workflows.update(
                {int(row["code"]): Far(str(row["name"]), "", {}) for row in client.version_probe(project)}
            )
    return lists


def _rows(client: DolphinClient, project: int, beat: Callable[[], None]) -> Iterator[Json]:
    for number, row in enumerate(client.workflow_rows_by(project, PAGE), 1):
        yield row
        if number % PAGE == 0:
            beat()


def _note(lists: Lists, rows: Iterable[Json]) -> None:
    for row in rows:
        with expected():
            code = int(row["code"])
            facts = [[row[name] for name in _FACTS], lists.schedules.get(code, [])]
            lists.workflows[code] = Far(str(row["name"]), digest_of(facts), {name: row.get(name) for name in _KEPT})


def digest_of(facts: Any) -> str:
    """Return the sha256 of JSON facts."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
