"""Each figure: its name, how it is written, and what exactly it counts. The order is that of pages and files."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COUNT, SHARE, SECONDS = "count", "share", "seconds"
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Word:
    """`kind` is count, share (0 to 1) or seconds; `good` says whether more of it is better: 1, -1, or 0 where neither is."""

    name: Text
    definition: Text
    kind: str = COUNT
    good: int = 0


# Group by group: title, and its figures by key.
GROUPS: Final[dict[str, tuple[Text, dict[str, Word]]]] = {
    "publishes": (
        _("Publishes"),
        {
            "publishes_accepted": Word(
                _("Publishes"), _("Versions that somebody asked to publish in the period, roll-backs aside.")
            ),
            "publishes_succeeded": Word(
                _("Succeeded"), _("Of these, those published by now: DolphinScheduler was read back and equal.")
            ),
            "publishes_failed": Word(
                _("Failed"), _("Of these, those that stand as failed now, cancelled ones aside."), good=-1
            ),
            "publishes_unconfirmed": Word(
                _("Unconfirmed"),
                _("Of these, those whose platform said no word in time, or that could not be read back."),
                good=-1,
            ),
            "publishes_cancelled": Word(
                _("Cancelled"), _("Of these, those ended before anything was sent to DolphinScheduler.")
            ),
            "publishes_open": Word(_("Not ended yet"), _("Of these, those that are drafts now.")),
            "publish_success_rate": Word(
                _("Success rate"),
                _("Succeeded, of those that succeeded, failed or stayed unconfirmed."),
                SHARE,
                good=1,
            ),
            "publishes_duplicate": Word(
                _("Duplicate publishes"),
                _("Requests in the period whose content was the published one already: nothing was started."),
            ),
        },
    ),
    "snapshots": (
        _("Snapshots"),
        {
            "snapshots_written": Word(
                _("Snapshots written"), _("Versions that were made in the period, whatever made them.")
            ),
            "snapshot_write_failures": Word(
                _("Write failures"),
                _("Captures that ended without a version, and publishes whose version the database did not take."),
                good=-1,
            ),
            "snapshot_success_rate": Word(
                _("Write success rate"), _("Snapshots written, of those and the write failures."), SHARE, good=1
            ),
            "captures": Word(_("Captures"), _("Versions of the period that a capture or a baseline made.")),
        },
    ),
    "rollbacks": (
        _("Rollbacks"),
        {
            "rollbacks_asked": Word(_("Asked for"), _("Requests for a rollback or a restore made in the period.")),
            "rollbacks_done": Word(
                pgettext_lazy("figure", "Done"),
                _("Requests that were closed in the period as done: DolphinScheduler was read back and equal."),
            ),
            "rollbacks_failed": Word(
                _("Failed"),
                _("Requests that were closed in the period after an attempt, and are not done now."),
                good=-1,
            ),
            "rollback_rate": Word(
                _("Rollback rate"), _("Rollbacks done, of publishes that succeeded in the period."), SHARE, good=-1
            ),
            "rollbacks_break_glass": Word(
                _("Glass broken"), _("Of those done, those executed without the approvals."), good=-1
            ),
            "rollbacks_by_rule": Word(
                _("By automatic rule"), _("Of those done, those for which an automatic rule stood for the approvals.")
            ),
            "restore_from_bad_median": Word(
                _("Time to restore"),
                _(
                    "Median, over rollbacks done, from when the version taken back went live until the rollback was live;"
                    " drills and restores of deleted workflows aside."
                ),
                SECONDS,
                good=-1,
            ),
            "restore_from_bad_p90": Word(
                _("Time to restore, nine of ten"), _("The same time, which nine of ten did not exceed."), SECONDS, -1
            ),
            "restore_from_request_median": Word(
                _("From request to done"),
                _(
                    "Median, over rollbacks and restores done, from when it was asked for until it was done; drills aside."
                ),
                SECONDS,
                good=-1,
            ),
            "restore_from_request_p90": Word(
                _("From request to done, nine of ten"),
                _("The same time, which nine of ten did not exceed."),
                SECONDS,
                good=-1,
            ),
            "approval_wait_median": Word(
                _("Wait for approval"),
                _("Median, over requests of the period, from when it was asked for until the first decision."),
                SECONDS,
                good=-1,
            ),
        },
    ),
    "drift": (
        _("Drift"),
        {
            "drift_found": Word(
                _("Drift found"), _("Workflows first seen otherwise than published in the period."), good=-1
            ),
            "drift_adopted": Word(
                pgettext_lazy("figure", "Adopted"), _("Drift closed in the period by a new version of what was found.")
            ),
            "drift_put_back": Word(
                pgettext_lazy("figure", "Put back"),
                _("Drift closed in the period by bringing the published version back."),
            ),
            "drift_resolved": Word(
                pgettext_lazy("figure", "Gone"),
                _(
                    "Drift closed in the period since nothing differed any more: undone in DolphinScheduler, or published over."
                ),
            ),
            "drift_ignored": Word(
                pgettext_lazy("figure", "Ignored"), _("Drift closed in the period by ignoring the field.")
            ),
            "drift_open_median": Word(
                _("Time open"), _("Median, over drift closed in the period, from first seen until closed."), SECONDS, -1
            ),
            "drift_standing": Word(
                _("Standing at the end"),
                _("Drift that had been found and not been closed by the end of the period."),
                good=-1,
            ),
        },
    ),
    "fires": (
        _("Missed fires"),
        {
            "fires_missed": Word(
                _("Missed fires"),
                _(
                    "Scheduled runs due in the period that were or may have been lost while a publish held the schedule off."
                ),
                good=-1,
            ),
            "fires_started": Word(_("Started afterwards"), _("Of these, those whose run somebody started since.")),
        },
    ),
    "coverage": (
        _("Coverage now"),
        {
            "workflows_governed": Word(
                _("Workflows"), _("Governed workflows that are not deleted in DolphinScheduler, as of now.")
            ),
            "workflows_covered": Word(
                _("With a published version"), _("Of these, those with a published version, as of now."), good=1
            ),
            "coverage_share": Word(
                _("Coverage"), _("Workflows with a published version, of all governed ones."), SHARE, good=1
            ),
            "workflows_in_sync": Word(
                _("In sync"),
                _("Of those with a published version, those found equal to it by the latest look, as of now."),
                good=1,
            ),
            "online_seen": Word(
                _("Online in DolphinScheduler"),
                _(
                    "Workflows that the newest inventory of each instance and project found online, temporary ones aside."
                ),
            ),
            "online_uncovered": Word(
                _("Online without a version"),
                _("Of these, those that had no published version then and have none now."),
                good=-1,
            ),
        },
    ),
}
WORDS: Final[dict[str, Word]] = {key: word for _title, words in GROUPS.values() for key, word in words.items()}
NOW: Final = frozenset(GROUPS["coverage"][1])  # figures of the present, not of a period
ENDS: Final[dict[str, Text]] = {
    "accepted": _("Publishes"),
    "succeeded": _("Succeeded"),
    "failed": _("Failed"),
    "unconfirmed": _("Unconfirmed"),
    "cancelled": _("Cancelled"),
    "open": _("Not ended yet"),
    "success_rate": _("Success rate"),
}
