"""How what DolphinScheduler shows compares with what we published: rows in, a judgement out. Asks nobody, writes nothing.

Enters: the workflow's state, its published version, what was seen, the ignored fields. Leaves: a verdict, what differs, how grave that is.
The comparator is the one of pages, API and proofs.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from definitions.canonical import Canonical
from definitions.changes import SCHEDULE_KINDS, Change, Comparison, as_json
from definitions.changes import Kind as ChangeKind
from definitions.secrets import mask_text
from definitions.strict_json import dumps
from dolphin.observe import Observation
from drift.choices import Kind, Severity
from drift.paths import ONLINE, SCHEDULE_ONLINE, covers, path_of
from drift.seen import Seen, live_side, published_side
from snapshotter.choices import LiveState
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.summarise import summary_of_changes
from versions.comparison import Side, compare_sides
from versions.live import Live

Json = dict[str, Any]

_GRAVE: Final = frozenset(
    [
        *(Kind.DELETED, Kind.RECREATED, Kind.MOVED, Kind.CORRUPT, Kind.QUARANTINED_LIVE),
        *(Kind.WORKFLOW_OFF, Kind.SCHEDULE_OFF),
    ]
)
_SLIGHT: Final = frozenset([Kind.RENAMED, Kind.LAYOUT])
_DEFINITION: Final = (Kind.CONTENT, Kind.RENAMED, Kind.LAYOUT)
_NAMED: Final = 50  # fields that evidence names; the counts tell the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`kinds` in the order people are told; `ignored` counts the differences that rules leave out; `found` stands for all that was found.

    `canonical` is what was found, None where there is nothing comparable. `problem` is (code, text) where it could not be compared.
    `rules` are the ignored fields that it stands on, None where on none.
    """

    live_state: LiveState
    kinds: tuple[Kind, ...] = ()
    severity: Severity = Severity.LOW
    summary: Json = field(default_factory=dict)
    evidence: Json = field(default_factory=dict)
    ignored: int = 0
    found: str = ""
    canonical: Canonical | None = field(default=None, repr=False)
    problem: tuple[str, str] = ("", "")
    rules: frozenset[str] | None = None

    @property
    def is_drift(self) -> bool:
        return bool(self.kinds)

    @property
    def is_known(self) -> bool:
        """Whether it says how live compares with published."""
        return self.live_state not in (LiveState.CANNOT_COMPARE, LiveState.NOT_COVERED)


def judge(
    state: WorkflowState,
    published: Snapshot | None,
    seen: Seen,
    rules: Collection[str] = (),
    quarantined: Collection[str] = (),
) -> Judgement:
    """Judge. `rules` are paths of ignored fields, `quarantined` hashes of contents that must not be live.

    Reads the published version's pieces where hashes differ. Raises ContentDamaged.
    """
    if published is None:
        return Judgement(live_state=LiveState.NOT_COVERED)
    if seen.live is None:
        return Judgement(live_state=LiveState.CANNOT_COMPARE, problem=seen.problem)
    evidence: Json = {"published": published_side(state, published), "live": live_side(seen, seen.live)}
    if seen.live.state.code is None:
        return _gone(published, seen, evidence)
    switches = [path for path in _switches(state, seen.live) if not _is_ignored(path[0], rules)]
    if seen.live.problems or seen.live.canonical is None:
        return _corrupt(published, seen.live, switches, evidence)
    comparison = _compared(published, seen.live)
    kept = Comparison(tuple(row for row in comparison.changes if not _is_ignored(path_of(row), rules)))
    is_bad = _is_bad(published, seen.live.canonical, quarantined)
    left = state.left_version(published)
    kinds = _kinds(left, seen.live, kept, comparison.came_or_went(), switches, is_bad=is_bad)
    live_state = _verdict(left, seen.live, kinds)
    differences = [*map(as_json, kept.changes), *([seen.live.canonical.content_hash] if is_bad else [])]
    evidence |= _fields([*(path for path, _ in _switches(state, seen.live)), *map(path_of, comparison.changes)], rules)
    return Judgement(
        live_state=live_state,
        kinds=kinds,
        severity=severity_of(kinds),
        summary=summary_of_changes(published, kept) if kinds else {},
        evidence=evidence,
        ignored=evidence["ignored"],
        found=_found(published, live_state, kinds, differences) if kinds else "",
        canonical=seen.live.canonical,
    )


def severity_of(kinds: Collection[Kind]) -> Severity:
    """Return the gravest: high where it no longer runs as meant or is not what it was, low where it only looks otherwise."""
    if _GRAVE & set(kinds):
        return Severity.HIGH
    return Severity.MEDIUM if set(kinds) - _SLIGHT else Severity.LOW


