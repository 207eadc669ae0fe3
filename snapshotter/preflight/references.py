"""What the changed tasks and a schedule that is written refer to must be there."""

from collections.abc import Callable, Iterator
from typing import Final

from definitions.references import Kind, Reference, references
from dolphin.surroundings import Surroundings
from snapshotter.preflight.parts import Change, Problem

MOST_PROJECTS: Final = 5  # whose workflows are looked up for dependencies
MOST_KINDS: Final = 10  # of data sources

# These lists are whole for every user; others may hold only what was granted.
_WHOLE: Final = (Kind.WORKER_GROUP, Kind.SUB_WORKFLOW, Kind.DEPENDENCY)


def reference_problems(change: Change, around: Surroundings) -> Iterator[Problem]:
    """Each missing thing once, with the first task that needs it."""
    needed: dict[Reference, str] = {}
    for code, task in change.tasks.items():
        for reference in references(task):
            needed.setdefault(reference, change.name_of(code))
    for reference in references(change.schedule or {}):
        needed.setdefault(reference, "schedule")
    not_seen: set[Kind] = set()
    for reference, name in needed.items():
        known = _lookup(reference, around, needed)
        if known is None:
            not_seen.add(reference.kind)
        elif not _is_itself(reference, change) and reference.value not in known:
            yield _missing(reference, name, around)
    for kind in sorted(not_seen):
        yield Problem("not_checked", {"list": kind.value}, is_blocking=False)


def _is_itself(reference: Reference, change: Change) -> bool:
    """A workflow may wait for an earlier run of itself; made anew, versions name it by its first code."""
    first = change.aliases.origin_workflow
    return reference.value == (change.code if first is None else first)


def _lookup(reference: Reference, around: Surroundings, needed: dict[Reference, str]) -> set[str] | set[int] | None:
    lists: dict[Kind, Callable[[], set[str] | set[int] | None]] = {
        Kind.WORKER_GROUP: lambda: around.worker_groups,
        Kind.ENVIRONMENT: lambda: around.environments,
        Kind.DATA_SOURCE: lambda: around.data_sources(str(reference.within)),
        Kind.SUB_WORKFLOW: around.workflows,
        Kind.DEPENDENCY: lambda: around.workflows(int(reference.within or 0)),
    }
    return lists[reference.kind]() if _within_bounds(reference, needed) else None


def _within_bounds(reference: Reference, needed: dict[Reference, str]) -> bool:
    """A definition that refers to everything must not make us ask for everything."""
    bound = {Kind.DEPENDENCY: MOST_PROJECTS, Kind.DATA_SOURCE: MOST_KINDS}.get(reference.kind)
    if bound is None:
        return True
    within = list(dict.fromkeys(other.within for other in needed if other.kind == reference.kind))
    return reference.within in within[:bound]


def _missing(reference: Reference, task: str, around: Surroundings) -> Problem:
    is_sure = reference.kind in _WHOLE or around.is_admin
    code = f"{reference.kind}_{'missing' if is_sure else 'unseen'}"
    return Problem(code, {"task": task, "name": reference.value}, is_blocking=is_sure)
