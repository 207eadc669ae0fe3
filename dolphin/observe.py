"""Looking at one workflow: what DolphinScheduler shows, in the planner's words. Reads only.

`aliases` are the codes of a workflow that was made anew: `raw` keeps those of DolphinScheduler, `canonical` has origin codes.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from definitions.canonical import Canonical, canonicalise
from definitions.document import Document
from definitions.errors import DefinitionError
from definitions.recode import NO_ALIASES, Aliases
from dolphin.client import DolphinClient
from dolphin.payloads import read_document, read_schedule, shape_problems
from dolphin.plan import ScheduleState, State
from dolphin.shape import expected

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Observation:
    """`raw` as DolphinScheduler answered; `canonical` None where there is nothing comparable; `problems` say why."""

    state: State
    raw: Json | None = None
    canonical: Canonical | None = None
    schedule_row: Json | None = None
    problems: list[str] = field(default_factory=list)

    @classmethod
    def absent(cls) -> Self:
        """Nothing is there."""
        return cls(State(code=None, version=None, fingerprint=None, online=False, schedule=None))

    @property
    def schedule_json(self) -> bytes:
        """Canonical bytes of the schedule, b"null" where there is none."""
        return self.canonical.schedule_json if self.canonical else b"null"


def observe(client: DolphinClient, project: int, code: int, aliases: Aliases = NO_ALIASES) -> Observation:
    """Read definition and schedules whole. Two calls. Raises DolphinError."""
    raw = client.definition(project, code)
    if raw is None:
        return Observation.absent()
    rows = client.schedules(project, code)
    with expected():
        return _judged(raw, rows, code, aliases)


def observe_again(
    client: DolphinClient, project: int, before: Observation, aliases: Aliases = NO_ALIASES
) -> Observation:
    """Look at release states only; the content stands while the version does. Two cheap calls, or a whole read where that can't be told."""
    code, canonical = before.state.code, before.canonical
    if code is None or canonical is None or before.raw is None:
        raise ValueError("nothing was observed before")
    row = client.page_row(project, code, canonical.document.name)
    if row is None or row.get("version") != before.state.version:
        return observe(client, project, code, aliases)
    released = {**_definition(before.raw), "releaseState": row.get("releaseState")}
    raw = {**before.raw, _definition_key(before.raw): released}
    rows = client.schedules(project, code)
    with expected():
        return _judged(raw, rows, code, known=canonical)


def _judged(
    raw: Json, rows: list[Json], code: int, aliases: Aliases = NO_ALIASES, known: Canonical | None = None
) -> Observation:
    definition = _definition(raw)
    if definition["code"] != code:
        raise ValueError(f"another workflow, {definition['code']}")
    problems = [] if known else shape_problems(raw)
    if len(rows) > 1:
        problems.append(f"the workflow has {len(rows)} schedules; DolphinScheduler's own pages break on that")
    row = rows[0] if rows else None
    schedule = _canonical_schedule(row, problems)
    canonical = None if problems or schedule is None else _canonical(raw, schedule, aliases.at(code), known, problems)
    state = State(
        code=code,
        version=int(definition["version"]),
        fingerprint=canonical.fingerprint if canonical else None,
        online=_is_online(definition),
        schedule=_schedule_state(row, schedule),
        corrupt=bool(problems),
    )
    return Observation(state, raw, canonical, row, problems)


def _canonical_schedule(row: Json | None, problems: list[str]) -> Canonical | None:
    """Return a canonical form that holds the schedule alone: known even where the definition can't be read."""
    alone = Document("", {}, {}, [], schedule=read_schedule(row) if row is not None else None)
    return _readable(alone, problems)


def _canonical(
    raw: Json, schedule: Canonical, aliases: Aliases, known: Canonical | None, problems: list[str]
) -> Canonical | None:
    if known is None:
        try:
            document = aliases.to_origins(read_document(raw, schedule.document.schedule))
        except DefinitionError as error:
            problems.append(f"the definition can't be read: {error}")
            return None
        return _readable(document, problems)
    document = replace(known.document, schedule=schedule.document.schedule)
    return replace(known, document=document, schedule_json=schedule.schedule_json)


def _readable(document: Document, problems: list[str]) -> Canonical | None:
    try:
        return canonicalise(document, check=False)
    except DefinitionError as error:
        problems.append(f"the definition can't be read: {error}")
        return None


def _schedule_state(row: Json | None, schedule: Canonical | None) -> ScheduleState | None:
    if row is None:
        return None
    fingerprint = schedule.schedule_hash if schedule else ""
    return ScheduleState(id=int(row["id"]), fingerprint=fingerprint, online=_is_online(row))


def _is_online(row: Json) -> bool:
    """A release state that is missing must not pass for OFFLINE."""
    state = row["releaseState"]
    if state not in ("ONLINE", "OFFLINE"):
        raise ValueError(f"release state {state!r}")
    return bool(state == "ONLINE")


def _definition_key(raw: Json) -> str:
    return "workflowDefinition" if "workflowDefinition" in raw else "processDefinition"


def _definition(raw: Json) -> Json:
    definition: Json = raw.get(_definition_key(raw)) or {}
    return definition


judge = _judged  # for who reads many workflows and has all schedules of the project already
