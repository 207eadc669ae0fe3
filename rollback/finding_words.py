"""The sentences of findings."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

# Values: `names` is a list of names, said as one text.
WORDS: Final = {
    "quarantined": _("This content is in quarantine: %(reason)s (%(who)s). Lift the quarantine first."),
    "masked_values": _("It holds masked values instead of secrets (%(names)s): it can't be published."),
    "never_live": _("This version was never proven to be live."),
    "schedule_unknown": _("Its schedule is not known, so it can't be restored. Keep the present one, or take it off."),
    "already_there": _("DolphinScheduler holds exactly this already."),
}


def words(code: str, values: Mapping[str, Any]) -> str:
    """Return the sentence in the language that is active; an unknown code, of newer code's making, is shown as it is."""
    if code not in WORDS:
        return code
    return str(WORDS[code]) % {name: _joined(value) for name, value in values.items()}


def _joined(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
