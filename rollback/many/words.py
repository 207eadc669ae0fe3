"""Why a workflow is left out of a rollback of many, and what somebody should know before it goes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from snapshotter.choices import LiveState

REASONS: Final = {
    "nothing_before": _("There is no version before it to go back to."),
    "never_live": _("No version before it is known to have been live. Choose one on the workflow's page."),
    "missing_in_dolphin": _("DolphinScheduler does not have it any more. Restore it instead."),
    "project_off": _("The project's mode is off."),
    "project_records": _("The project only records: nothing is written to DolphinScheduler."),
    "quarantined": _("The content of v%(version)s is in quarantine: %(reason)s"),
    "schedule_unknown": _("The schedule of v%(version)s is not known, so it can't be brought back."),
    "workflow_locked": _("It is being changed right now."),
    "already_requested": _("It has an open rollback already, asked for by %(by)s."),
    "already_back": _("It is back already: v%(version)s holds what was live before."),
    "not_allowed": _("You may not ask for rollbacks in this project."),
    "not_found": _("No version of it fits, or you may not see it."),
    "moved": _("Another version was published since you looked."),
    "cancelled": _("Cancelled before it was asked for."),
    "no_actor": _("The account that asked for it is gone."),
    "database_restored": _("The database was restored from a backup; whether it was carried out since is not known."),
    "unexpected": _("Something went wrong here; the log says what."),
}
WARNINGS: Final = {
    "others_since": _("This also takes back %(versions)s, made since by %(people)s."),
    "overwrites_edit": _("DolphinScheduler showed something else than the published version (%(state)s)."),
    "schedule_kept": _("The schedule has changed too, and stays as it is."),
    "order_unknown": _("Too much to read at once: what it uses is not known, so it goes back in any order."),
    "may_not_execute": _("Somebody else must execute it: you may not in this project."),
}
ACKNOWLEDGE: Final = ("others_since", "overwrites_edit")  # somebody must agree to these by name
NAMES: Final = {
    "others_since": _("Versions of others are taken back too"),
    "overwrites_edit": _("Changes made in DolphinScheduler are overwritten"),
}
_SHOWN: Final = 3  # versions and people told


@dataclass(frozen=True, slots=True)
class Why:
    """`values` are JSON and fill the sentence, which is made for each reader."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in the language that is active; an unknown code, of newer code's making, is shown as it is."""
        sentence = REASONS.get(self.code) or WARNINGS.get(self.code)
        return str(sentence) % _said(self.values) if sentence is not None else self.code

    @property
    def must_be_acknowledged(self) -> bool:
        return self.code in ACKNOWLEDGE

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "values": self.values}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Why":
        return cls(str(value.get("code", "")), dict(value.get("values", {})))


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: _joined(value) if isinstance(value, list) else value for name, value in values.items()}
    if said.get("state") in LiveState.values:
        said["state"] = LiveState(said["state"]).label
    return said


def _joined(values: list[Any]) -> str:
    more = len(values) - _SHOWN
    shown = ", ".join(map(str, values[:_SHOWN]))
    return f"{shown} (+{more})" if more > 0 else shown
