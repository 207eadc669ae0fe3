"""Freeze windows and the workflow's lock: shown beforehand, refused by the gates themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from rollback.impact.findings import Finding, Weight
from rollback.impact.prospect import Prospect
from snapshotter.gates.gates import freezes

_AHEAD: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Freeze:
    """`until` None: nothing is frozen now. `begins` is the next window within a day, None where there is none or one is on."""

    until: datetime | None = None
    reason: str = ""
    begins: datetime | None = None

    @property
    def is_allowed(self) -> bool:
        return self.until is None


@dataclass(frozen=True, slots=True)
class Lock:
    holder: str
    sync: int
    kind: str
    since: datetime | None


def freeze(prospect: Prospect) -> Freeze:
    found, ahead = freezes(prospect.workflow.project, _AHEAD)
    if found is not None:
        window, until = found
        return Freeze(until, window.reason)
    if ahead is None:
        return Freeze()
    window, begins = ahead
    return Freeze(None, window.reason, begins)


def lock(prospect: Prospect) -> Lock | None:
    holder = prospect.state.lock
    if holder is None:
        return None
    return Lock(holder.actor_name, holder.pk, holder.kind, prospect.state.locked_at)


def gate_findings(frozen: Freeze, held: Lock | None) -> Iterator[Finding]:
    if frozen.until is not None:
        yield Finding("frozen", Weight.NOTE, {"until": _text(frozen.until), "reason": frozen.reason})
    elif frozen.begins is not None:
        yield Finding("freeze_ahead", Weight.NOTE, {"at": _text(frozen.begins), "reason": frozen.reason})
    if held is not None:
        yield Finding("locked", Weight.NOTE, {"holder": held.holder, "since": _text(held.since), "sync": held.sync})


def _text(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment is not None else ""
