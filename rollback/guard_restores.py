"""Restores that come without a request pass only where nobody must approve, and where the version has nothing to be agreed to."""

from django.utils.translation import gettext as _

from audit.actors import Actor
from catalog.models import Workflow
from rollback.choices_of import Choices
from rollback.errors import NotAcknowledged, NotApproved, TargetRefused
from rollback.impact.findings import Finding, not_acknowledged, refused
from rollback.impact.look import Look
from rollback.impact.prospect import Prospect
from rollback.impact.target_findings import target_findings
from rollback.policy import policy_of
from snapshotter.choices import Status
from snapshotter.models import Snapshot

_ITS_OWN = frozenset({"quarantined"})  # a gate of every publish refuses it


def guard_restores(workflow: Workflow, version: Snapshot | None, actor: Actor) -> None:
    """Raise NotApproved where somebody must approve first: then a restore is asked for, as a rollback is.

    Raises TargetRefused and NotAcknowledged for what a rollback to this version would be stopped by, and ContentDamaged.
    """
    needed = policy_of(workflow.project).approvals_needed
    if needed:
        raise NotApproved(approvals=0, needed=needed)
    if version is not None and version.status == Status.PUBLISHED:  # any other one the restore itself refuses
        _judge(workflow, version, actor)


def _judge(workflow: Workflow, version: Snapshot, actor: Actor) -> None:
    prospect = Prospect.of(workflow, version, Choices(), actor, Look.absent(), "")
    findings = [row for row in target_findings(prospect) if row.code not in _ITS_OWN]
    if no := refused(findings):
        raise TargetRefused(" ".join(row.text for row in no), findings=_told(no))
    if left := not_acknowledged(findings, ()):
        raise NotAcknowledged(
            _("Ask for it as a rollback, where each of these is agreed to by its name: %(codes)s.")
            % {"codes": ", ".join(row.code for row in left)},
            findings=_told(left),
        )


def _told(findings: list[Finding]) -> list[dict[str, object]]:
    return [{**row.as_json(), "text": row.text} for row in findings]
