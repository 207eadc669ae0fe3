"""What DolphinScheduler's lists say of all workflows of a project: some calls, whose rows tell which workflow must be read whole.

A page of 500 rows and the list of all schedules: three calls for 1,000 workflows. The version probe alone would not tell release states.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.utils import timezone

from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.plan import State
from dolphin.shape import expected

Json = dict[str, Any]

PAGE: Final = 500
_DOUBLED: Final = 10122  # one doubled schedule takes the page list of its project down
_FACTS: Final = ("code", "name", "version", "releaseState", "updateTime")


class Far(NamedTuple):
    """One workflow from afar. `digest` "": the lists did not tell enough. `saved_by` and `saved_at` as DolphinScheduler writes them."""

    name: str
    digest: str
    version: int | None = None
    online: bool = False
    saved_by: str = ""
    saved_at: str = ""

    def is_shown_by(self, state: State) -> bool:
        """Whether a whole reading showed what was listed; else somebody was at it in between, and the digest is not of what was read."""
        return (state.version, state.online) == (self.version, self.online)


@dataclass(frozen=True, slots=True)
class Lists:
    """What was listed, by code; `at` is before the first call. Schedules are kept as text: thousands of rows, of which few are read."""

    at: datetime
    workflows: dict[int, Far] = field(default_factory=dict)
    schedules: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def names(self) -> Iterator[Json]:
        """Yield {"code", "name"} of each."""
        return ({"code": code, "name": far.name} for code, far in self.workflows.items())

    def schedules_of(self, code: int) -> list[Json]:
        """Return the schedule rows of a workflow."""
        return [json.loads(text) for text in self.schedules.get(code, ())]


def read_lists(client: DolphinClient, project: int, beat: Callable[[], None] = lambda: None) -> Lists:
    """Read the lists of a project; `beat` is called between two calls. Raises DolphinError."""
    lists = Lists(timezone.now())
    key = client.flavour.code_key
    rows = client.all_schedules(project)
    with expected():
        for row in rows:
            code = int(row[key])
            lists.schedules[code] = (*lists.schedules.get(code, ()), _text(row))
    del rows
    beat()
    try:
        _note(lists, _rows(client, project, beat))
    except DolphinRejected as error:
        if error.dolphin_code != _DOUBLED:
            raise
        lists.workflows.clear()
        with expected():
            lists.workflows.update(
                {int(row["code"]): Far(str(row["name"]), "") for row in client.version_probe(project)}
            )
    return lists


def _rows(client: DolphinClient, project: int, beat: Callable[[], None]) -> Iterator[Json]:
    for rows in client.workflow_pages(project, PAGE):
        yield from rows
        beat()


def _note(lists: Lists, rows: Iterable[Json]) -> None:
    for row in rows:
        with expected():
            code = int(row["code"])
            facts = [[row[name] for name in _FACTS], lists.schedules.get(code, ())]
            lists.workflows[code] = Far(
                str(row["name"]),
                digest_of(facts),
                row["version"],
                row["releaseState"] == "ONLINE",
                str(row.get("modifyBy") or ""),
                str(row["updateTime"] or ""),
            )


def _text(facts: Any) -> str:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False)


def digest_of(facts: Any) -> str:
    """Return the sha256 of JSON facts."""
    return hashlib.sha256(_text(facts).encode()).hexdigest()
