"""The sentences of findings."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.say import say
from snapshotter.preflight.words import WORDS as PREFLIGHT
from snapshotter.preflight.words import words as preflight_words
from versions.strip import strip

# Values: `names` is a list of names, said as one text; see _SAID for the others that are no plain text.
WORDS: Final[dict[str, Promise]] = {
    # the version
    "quarantined": _("This content is in quarantine: %(reason)s (%(who)s). Lift the quarantine first."),
    "masked_values": _("It holds masked values instead of secrets (%(names)s): it can't be published."),
    "damaged": _("What is stored of this version does not match its hash: it can't be published."),
    "never_live": _("This version was never proven to be live: %(why)s."),
    "old": _(
        "It was last live %(days)s days ago and is %(versions)s versions back: what it refers to may have changed."
    ),
    "another_scheme": _("Its hashes are of scheme %(scheme)s, an older one."),
    "renamed": _("The workflow is renamed from %(present)s to %(name)s."),
    "name_stays": _("It was called %(name)s then; the name %(present)s stays."),
    "name_taken": _(
        "Another workflow of the project (%(code)s) has the name %(name)s; case and trailing blanks do not tell them apart. "
        "Keep the present name."
    ),
    # release state and schedule
    "schedule_unknown": _("Its schedule is not known, so it can't be restored. Keep the present one, or take it off."),
    "schedule_ended": _("Its schedule ended at %(end)s: it would never fire. Keep the present one."),
    "deletes_schedule": _("It has no schedule: the present one (%(crontab)s) is deleted."),
    "goes_online": _("The workflow is offline now and is online afterwards: perhaps somebody stopped it on purpose."),
    "schedule_on": _("The schedule is off now and is on afterwards: it fires again."),
    "goes_offline": _("The workflow is online now and is offline afterwards: nothing runs it any more."),
    "schedule_off": _("The schedule is on now and is off afterwards."),
    # what it refers to
    "references_missing": _("What it refers to is not there. %(problems)s"),
    "preflight_refuses": _("DolphinScheduler would not take it. %(problems)s"),
    "preflight_warns": _("Before you go on: %(problems)s"),
    "resources_missing": _("Files of the resource centre that it uses are gone: %(names)s. Their tasks will fail."),
    "resources_unseen": _("The token's user does not see files of the resource centre that it uses: %(names)s."),
    # what is live
    "overwrites_edit": _(
        "Somebody changed the workflow in DolphinScheduler since version %(version)s (%(counts)s). "
        "That is kept as a version first, then overwritten."
    ),
    "newer_in_ds": _(
        "DolphinScheduler has saved it again since version %(version)s (its number %(shown)s, not %(kept)s); nothing differs."
    ),
    "corrupt_live": _("DolphinScheduler has corrupted the workflow: %(because)s. A rollback repairs it."),
    "missing_in_dolphin": _("The workflow was deleted in DolphinScheduler."),
    # who is touched
    "running_instances": _("Runs under way: %(count)s (%(names)s). They finish on the version they began with."),
    "fire_soon": _("A run is due at %(at)s: the rollback begins after it."),
    "fire_may_be_missed": _(
        "It fires so often (%(crontab)s) that a run may be missed meanwhile. It would be named, and can be started afterwards."
    ),
    "dependents": _("Workflows that run it or wait for it: %(count)s (%(names)s)."),
    "dependent_task_removed": _(
        "Workflows that wait for a task which this version does not have: %(count)s (%(names)s). They would wait in vain."
    ),
    "dependents_unread": _("Of %(count)s workflows it is not known yet whether they depend on this one."),
    "lineage_not_written": _("Tables that it writes no more, and others read: %(names)s. Read by: %(readers)s."),
    "lineage_no_writer": _("It reads tables that nothing governed writes any more: %(names)s. Check that they exist."),
    "lineage_pending": _("Which tables it reads and writes is not computed yet."),
    "lineage_unknown": _("Which tables are gained and lost can't be told."),
    # what holds it back
    "frozen": _("A freeze is on until %(until)s: %(reason)s."),
    "freeze_ahead": _("A freeze begins at %(at)s: %(reason)s."),
    "locked": _("%(holder)s is changing the workflow (since %(since)s)."),
    "cannot_tell": _("Can't be told: %(part)s. %(because)s"),
}

_HIDDEN: Final = _("%(hidden)s more that you may not see.")

_PARTS: Final[dict[str, Promise]] = {
    "target": _("what is in the version"),
    "live": _("what is in DolphinScheduler"),
    "references": _("whether what it refers to is there"),
    "resources": _("whether its files are there"),
    "running": _("runs under way"),
    "fires": _("the next run"),
    "dependents": _("who waits for its tasks"),
}
_WHY: Final[dict[str, Promise]] = {
    "draft": _("it is a draft"),
    "failed": _("its publish failed"),
    "unconfirmed": _("its platform never said how it ended"),
    "import": _("it was imported"),
    "backfill": _("it was recovered from a run, its schedule is not known"),
    "cure": _("it is what a cure made of a corrupt workflow"),
    "unproven": _("no look at DolphinScheduler has found it"),
}


def words(code: str, values: Mapping[str, Any]) -> str:
    """Return the sentence in the language that is active; an unknown code, of newer code's making, is shown as it is."""
    if code not in WORDS:
        return code
    said = str(WORDS[code]) % _Values({name: _said(name, value) for name, value in values.items()})
    return f"{said} {_HIDDEN % values}" if values.get("hidden") else said


class _Values(dict[str, str]):
    """A value that older code did not keep with the finding is left empty: a request must stay readable."""

    def __missing__(self, name: str) -> str:
        return ""


def _said(name: str, value: Any) -> str:
    if name in _SAID:
        return _SAID[name](value)
    if isinstance(value, list):
        return _now(", ").join(map(str, value)) or "–"  # all of them are hidden
    return str(value)


def _moment(value: str) -> str:
    """In the reader's zone."""
    try:
        return timezone.localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M:%S %Z")
    except ValueError:
        return value


def _problems(rows: list[dict[str, Any]]) -> str:
    """Preflight's sentences."""
    return " ".join(
        preflight_words(row["code"], row["values"]) if row["code"] in PREFLIGHT else row["code"] for row in rows
    )


def _counts(value: Mapping[str, int]) -> str:
    """As the change strip counts them."""
    return _now(", ").join(str(mark.words or mark.sign) for mark in strip(value))


_SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    "at": _moment,
    "until": _moment,
    "since": _moment,
    "problems": _problems,
    "counts": _counts,
    "because": say,
    "part": lambda part: str(_PARTS.get(part, part)),
    "why": lambda why: str(_WHY.get(why, why)),
}
