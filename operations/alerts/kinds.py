"""Which event of the trail is which alert, and how grave. `docs/alerts.md` holds the same table."""

from collections.abc import Callable
from typing import Final

from audit.actors import SYSTEM
from audit.models import AuditEntry, Outcome
from drift.choices import Kind as DriftKind
from operations.alerts.about import About
from operations.alerts.choices import Kind, Severity
from rollback.choices import Rule
from rollback.models import RollbackRequest
from rollback.policy import policy_of
from snapshotter.models import Snapshot, WorkflowState

Judged = tuple[Kind, Severity]
Judge = Callable[[AuditEntry, About], Judged | None]
HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

# Two of one workflow are two things to know, each with its own difference; of the others the second is the same again.
NEWS: Final = {Kind.PUBLISH_DONE, Kind.ROLLBACK_DONE, Kind.APPROVAL_WAITING, Kind.BREAK_GLASS}

ALWAYS: Final[dict[str, Judged]] = {
    "snapshot.write_failed": (Kind.SNAPSHOT_FAILED, HIGH),
    "capture.failed": (Kind.SNAPSHOT_FAILED, HIGH),
    "publish.duplicate": (Kind.DUPLICATE_PUBLISH, LOW),
    "draft.duplicate": (Kind.DUPLICATE_PUBLISH, LOW),
    "publish.overwrote_unseen": (Kind.OVERWROTE_UNSEEN, MEDIUM),
    "fire.missed": (Kind.FIRE_MISSED, HIGH),
    "rollback.done": (Kind.ROLLBACK_DONE, MEDIUM),
    "rollback.glass_broken": (Kind.BREAK_GLASS, HIGH),
    "rollback.review_due": (Kind.REVIEW_DUE, HIGH),
    **dict.fromkeys(("drift.resolved", "drift.adopted", "drift.put_back"), (Kind.DRIFT_RESOLVED, LOW)),
    "inspection.late": (Kind.CHECKS_STOPPED, HIGH),
    "lock.stuck": (Kind.LOCK_STUCK, HIGH),
    "publish.attention": (Kind.ATTENTION, HIGH),
    "capture.attention": (Kind.ATTENTION, HIGH),
    "instance.paused": (Kind.INSTANCE_PAUSED, HIGH),
    "service_account.token_expiring": (Kind.TOKEN_EXPIRING, MEDIUM),
    "webhook.given_up": (Kind.WEBHOOK_GIVEN_UP, MEDIUM),
}


def judge(entry: AuditEntry, found: About) -> Judged | None:
    """Return the alert that an entry is, None for none. `found` is what it is about."""
    always = ALWAYS.get(entry.event)
    if always is not None:
        return always
    special = BY_LOOKING.get(entry.event)
    return special(entry, found) if special else None


def is_told_of(entry: AuditEntry) -> bool:
    """Whether the event may be an alert at all, before anything is looked up."""
    return entry.event in ALWAYS or entry.event in BY_LOOKING


def without_looking(entry: AuditEntry) -> Judged | None:
    """Return the alert where what it is about can't be found out: rather one too many."""
    return ALWAYS.get(entry.event) or _ELSE.get(entry.event)


def _unless_a_rollback(kind: Kind, severity: Severity) -> Judge:
    """The end of a rollback's publish is told as the rollback's own end."""

    def judged(entry: AuditEntry, found: About) -> Judged | None:
        if found.sync is not None and RollbackRequest.objects.filter(sync=found.sync).exists():
            return None
        return kind, severity

    return judged


def _asked(entry: AuditEntry, found: About) -> Judged | None:
    """One that needs nobody's word waits for nobody; one of many is told once for all."""
    request = found.obj
    waits = bool(found.detail.get("approvals"))
    if isinstance(request, RollbackRequest):
        waits = waits and request.rule == Rule.NONE and request.batch_id is None
    return (Kind.APPROVAL_WAITING, MEDIUM) if waits else None


def _many_asked(entry: AuditEntry, found: About) -> Judged | None:
    """One row a project; its requests are made later, by the project's rules."""
    waits = found.project is not None and policy_of(found.project).approvals_needed > 0
    return (Kind.APPROVAL_WAITING, MEDIUM) if waits else None


def _rollback_failed(entry: AuditEntry, found: About) -> Judged | None:
    """One that somebody has cancelled is known to them."""
    return Kind.ROLLBACK_FAILED, LOW if entry.reason.startswith("cancelled:") else HIGH


def _drift(kind: Kind) -> Judge:
    """As grave as the inspection says; content in quarantine has a name of its own."""

    def judged(entry: AuditEntry, found: About) -> Judged | None:
        if DriftKind.QUARANTINED_LIVE in _listed(found.detail.get("kinds")):
            return Kind.QUARANTINED_LIVE, HIGH
        told = found.detail.get("severity")
        return kind, Severity(told) if told in Severity.values else MEDIUM

    return judged


def _heard_again(entry: AuditEntry, found: About) -> Judged | None:
    """A mute that is over: what changed meanwhile was told nobody. Whoever unmutes it by hand has it before them."""
    return _drift(Kind.DRIFT_CHANGED)(entry, found) if entry.actor_name == str(SYSTEM) else None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _imposed(entry: AuditEntry, found: About) -> Judged | None:
    """What was put in quarantine stays live where it is."""
    if not isinstance(found.obj, Snapshot) or found.workflow is None:
        return None
    live = WorkflowState.objects.filter(published__content_hash=found.obj.content_hash)
    if found.detail.get("whole_project"):
        live = live.filter(workflow__project=found.obj.project_id)
    else:
        live = live.filter(workflow=found.workflow)
    return (Kind.QUARANTINED_LIVE, HIGH) if live.exists() else None


def _verified(entry: AuditEntry, found: About) -> Judged | None:
    return (Kind.TRAIL_BROKEN, HIGH) if entry.outcome == Outcome.FAILED else None


BY_LOOKING: Final[dict[str, Judge]] = {
    "publish.failed": _unless_a_rollback(Kind.PUBLISH_FAILED, HIGH),
    "publish.succeeded": _unless_a_rollback(Kind.PUBLISH_DONE, LOW),
    "confirm.failed": _unless_a_rollback(Kind.PUBLISH_FAILED, HIGH),
    "confirm.unconfirmed": _unless_a_rollback(Kind.PUBLISH_FAILED, HIGH),
    "confirm.succeeded": _unless_a_rollback(Kind.PUBLISH_DONE, LOW),
    "rollback.requested": _asked,
    "rollback.many_requested": _many_asked,
    "rollback.failed": _rollback_failed,
    "drift.found": _drift(Kind.DRIFT_FOUND),
    "drift.changed": _drift(Kind.DRIFT_CHANGED),
    "drift.unmuted": _heard_again,
    "quarantine.imposed": _imposed,
    "audit.verified": _verified,
}
_ELSE: Final[dict[str, Judged]] = {
    "publish.failed": (Kind.PUBLISH_FAILED, HIGH),
    "confirm.failed": (Kind.PUBLISH_FAILED, HIGH),
    "confirm.unconfirmed": (Kind.PUBLISH_FAILED, HIGH),
    "rollback.requested": (Kind.APPROVAL_WAITING, MEDIUM),
    "rollback.failed": (Kind.ROLLBACK_FAILED, HIGH),
    "drift.found": (Kind.DRIFT_FOUND, MEDIUM),
    "drift.changed": (Kind.DRIFT_CHANGED, MEDIUM),
}
