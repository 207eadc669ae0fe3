"""What may go wrong with a workflow's history or a rollback of it (P0.2). Pure: an observation and its surroundings in, findings out.

What each code means for rollback stands in `risk_words`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from definitions.document import Document
from definitions.fields import RELATION_DEFAULTS, SCHEDULE_DEFAULTS, SETTINGS_DEFAULTS, TASK_DEFAULTS
from definitions.limits import DEFAULT_LIMITS
from definitions.secrets import has_masked_values, mask_text
from definitions.strict_json import dumps
from dolphin.observe import Observation
from operations.choices import Level
from operations.inventory.limits import Limits
from operations.inventory.references import data_sources, dependencies, resources, sub_workflows
from operations.inventory.risk_words import LEVELS

Json = dict[str, Any]

CREATE_BYTES: Final = 5_000_000  # DolphinScheduler's cap on a form that creates
TEXT_BYTES: Final = 65_535  # a MySQL text column: positions, global parameters
NAME_CHARACTERS: Final = 200
_FOUR_BYTES: Final = re.compile("[\U00010000-\U0010ffff]")
_TASK_KEYS: Final = TASK_DEFAULTS.keys() | {"name", "taskType", "taskParams", "timeoutNotifyStrategy"}
_SCHEDULE_KEYS: Final = SCHEDULE_DEFAULTS.keys() | {"crontab", "startTime", "endTime", "timezoneId"}
_RELATION_KEYS: Final = RELATION_DEFAULTS.keys() | {"preTaskCode", "postTaskCode"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A risk by its code; `args` fill its text."""

    code: str
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        return LEVELS[self.code]

    def as_json(self) -> Json:
        return {"code": self.code, **self.args}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a workflow is judged against. The two functions return None where DolphinScheduler does not tell."""

    name: str
    project: int
    names_alike: list[str]
    codes_of: Callable[[int], set[int] | None]
    data_sources: Callable[[], set[int] | None]


def find(live: Observation, schedules: list[Json], around: Surroundings, limits: Limits, *, held: int) -> list[Finding]:
    """Return the findings, gravest first."""
    found = [*_history(limits, held, exists=live.raw is not None), *_names(around), *_schedules(live, schedules)]
    if live.raw is not None:
        found += _shape(live)
    if live.canonical is not None:
        document = live.canonical.document
        found += [*_content(document, live.canonical.size), *_fields(document), *_references(document, around)]
    return sorted(found, key=lambda finding: -finding.level)


def gravest(found: list[Finding]) -> Level:
    return max((finding.level for finding in found), default=Level.NONE)


def _history(limits: Limits, held: int, *, exists: bool) -> Iterator[Finding]:
    if not exists:
        yield Finding("deleted" if held else "deleted_unheld")
    if limits.lost:
        yield Finding("history_lost", {"versions": limits.lost})
    if limits.unsure:
        yield Finding("history_unsure", {"versions": limits.unsure})


def _names(around: Surroundings) -> Iterator[Finding]:
    if not around.name.strip():
        yield Finding("blank_name")
    if len(around.name) > NAME_CHARACTERS:
        yield Finding("long_name", {"names": [around.name[:60]]})
    if around.names_alike:
        yield Finding("names_alike", {"names": around.names_alike[:5]})


def _schedules(live: Observation, schedules: list[Json]) -> Iterator[Finding]:
    if len(schedules) > 1:
        yield Finding("two_schedules", {"count": len(schedules)})
    elif schedules and schedules[0].get("releaseState") == "ONLINE" and not live.state.online:
        yield Finding("sleeping_schedule")


def _shape(live: Observation) -> Iterator[Finding]:
    if live.canonical is not None:
        return
    if any("can't be read" in problem for problem in live.problems):
        yield Finding("unreadable", {"problem": mask_text(live.problems[-1])[:300]})
    elif any("has" not in problem or "schedules" not in problem for problem in live.problems):
        yield Finding("corrupt", {"problem": live.problems[0][:300]})


def _content(document: Document, size: int) -> Iterator[Finding]:
    if masked := has_masked_values(document):
        yield Finding("masked_secret", {"paths": masked[:5]})
    if size > DEFAULT_LIMITS.body_bytes or len(document.tasks) > DEFAULT_LIMITS.tasks:
        yield Finding("too_large", {"size": size, "tasks": len(document.tasks)})
    elif size > CREATE_BYTES:
        yield Finding("large", {"size": size})
    parameters = document.settings.get("globalParams", [])
    texts = {"locations": document.layout or {}, "globalParams": parameters}
    if long := [name for name, value in texts.items() if len(dumps(_plain(value))) > TEXT_BYTES]:
        yield Finding("long_text", {"names": long})
    names = Counter(str(task.get("name", "")) for task in document.tasks.values())
    if twice := [name for name, count in names.items() if count > 1]:
        yield Finding("task_names_twice", {"names": twice[:5]})
    if long := [name[:60] for name in names if len(name) > NAME_CHARACTERS]:
        yield Finding("long_name", {"names": long[:5]})
    whole = [
        document.name,
        dumps(document.settings).decode(),
        *(dumps(task).decode() for task in document.tasks.values()),
    ]
    if any(_FOUR_BYTES.search(text) for text in whole):
        yield Finding("four_bytes")


def _plain(value: Any) -> Any:
    """JSON keys are text."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else value


def _fields(document: Document) -> Iterator[Finding]:
    unknown = {f"settings.{key}" for key in document.settings.keys() - SETTINGS_DEFAULTS.keys()}
    unknown |= {f"tasks.{key}" for task in document.tasks.values() for key in task.keys() - _TASK_KEYS}
    unknown |= {f"relations.{key}" for row in document.relations for key in row.keys() - _RELATION_KEYS}
    unknown |= {f"schedule.{key}" for key in (document.schedule or {}).keys() - _SCHEDULE_KEYS}
    if unknown:
        yield Finding("unsupported_fields", {"names": sorted(unknown)[:10]})


def _references(document: Document, around: Surroundings) -> Iterator[Finding]:
    codes = {code for row in document.relations for code in (row["preTaskCode"], row["postTaskCode"])} - {0}
    if missing := sorted(codes - document.tasks.keys()):
        yield Finding("missing_tasks", {"codes": missing[:5]})
    if subs := sub_workflows(document):
        here = around.codes_of(around.project)
        if here is not None and (gone := sorted(subs - here)):
            yield Finding("missing_sub_workflows", {"codes": gone[:5]})
    lost = [
        code
        for project, code in sorted(dependencies(document))
        if (known := around.codes_of(project or around.project)) is not None and code not in known
    ]
    if lost:
        yield Finding("missing_dependencies", {"codes": lost[:5]})
    if wanted := data_sources(document):
        known_sources = around.data_sources()
        if known_sources is not None and (gone := sorted(wanted - known_sources)):
            yield Finding("missing_data_sources", {"codes": gone[:5]})
    if used := resources(document):
        yield Finding("uses_resources", {"names": sorted(used)[:5]})
