"""What to do next about each kind of alert: one sentence a person can follow at night. And the trail's own sentences, kept in English."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from operations.alerts.choices import Kind

NEXT: Final[dict[Kind, Promise]] = {
    Kind.SNAPSHOT_FAILED: _(
        "Look at the reason, mend it, and publish or capture again: this change has no version yet."
    ),
    Kind.PUBLISH_FAILED: _("Open the version: it says what is live now, and offers to try again."),
    Kind.PUBLISH_DONE: _("Nothing to do. If the change is not expected, compare it and roll back."),
    Kind.DUPLICATE_PUBLISH: _("Nothing to do. If it comes again and again, the platform publishes without a change."),
    Kind.OVERWROTE_UNSEEN: _("Ask who saved in DolphinScheduler at that moment; their tasks are in its task versions."),
    Kind.FIRE_MISSED: _("Open the workflow: each missed run can be started there."),
    Kind.ROLLBACK_FAILED: _("Open the rollback: it says what is live now, and offers to try again."),
    Kind.ROLLBACK_DONE: _("Look whether the next run succeeds."),
    Kind.APPROVAL_WAITING: _("Look at the change and approve or reject it before it expires."),
    Kind.BREAK_GLASS: _("Somebody else reviews it: open the rollback and say whether it was right."),
    Kind.REVIEW_DUE: _("Open the rollback and say whether it was right."),
    Kind.DRIFT_FOUND: _("Open it: take the change over as a version, put the published one back, or ignore it."),
    Kind.DRIFT_CHANGED: _("Somebody goes on editing in DolphinScheduler: ask them, then take it over or put it back."),
    Kind.DRIFT_RESOLVED: _("Nothing to do: DolphinScheduler is as published again."),
    Kind.QUARANTINED_LIVE: _("Roll back to a good version: what runs now is known to be bad."),
    Kind.CHECKS_STOPPED: _("Nobody looks for drift. See whether a worker runs and DolphinScheduler answers."),
    Kind.LOCK_STUCK: _("Nobody else can change the workflow. Its page says who holds it, and whether it can be freed."),
    Kind.ATTENTION: _("Open the workflow: it says what stands in DolphinScheduler. Resume it or give it up."),
    Kind.INSTANCE_PAUSED: _(
        "Enter a valid token on the instance's page and test the connection; until then nothing is published."
    ),
    Kind.TOKEN_EXPIRING: _("Make a new token, give it to the platform, then revoke this one."),
    Kind.TRAIL_BROKEN: _("Keep the database and the log as they are, and find out who changed the trail."),
    Kind.WEBHOOK_GIVEN_UP: _("The platform was not told how a publish ended: see whether its receiver answers."),
}

KEPT: Final = (
    gettext_noop("%(who)s holds it since %(since)s UTC"),
    gettext_noop("the token that begins with %(begins)s ends at %(when)s UTC"),
    gettext_noop("nobody has reviewed it since %(since)s UTC"),
    gettext_noop("refused: %(number)s"),
    gettext_noop("the answer is not a robot's"),
    gettext_noop("mail is not set up: EMAIL_URL"),
    gettext_noop("nobody took it"),
    gettext_noop("the channel was ended"),
    gettext_noop("the rule was ended"),
    gettext_noop("A channel needs a name and a kind."),
    gettext_noop("A signing secret is plain ASCII, at most 200 long."),
    gettext_noop("A mail channel has 1 to 20 addresses, with commas in between."),
    gettext_noop("One of the mail addresses is none."),
    gettext_noop("A rule needs a name."),
    gettext_noop("A rule needs a severity and a language that there are."),
    gettext_noop("There is no such kind of alert."),
    gettext_noop("A rule needs the name of a time zone, such as Asia/Shanghai."),
    gettext_noop("Quiet hours need a beginning and another end."),
    gettext_noop("A rule needs a channel that is in use."),
)
