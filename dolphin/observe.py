"""Looking at one workflow: what DolphinScheduler shows, in the planner's words. Reads only."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from definitions.canonical import Canonical, canonicalise
from definitions.errors import DefinitionError
from dolphin.client import DolphinClient
from dolphin.payloads import read_document, read_schedule, shape_problems
from dolphin.plan import ScheduleState, State

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


def observe(client: DolphinClient, project: int, code: int) -> Observation:
    """Read definition and schedules whole. Two calls. Raises DolphinError."""
    raw = client.definition(project, code)
    if raw is None:
        return Observation.absent()
    return _judged(raw, client.schedules(project, code), code)


def observe_again(client: DolphinClient, project: int, before: Observation) -> Observation:
    """Look at release states only; the content stands while the version does. Two cheap calls, or a whole read where that can't be told."""
    code, canonical = before.state.code, before.canonical
    if code is None or canonical is None or before.raw is None:
        raise ValueError("nothing was observed before")
    row = client.page_row(project, code, canonical.document.name)
    if row is None or row.get("version") != before.state.version:
        return observe(client, project, code)
    raw = {**before.raw, _definition_key(before.raw): {**_definition(before.raw), "releaseState": row["releaseState"]}}
    rows = client.schedules(project, code)
    return _judged(raw, rows, code, known=canonical)


def _judged(raw: Json, rows: list[Json], code: int, known: Canonical | None = None) -> Observation:
    definition = _definition(raw)
    problems = [] if known else shape_problems(raw)
    if len(rows) > 1:
        problems.append(f"the workflow has {len(rows)} schedules; DolphinScheduler's own pages break on that")
    row = rows[0] if rows else None
    canonical = None if problems else _canonical(raw, row, known, problems)
    state = State(
        code=code,
        version=definition.get("version"),
        fingerprint=canonical.fingerprint if canonical else None,
        online=definition.get("releaseState") == "ONLINE",
        schedule=_schedule_state(row, canonical),
        corrupt=bool(problems),
    )
    return Observation(state, raw, canonical, row, problems)


def _canonical(raw: Json, row: Json | None, known: Canonical | None, problems: list[str]) -> Canonical | None:
    schedule = read_schedule(row) if row is not None else None
    try:
        if known is None:
            return canonicalise(read_document(raw, schedule), check=False)
        fresh = canonicalise(replace(known.document, schedule=schedule, tasks={}, relations=[]), check=False)
    except DefinitionError as error:
        problems.append(f"the definition can't be read: {error}")
        return None
    document = replace(known.document, schedule=fresh.document.schedule)
    return replace(known, document=document, schedule_json=fresh.schedule_json)


def _schedule_state(row: Json | None, canonical: Canonical | None) -> ScheduleState | None:
    if row is None:
        return None
    fingerprint = canonical.schedule_hash if canonical else ""
    return ScheduleState(id=row["id"], fingerprint=fingerprint, online=row.get("releaseState") == "ONLINE")


def _definition_key(raw: Json) -> str:
    return "workflowDefinition" if "workflowDefinition" in raw else "processDefinition"


def _definition(raw: Json) -> Json:
    definition: Json = raw.get(_definition_key(raw)) or {}
    return definition


judge = _judged  # for who reads many workflows and has all schedules of the project already
