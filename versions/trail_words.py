"""Events of the trail in words: `thing.act`, each part by itself, so that a new event of known parts needs nothing here."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy


def event_in_words(event: str) -> str:
    """Return such as "Publish: accepted" in the reader's language; a part that is not known stands as it is."""
    if event in _WHOLE:
        return str(_WHOLE[event])
    thing, _dot, act = event.partition(".")
    return _("%(thing)s: %(act)s") % {"thing": _part(THINGS, thing), "act": _part(ACTS, act)}


def thing_in_words(thing: str) -> str:
    """Return the first part of an event in words."""
    return _part(THINGS, thing)


def _part(words: dict[str, Promise], name: str) -> str:
    return str(words.get(name, name.replace("_", " ")))


# Where the act means another thing than elsewhere.
_WHOLE: Final[dict[str, Promise]] = {
    "drift.adopted": pgettext_lazy("event", "Drift: adopted"),
    "account.created": pgettext_lazy("event", "Account: made by signing in"),
}
THINGS: Final[dict[str, Promise]] = {
    "publish": pgettext_lazy("event", "Publish"),
    "put_back": pgettext_lazy("event", "Put back"),
    "rollback": pgettext_lazy("event", "Rollback"),
    "restore": pgettext_lazy("event", "Restore"),
    "rebind": pgettext_lazy("event", "Rebind"),
    "policy": pgettext_lazy("event", "Approval policy"),
    "lock": pgettext_lazy("event", "Lock"),
    "secrets": pgettext_lazy("event", "Secrets"),
    "sync": pgettext_lazy("event", "Sync"),
    "fire": pgettext_lazy("event", "Scheduled run"),
    "capture": pgettext_lazy("event", "Capture"),
    "snapshot": pgettext_lazy("event", "Version"),
    "baseline": pgettext_lazy("event", "Baseline"),
    "backfill": pgettext_lazy("event", "Back-fill"),
    "import": pgettext_lazy("event", "Import"),
    "run": pgettext_lazy("event", "Bulk work"),
    "draft": pgettext_lazy("event", "Draft"),
    "confirm": pgettext_lazy("event", "Confirmation"),
    "freeze": pgettext_lazy("event", "Freeze window"),
    "quarantine": pgettext_lazy("event", "Quarantine"),
    "webhook": pgettext_lazy("event", "Webhook"),
    "deployment": pgettext_lazy("event", "Deployment"),
    "workflow": pgettext_lazy("event", "Workflow"),
    "govern": pgettext_lazy("event", "Governing"),
    "project": pgettext_lazy("event", "Project"),
    "instance": pgettext_lazy("event", "Instance"),
    "service_account": pgettext_lazy("event", "Service account"),
    "sign_in": pgettext_lazy("event", "Sign-in"),
    "account": pgettext_lazy("event", "Account"),
    "object": pgettext_lazy("event", "Setting"),
    "audit": pgettext_lazy("event", "Audit trail"),
    "retention": pgettext_lazy("event", "Deletion of old rows"),
    "alert": pgettext_lazy("event", "Alert"),
    "drift": pgettext_lazy("event", "Drift"),
    "inspection": pgettext_lazy("event", "Inspection"),
    "ignore_rule": pgettext_lazy("event", "Ignored field"),
}
ACTS: Final[dict[str, Promise]] = {
    "accepted": pgettext_lazy("event", "accepted"),
    "acknowledge_refused": pgettext_lazy("event", "acknowledging refused"),
    "acknowledged": pgettext_lazy("event", "acknowledged"),
    "added": pgettext_lazy("event", "added"),
    "adopt_refused": pgettext_lazy("event", "adopting refused"),
    "adopted": pgettext_lazy("event", "taken over"),
    "restored": pgettext_lazy("event", "restored from a backup"),
    "approved": pgettext_lazy("event", "approved"),
    "assign_refused": pgettext_lazy("event", "assigning refused"),
    "assigned": pgettext_lazy("event", "assigned"),
    "attention": pgettext_lazy("event", "needs attention"),
    "backfilled": pgettext_lazy("event", "recovered"),
    "break_glass_refused": pgettext_lazy("event", "break-glass refused"),
    "cancel_refused": pgettext_lazy("event", "cancelling refused"),
    "cancelled": pgettext_lazy("event", "cancelled"),
    "changed": pgettext_lazy("event", "changed"),
    "check_refused": pgettext_lazy("event", "check refused"),
    "created": pgettext_lazy("event", "created anew"),
    "decision_refused": pgettext_lazy("event", "decision refused"),
    "deleted": pgettext_lazy("event", "deleted"),
    "done": pgettext_lazy("event", "done"),
    "duplicate": pgettext_lazy("event", "nothing new"),
    "ended": pgettext_lazy("event", "ended"),
    "execute_refused": pgettext_lazy("event", "execution refused"),
    "executed": pgettext_lazy("event", "executed"),
    "expired": pgettext_lazy("event", "expired"),
    "exported": pgettext_lazy("event", "exported"),
    "failed": pgettext_lazy("event", "failed"),
    "found": pgettext_lazy("event", "found"),
    "freed": pgettext_lazy("event", "freed"),
    "give_up_refused": pgettext_lazy("event", "giving up refused"),
    "given_up": pgettext_lazy("event", "given up"),
    "glass_broken": pgettext_lazy("event", "break-glass used"),
    "governed": pgettext_lazy("event", "taken under governance"),
    "ignored": pgettext_lazy("event", "a field is ignored"),
    "imported": pgettext_lazy("event", "imported"),
    "imposed": pgettext_lazy("event", "imposed"),
    "late": pgettext_lazy("event", "late"),
    "lifted": pgettext_lazy("event", "lifted"),
    "many_cancel_refused": pgettext_lazy("event", "cancelling many refused"),
    "many_cancelled": pgettext_lazy("event", "many cancelled"),
    "many_execute_refused": pgettext_lazy("event", "executing many refused"),
    "many_executed": pgettext_lazy("event", "many executed"),
    "many_request_refused": pgettext_lazy("event", "asking for many refused"),
    "many_requested": pgettext_lazy("event", "many requested"),
    "missed": pgettext_lazy("event", "missed"),
    "mute_refused": pgettext_lazy("event", "muting refused"),
    "muted": pgettext_lazy("event", "muted"),
    "overridden": pgettext_lazy("event", "overridden"),
    "overwrote_unseen": pgettext_lazy("event", "overwrote an unseen edit"),
    "paused": pgettext_lazy("event", "paused"),
    "put_back": pgettext_lazy("event", "put back"),
    "rebound": pgettext_lazy("event", "bound anew"),
    "refused": pgettext_lazy("event", "refused"),
    "rejected": pgettext_lazy("event", "rejected"),
    "request_refused": pgettext_lazy("event", "request refused"),
    "requested": pgettext_lazy("event", "requested"),
    "resolved": pgettext_lazy("event", "ended"),
    "resume_refused": pgettext_lazy("event", "resuming refused"),
    "resumed": pgettext_lazy("event", "resumed"),
    "retried": pgettext_lazy("event", "retried"),
    "retry_refused": pgettext_lazy("event", "retry refused"),
    "review_refused": pgettext_lazy("event", "review refused"),
    "reviewed": pgettext_lazy("event", "reviewed"),
    "roles_changed": pgettext_lazy("event", "roles changed"),
    "rule_applied": pgettext_lazy("event", "approved by a rule"),
    "started": pgettext_lazy("event", "started"),
    "succeeded": pgettext_lazy("event", "succeeded"),
    "tested": pgettext_lazy("event", "tested"),
    "token_issued": pgettext_lazy("event", "token issued"),
    "token_rotated": pgettext_lazy("event", "next token issued"),
    "token_revoked": pgettext_lazy("event", "token revoked"),
    "unchanged": pgettext_lazy("event", "unchanged"),
    "unconfirmed": pgettext_lazy("event", "not confirmed"),
    "unmute_refused": pgettext_lazy("event", "unmuting refused"),
    "unmuted": pgettext_lazy("event", "unmuted"),
    "verification_asked": pgettext_lazy("event", "verification asked for"),
    "verified": pgettext_lazy("event", "verified"),
    "viewed": pgettext_lazy("event", "viewed"),
    "voided": pgettext_lazy("event", "voided"),
    "write_failed": pgettext_lazy("event", "not written"),
    "stuck": pgettext_lazy("event", "held for long"),
    "review_due": pgettext_lazy("event", "review overdue"),
    "token_expiring": pgettext_lazy("event", "token ends soon"),
    "channel_added": pgettext_lazy("event", "channel added"),
    "channel_ended": pgettext_lazy("event", "channel ended"),
    "channel_tested": pgettext_lazy("event", "channel tested"),
    "channel_refused": pgettext_lazy("event", "channel refused"),
    "rule_added": pgettext_lazy("event", "rule added"),
    "rule_changed": pgettext_lazy("event", "rule changed"),
    "rule_ended": pgettext_lazy("event", "rule ended"),
    "rule_refused": pgettext_lazy("event", "rule refused"),
    "sent_again": pgettext_lazy("event", "sent again"),
    "send_again_refused": pgettext_lazy("event", "sending again refused"),
    "groups_changed": pgettext_lazy("event", "groups changed by signing in"),
    "superuser_changed": pgettext_lazy("event", "superuser or not, by signing in"),
    "linked": pgettext_lazy("event", "linked with a person of the directory"),
    "link_refused": pgettext_lazy("event", "linking refused"),
}
