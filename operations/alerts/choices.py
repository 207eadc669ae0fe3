"""Words of the alert tables."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from drift.choices import Severity

__all__ = ["Carries", "ChannelKind", "Kind", "Language", "Severity", "State", "at_least"]


class Kind(models.TextChoices):
    """What people are told of; `kinds.py` says by which events of the trail. The words begin a message."""

    SNAPSHOT_FAILED = "snapshot_failed", pgettext_lazy("alert", "Snapshot not written")
    PUBLISH_FAILED = "publish_failed", pgettext_lazy("alert", "Publish failed")
    PUBLISH_DONE = "publish_done", pgettext_lazy("alert", "Published")
    DUPLICATE_PUBLISH = "duplicate_publish", pgettext_lazy("alert", "Published again without a change")
    OVERWROTE_UNSEEN = "overwrote_unseen", pgettext_lazy("alert", "An unseen edit was overwritten")
    FIRE_MISSED = "fire_missed", pgettext_lazy("alert", "Scheduled runs missed")
    ROLLBACK_FAILED = "rollback_failed", pgettext_lazy("alert", "Rollback failed")
    ROLLBACK_DONE = "rollback_done", pgettext_lazy("alert", "Rolled back")
    APPROVAL_WAITING = "approval_waiting", pgettext_lazy("alert", "A rollback waits for approval")
    BREAK_GLASS = "break_glass", pgettext_lazy("alert", "Break-glass used")
    REVIEW_DUE = "review_due", pgettext_lazy("alert", "Break-glass review is overdue")
    DRIFT_FOUND = "drift_found", pgettext_lazy("alert", "Drift found")
    DRIFT_CHANGED = "drift_changed", pgettext_lazy("alert", "Drift became another one")
    DRIFT_RESOLVED = "drift_resolved", pgettext_lazy("alert", "Drift has ended")
    QUARANTINED_LIVE = "quarantined_live", pgettext_lazy("alert", "Content in quarantine is live")
    CHECKS_STOPPED = "checks_stopped", pgettext_lazy("alert", "Inspection is late")
    LOCK_STUCK = "lock_stuck", pgettext_lazy("alert", "A workflow is held for long")
    ATTENTION = "attention", pgettext_lazy("alert", "Somebody must look at it")
    INSTANCE_PAUSED = "instance_paused", pgettext_lazy("alert", "Calls to DolphinScheduler were stopped")
    TOKEN_EXPIRING = "token_expiring", pgettext_lazy("alert", "A token ends soon")
    TRAIL_BROKEN = "trail_broken", pgettext_lazy("alert", "The audit trail does not verify")
    WEBHOOK_GIVEN_UP = "webhook_given_up", pgettext_lazy("alert", "A webhook was given up")


class ChannelKind(models.TextChoices):
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")
    WECOM = "wecom", _("WeCom robot")
    MAIL = "mail", _("Mail")
    WEBHOOK = "webhook", _("Signed webhook")


class State(models.TextChoices):
    """pending -> delivered | given_up, and back to pending by hand. folded: another message tells it, and how that ends counts."""

    PENDING = "pending", _("pending")
    FOLDED = "folded", _("told in another message")
    DELIVERED = "delivered", _("delivered")
    GIVEN_UP = "given_up", _("given up")


class Carries(models.TextChoices):
    """What a message tells besides one event."""

    ONE = "", pgettext_lazy("message", "one event")
    AGAIN = "again", pgettext_lazy("message", "the same again")
    DIGEST = "digest", pgettext_lazy("message", "a digest")
    TEST = "test", pgettext_lazy("message", "a test")


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"


_ORDER: Final = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)


def at_least(severity: str, least: str) -> bool:
    """Whether it is as grave as `least`, or graver."""
    return _ORDER.index(Severity(severity)) >= _ORDER.index(Severity(least))
