"""What a rollback would meet and break, before anybody asks for it. Reads only; call outside transactions, since DolphinScheduler is asked.

Enters: a workflow, a version, choices, who reads, and what is live. Leaves: an Impact. It never fails because one part can't be told: that
part is None or empty, and a finding `cannot_tell` says why.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from audit.actors import Actor
from catalog.models import Workflow
from dolphin.observe import Observation
from rollback.choices_of import Choices
from rollback.impact.asking import Asking, reason
from rollback.impact.dependents import Dependents, dependent_findings, dependents, waiting_for_removed
from rollback.impact.findings import Finding, Weight
from rollback.impact.gate_findings import Freeze, Lock, freeze, gate_findings, lock
from rollback.impact.lineage_lost import LineageImpact, lineage_findings, lineage_impact
from rollback.impact.live_findings import live_findings
from rollback.impact.look import Look
from rollback.impact.missing_parts import missing_parts
from rollback.impact.next_fire import Fires, fire_findings, fires
from rollback.impact.prospect import Prospect
from rollback.impact.running import Running, running, running_findings
from rollback.impact.schedule_findings import schedule_findings
from rollback.impact.target_findings import target_findings
from snapshotter.errors import ContentDamaged
from snapshotter.masking import masked_value
from snapshotter.models import Snapshot
from versions.lineage.sides import Known

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """`running`, `fires` None: can't be told. `lock` None: free. Names that the reader may not see are only counted."""

    findings: list[Finding]
    running: list[Running] | None
    fires: Fires | None
    dependents: Dependents
    lineage: LineageImpact
    freeze: Freeze
    lock: Lock | None

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain JSON, each finding with its sentence in the language that is active."""
        return {
            "findings": [{**finding.as_shown(), "text": finding.text} for finding in self.findings],
            "running": None if self.running is None else [_plain(asdict(run)) for run in self.running],
            "fires": None if self.fires is None else _plain(asdict(self.fires)),
            "dependents": _without(_plain(asdict(self.dependents)), "near"),
            "lineage": _without(_plain(asdict(self.lineage)), "near_readers", "far_readers"),
            "freeze": {"allowed": self.freeze.is_allowed, **_plain(asdict(self.freeze))},
            "lock": None if self.lock is None else _plain(asdict(self.lock)),
        }


def impact(
    workflow: Workflow,
    target: Snapshot,
    *,
    choices: Choices,
    reader: Actor,
    look: Look | None,
    unseen_because: str = "",
) -> Impact:
    """Judge bringing a workflow back to a version. `look` None: what is live can't be told, because of `unseen_because`."""
    prospect = Prospect.of(workflow, target, choices, reader, look, unseen_because)
    notes = _Notes(prospect)
    with Asking(workflow.project.instance) as asking:
        notes.add("target", lambda: target_findings(prospect))
        notes.add("target", lambda: schedule_findings(prospect))
        notes.add("live", lambda: live_findings(prospect))
        notes.add("target", lambda: missing_parts(prospect, asking))
        at_work = running(prospect, asking)
    notes.untold(asking.untold)
    coming = notes.told("fires", lambda: fires(prospect))
    behind = dependents(prospect)
    removed = notes.told("dependents", lambda: waiting_for_removed(prospect)) or Dependents()
    tables = lineage_impact(prospect)
    frozen, held = freeze(prospect), lock(prospect)
    notes.extend(running_findings(at_work))
    notes.extend(fire_findings(coming) if coming is not None else ())
    notes.extend(dependent_findings(prospect, behind, removed))
    notes.extend(lineage_findings(tables))
    notes.extend(gate_findings(frozen, held))
    notes.judge_gaps(behind, tables)
    return Impact(
        findings=notes.findings,
        running=at_work,
        fires=coming,
        dependents=behind,
        lineage=tables,
        freeze=frozen,
        lock=held,
    )


def findings_of(
    workflow: Workflow, target: Snapshot, *, choices: Choices, live: Observation, reader: Actor
) -> list[Finding]:
    """Return what is found, where what is live was just read for a decision."""
    return impact(workflow, target, choices=choices, reader=reader, look=Look.of_observation(live)).findings


def _without(told: dict[str, Any], *names: str) -> dict[str, Any]:
    """What is there for what is kept only."""
    return {name: value for name, value in told.items() if name not in names}


def _plain(value: Any) -> Any:
    """Return what `asdict` gives as JSON: moments in ISO 8601, words as text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


class _Notes:
    """The findings so far. A version whose content is damaged is told once."""

    def __init__(self, prospect: Prospect) -> None:
        self._found: list[Finding] = []
        self._damaged: list[str] = []
        if prospect.look is None:
            self._cannot("live", prospect.unseen_because)

    def add(self, part: str, judge: Callable[[], Iterator[Finding]]) -> None:
        self.extend(self.told(part, lambda: list(judge())) or ())

    def told(self, part: str, judge: Callable[[], T]) -> T | None:
        try:
            return judge()
        except ContentDamaged as error:
            self._damaged.append(part)
            self._cannot(part, reason(error))
            return None

    def extend(self, findings: Iterable[Finding]) -> None:
        self._found.extend(findings)

    def untold(self, parts: dict[str, str]) -> None:
        for part, because in parts.items():
            self._cannot(part, because)

    def judge_gaps(self, found: Dependents, tables: LineageImpact) -> None:
        if found.unread:
            self.extend([Finding("dependents_unread", Weight.NOTE, {"count": found.unread})])
        if tables.known != Known.COMPUTED:
            code = "lineage_pending" if tables.known == Known.PENDING else "lineage_unknown"
            self.extend([Finding(code, Weight.NOTE)])

    def _cannot(self, part: str, because: str) -> None:
        finding = Finding("cannot_tell", Weight.NOTE, {"part": part, "because": because})
        if finding not in self._found:
            self._found.append(finding)

    @property
    def findings(self) -> list[Finding]:
        """What refuses first, then what is to be agreed to, then what is good to know. They are kept and shown: secrets are masked."""
        damaged = [Finding("damaged", Weight.REFUSED)] if "target" in self._damaged else []
        order = list(Weight)
        found = sorted([*damaged, *self._found], key=lambda finding: order.index(finding.weight))
        return [
            replace(finding, values=masked_value(finding.values), kept=masked_value(finding.kept)) for finding in found
        ]
