"""What a rollback would meet."""

from dataclasses import dataclass

from audit.actors import Actor
from catalog.models import Workflow
from definitions.secrets import has_masked_values
from dolphin.observe import Observation
from rollback.choices_of import Choices
from rollback.findings import Finding, Weight
from rollback.look import Look
from snapshotter.choices import ScheduleChoice
from snapshotter.models import ContentQuarantine, Snapshot
from snapshotter.store import document_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    findings: list[Finding]


def impact(
    workflow: Workflow,
    target: Snapshot,
    *,
    choices: Choices,
    reader: Actor,
    look: Look | None,
    unseen_because: str = "",
) -> Impact:
    """Judge bringing a workflow back to a version."""
    if look is None:
        return Impact(findings=[])
    return Impact(findings=findings_of(workflow, target, choices=choices, live=look.seen, reader=reader))


def findings_of(
    workflow: Workflow, target: Snapshot, *, choices: Choices, live: Observation, reader: Actor
) -> list[Finding]:
    """Return what is found of the target."""
    found = []
    kept_out = ContentQuarantine.objects.open().covering(workflow).filter(content_hash=target.content_hash).first()
    if kept_out is not None:
        values = {"reason": kept_out.reason, "who": kept_out.created_by_name}
        found.append(Finding("quarantined", Weight.REFUSED, values))
    if paths := has_masked_values(document_of(target)):
        found.append(Finding("masked_values", Weight.REFUSED, {"names": paths[:5]}))
    if not target.was_live:
        found.append(Finding("never_live", Weight.ACKNOWLEDGE))
    if choices.schedule == ScheduleChoice.FROM_DEFINITION and target.schedule_id is None:
        found.append(Finding("schedule_unknown", Weight.REFUSED))
    return found
