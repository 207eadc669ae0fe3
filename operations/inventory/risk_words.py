"""Each risk in words: how grave, what it is, and what it means for a rollback."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from operations.choices import Level
from operations.inventory.ranges import ranges

_N, _W, _B = Level.NOTE, Level.WARNING, Level.BLOCKS

# code: (level, title, what it is, what it means for a rollback)
_RISKS: Final[dict[str, tuple[Level, Promise, Promise, Promise]]] = {
    "corrupt": (
        _B,
        _("Spoilt by overlapping writes"),
        _("Overlapping writes have spoilt it: %(problem)s"),
        _(
            "No update of it can succeed in DolphinScheduler. It must be repaired before anything is published or rolled back."
        ),
    ),
    "unreadable": (
        _B,
        _("Unreadable definition"),
        _("The definition can't be read: %(problem)s"),
        _("It can't be captured, so there is nothing to go back to."),
    ),
    "two_schedules": (
        _B,
        _("Several schedules"),
        _("It has %(count)s schedules."),
        _(
            "DolphinScheduler can't take it offline, and its lists of the whole project fail. Delete one schedule, then capture."
        ),
    ),
    "masked_secret": (
        _B,
        _("Masked value"),
        _("A masked value stands in it: %(paths)s"),
        _("Written back it would replace the real secret by stars, so a rollback to it is refused."),
    ),
    "too_large": (
        _B,
        _("Above our limits"),
        _("It is above our limits: %(size)s bytes, %(tasks)s tasks."),
        _("It can be captured, but not published or rolled back."),
    ),
    "deleted_unheld": (
        _B,
        _("Deleted, no version held"),
        _("It was deleted in DolphinScheduler, and no version of it is held."),
        _("There is nothing to go back to: DolphinScheduler lists neither its tasks nor its runs any more."),
    ),
    "history_lost": (
        _W,
        _("Old versions lost"),
        _("DolphinScheduler versions %(versions)s can't be recovered."),
        _("Nobody can go back to them: DolphinScheduler lists them, but shows their tasks nowhere."),
    ),
    "deleted": (
        _W,
        _("Deleted in DolphinScheduler"),
        _("It was deleted in DolphinScheduler."),
        _("A version that is held can bring it back, under a new code."),
    ),
    "names_alike": (
        _W,
        _("Names that MySQL takes for one"),
        _("Other names of the project differ only by case or trailing blanks: %(names)s"),
        _("On MySQL they are one name: writing one of them back is refused (10168)."),
    ),
    "blank_name": (
        _W,
        _("Blank name"),
        _("Its name is blank."),
        _("Publishing and rollback ask for a name; rename it in DolphinScheduler first."),
    ),
    "long_name": (
        _W,
        _("Over-long name"),
        _("Names of more than 200 characters: %(names)s"),
        _("DolphinScheduler refuses to save them (10105), so a rollback fails."),
    ),
    "sleeping_schedule": (
        _W,
        _("Schedule on, workflow offline"),
        _("Its schedule is on while the workflow is offline."),
        _("Whoever puts the workflow online wakes the schedule at once, with the version that is live then."),
    ),
    "missing_tasks": (
        _W,
        _("Dependencies on missing tasks"),
        _("Dependencies name tasks that are not there: %(codes)s"),
        _("DolphinScheduler refuses to save it again (50030), so a rollback to it fails."),
    ),
    "missing_sub_workflows": (
        _W,
        _("Missing sub-workflow"),
        _("Sub-workflows that do not exist: %(codes)s"),
        _("A rollback brings the reference back, not the sub-workflow; the task fails when it runs."),
    ),
    "missing_dependencies": (
        _W,
        _("Waits for a missing workflow"),
        _("It waits for workflows that do not exist: %(codes)s"),
        _("A rollback brings the wait back; the task waits in vain or fails."),
    ),
    "missing_data_sources": (
        _W,
        _("Missing data source"),
        _("Data sources that do not exist or may not be seen: %(codes)s"),
        _("A rollback brings the reference back, not the data source; the task fails when it runs."),
    ),
    "unsupported_fields": (
        _W,
        _("Unknown fields"),
        _("Fields this product does not know: %(names)s"),
        _("They are kept and compared, but it is not proven that DolphinScheduler takes them back."),
    ),
    "large": (
        _W,
        _("Large definition"),
        _("It is large: %(size)s bytes."),
        _(
            "DolphinScheduler does not create a workflow of more than 5 MB; bringing it back after a deletion takes two steps."
        ),
    ),
    "long_text": (
        _W,
        _("Text too long for MySQL"),
        _("More than 65,535 bytes in %(names)s"),
        _("A DolphinScheduler on MySQL refuses to save it (10105)."),
    ),
    "task_names_twice": (
        _N,
        _("Task names used twice"),
        _("Several tasks have one name: %(names)s"),
        _("Harmless up to DolphinScheduler 3.2; 3.4 refuses to save it."),
    ),
    "four_bytes": (
        _N,
        _("Characters of four bytes"),
        _("It holds characters of four bytes, such as emoji."),
        _("A DolphinScheduler whose MySQL tables are utf8 refuses to save them (10105)."),
    ),
    "history_unsure": (
        _N,
        _("Old versions not found yet"),
        _("DolphinScheduler versions %(versions)s were not found among its newest runs."),
        _("Back-fill looks through older runs and tells which are lost."),
    ),
    "uses_resources": (
        _N,
        _("Uses resource files"),
        _("It uses files of the resource centre: %(names)s"),
        _(
            "A rollback brings the reference back, not the file's old content; whether the file still exists is not checked."
        ),
    ),
}

LEVELS: Final[Mapping[str, Level]] = {code: words[0] for code, words in _RISKS.items()}


def titles() -> list[tuple[str, str]]:
    """Return (code, short title) of all risks."""
    return [(code, str(words[1])) for code, words in _RISKS.items()]


def what(risk: Mapping[str, Any]) -> str:
    """Say what a stored finding is, in the reader's language."""
    return str(_RISKS[risk["code"]][2]) % {key: _shown(value) for key, value in risk.items()}


def meaning(risk: Mapping[str, Any]) -> str:
    """Say what it means for a rollback."""
    return str(_RISKS[risk["code"]][3])


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return (
            ranges(value)
            if value and all(isinstance(item, int) and item < 10**6 for item in value)
            else ", ".join(map(str, value))
        )
    return str(value)
