"""What preflight says, by code: kept with the sync in English, shown to a reader in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Final[dict[str, Promise]] = {
    "no_write_permission": _(
        "The token's user may not write this project in DolphinScheduler. Grant it, or give another token."
    ),
    "name_taken": _(
        "Another workflow of the project (%(code)s) has the name %(name)s; case and trailing blanks do not tell them apart. Choose another."
    ),
    "made_by_hand": _(
        "DolphinScheduler has a workflow of the name %(name)s again (%(code)s). Rebind this one to it, or delete or rename that one."
    ),
    "tenant_missing": _("DolphinScheduler has no tenant %(name)s. Create it, or name another one."),
    "tenant_unseen": _("The token's user does not see the tenant %(name)s in DolphinScheduler."),
    "worker_group_missing": _(
        "%(task)s: DolphinScheduler has no worker group %(name)s. Create it, or name another one."
    ),
    "environment_missing": _("%(task)s: DolphinScheduler has no environment %(name)s. Create it, or name another one."),
    "environment_unseen": _("%(task)s: the token's user does not see the environment %(name)s in DolphinScheduler."),
    "data_source_missing": _("%(task)s: DolphinScheduler has no data source %(name)s. Create it, or name another one."),
    "data_source_unseen": _("%(task)s: the token's user does not see the data source %(name)s in DolphinScheduler."),
    "sub_workflow_missing": _(
        "%(task)s: the project has no workflow %(name)s to run. Publish that one first, or change the task."
    ),
    "dependency_missing": _("%(task)s: DolphinScheduler has no workflow %(name)s to depend on. Change the task."),
    "cron_invalid": _("DolphinScheduler does not take the schedule %(crontab)s (%(code)s). Mend it."),
    "schedule_ended": _("The schedule ended at %(end)s: it will never fire. Give a later end."),
    "fires_unknown": _(
        "When this schedule fires can't be reckoned here: fires that a publish swallows will not be named."
    ),
    "masked_value": _("A masked value stands at %(path)s. Give the real one."),
    "description_too_long": _("The description has more than %(most)s characters. Shorten it."),
    "four_byte_characters": _(
        "%(where)s holds a character such as an emoji, which a DolphinScheduler on MySQL with its usual utf8 tables can't keep."
    ),
    "text_too_long": _("%(where)s is longer than %(most)s bytes, more than a DolphinScheduler on MySQL can keep."),
    "too_large_to_create": _(
        "The form that creates the workflow has %(size)s bytes, DolphinScheduler takes %(most)s. "
        "Publish it with fewer tasks or shorter scripts first; an update may be of any size."
    ),
    "not_checked": _("DolphinScheduler does not show this list to the token's user, so it was not checked: %(list)s."),
}


def words(code: str, values: Mapping[str, Any]) -> str:
    """Return the sentence in the language that is active."""
    return str(WORDS[code]) % values


def english(code: str, values: Mapping[str, Any]) -> str:
    """Return the sentence as it is kept, sent and logged."""
    with translation.override("en"):
        return words(code, values)


def shown(found: Mapping[str, Any] | None) -> dict[str, list[dict[str, str]]]:
    """Return what a sync's preflight found, {"problems", "warnings"}, each {"code", "text"} in the reader's language."""
    return {
        kind: [{"code": row["code"], "text": _row(row)} for row in (found or {}).get(kind, [])]
        for kind in ("problems", "warnings")
    }


def _row(row: Mapping[str, Any]) -> str:
    if row["code"] in WORDS and "values" in row:
        return words(row["code"], row["values"])
    return str(row["text"])