def _gone(published: Snapshot, seen: Seen, evidence: Json) -> Judgement:
    kind = (
        Kind.MOVED if seen.moved_to is not None else Kind.RECREATED if seen.recreated_as is not None else Kind.DELETED
    )
    return Judgement(
        live_state=LiveState.MISSING,
        kinds=(kind,),
        severity=Severity.HIGH,
        evidence=evidence,
        found=_found(published, LiveState.MISSING, (kind,), [seen.moved_to, seen.recreated_as]),
    )


def _corrupt(published: Snapshot, live: Observation, switches: list[tuple[str, Kind]], evidence: Json) -> Judgement:
    kinds = _in_order({Kind.CORRUPT, *(kind for _, kind in switches)})
    problems = sorted(map(mask_text, live.problems))
    return Judgement(
        live_state=LiveState.CORRUPT,
        kinds=kinds,
        severity=Severity.HIGH,
        evidence={**evidence, "problems": problems[:_NAMED]},
        found=_found(published, LiveState.CORRUPT, kinds, problems),
    )


def _compared(published: Snapshot, live: Observation) -> Comparison:
    assert live.canonical is not None  # noqa: S101  the caller asked
    schedule = live.state.schedule
    shown = Live(live.canonical, live.state.online, schedule.online if schedule else None)
    return compare_sides(Side("published", snapshot=published), Side("live", live=shown))


def _fields(paths: list[str], rules: Collection[str]) -> Json:
    """Return the fields that count and those that rules leave out, as many as an item names."""
    left_out = [path for path in paths if _is_ignored(path, rules)]
    kept = [path for path in paths if not _is_ignored(path, rules)]
    return {"ignored": len(left_out), "paths": kept[:_NAMED], "ignored_paths": left_out[:_NAMED]}


def _switches(state: WorkflowState, live: Observation) -> Iterator[tuple[str, Kind]]:
    """Yield the release states that are not those we left; one that we don't know is no finding."""
    if state.expected_online is not None and state.expected_online != live.state.online:
        yield ONLINE, Kind.WORKFLOW_ON if live.state.online else Kind.WORKFLOW_OFF
    is_on = live.state.schedule is not None and live.state.schedule.online
    if state.expected_online is not None and bool(state.expected_schedule_online) != is_on:
        yield SCHEDULE_ONLINE, Kind.SCHEDULE_ON if is_on else Kind.SCHEDULE_OFF


def _is_bad(published: Snapshot, live: Canonical, quarantined: Collection[str]) -> bool:
    """Whether a content that must not be live has come in; no rule may hide that."""
    return live.content_hash != published.content_hash and live.content_hash in quarantined


def _kinds(
    left: int | None,
    live: Observation,
    comparison: Comparison,
    came_or_went: Collection[int | None],
    switches: list[tuple[str, Kind]],
    *,
    is_bad: bool,
) -> tuple[Kind, ...]:
    """The box of a task that came or went is no difference of its own, even where that task is ignored."""
    kinds = {kind for _, kind in switches} | {
        _kind(change)
        for change in comparison.changes
        if change.kind != ChangeKind.LAYOUT_CHANGED or change.task not in came_or_went
    }
    if kinds & set(_DEFINITION) and _is_older(left, live):
        kinds.add(Kind.VERSION_SWITCHED)
    if is_bad:
        kinds.add(Kind.QUARANTINED_LIVE)
    return _in_order(kinds)


def _kind(change: Change) -> Kind:
    if change.kind in SCHEDULE_KINDS:
        return Kind.SCHEDULE
    if change.kind == ChangeKind.LABEL_CHANGED:
        return Kind.RENAMED
    return Kind.LAYOUT if change.kind == ChangeKind.LAYOUT_CHANGED else Kind.CONTENT


def _verdict(left: int | None, live: Observation, kinds: tuple[Kind, ...]) -> LiveState:
    if not kinds:
        return LiveState.IN_SYNC
    version = live.state.version
    was_saved = version is not None and left is not None and version > left
    return LiveState.NEWER if was_saved and set(kinds) & {*_DEFINITION, Kind.QUARANTINED_LIVE} else LiveState.DRIFTED


def _is_older(left: int | None, live: Observation) -> bool:
    version = live.state.version
    return version is not None and left is not None and version < left


def _is_ignored(path: str, rules: Collection[str]) -> bool:
    return any(covers(rule, path) for rule in rules)


def _in_order(kinds: Collection[Kind]) -> tuple[Kind, ...]:
    return tuple(kind for kind in Kind if kind in kinds)


def _found(published: Snapshot, live_state: LiveState, kinds: tuple[Kind, ...], differences: list[Any]) -> str:
    """DolphinScheduler's version is no part of it: a save that changes nothing more is no news."""
    return hashlib.sha256(
        dumps([published.pk, str(live_state), [str(kind) for kind in kinds], differences])
    ).hexdigest()
