"""The change strip: what a version changed against the one before, from the counts kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

NAMES: Final = 3  # told beside each sign
# key of the counts, its class, its sign, its words
_COUNTED: Final = (
    ("tasks_added", "a", "+", ngettext_lazy("%(n)d task added", "%(n)d tasks added", "n")),
    ("tasks_modified", "m", "~", ngettext_lazy("%(n)d task changed", "%(n)d tasks changed", "n")),
    ("tasks_removed", "d", "−", ngettext_lazy("%(n)d task removed", "%(n)d tasks removed", "n")),
)
_NAMED: Final[tuple[tuple[tuple[str, ...], str | Promise], ...]] = (
    (("relations_added", "relations_removed"), _("edges")),
    (("parameters",), _("parameters")),
    (("settings",), _("settings")),
    (("schedule",), _("schedule")),
    (("label",), _("name")),
    (("layout",), _("layout")),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """`sign` is what is seen, `words` what is read aloud; "" where what is seen are words."""

    tone: str
    sign: str | Promise
    words: str


def changed_names(summary: Any) -> list[tuple[str, str, list[str], bool]]:
    """Return (class, sign, names of the first tasks, whether there are more) of a stored summary that has a version before it."""
    names = summary.get("names") if isinstance(summary, Mapping) and summary.get("base") else None
    if not isinstance(names, Mapping):
        return []
    found = []
    for key, tone, sign, _words in _COUNTED:
        listed = names.get(key.removeprefix("tasks_"))
        if isinstance(listed, list) and listed:
            found.append(
                (tone, sign, [str(name) for name in listed[:NAMES]], summary.get(key, 0) != len(listed[:NAMES]))
            )
    return found


def strip(summary: Any) -> list[Mark]:
    """Return the marks of a stored summary; what is no count in it is passed over, since old rows are shown too."""
    if not isinstance(summary, Mapping):
        return []
    counts = {key: value for key, value in summary.items() if type(value) is int and value > 0}
    marks = [
        Mark(tone, f"{sign}{counts[key]}", str(words % {"n": counts[key]}))
        for key, tone, sign, words in _COUNTED
        if key in counts
    ]
    return marks + [Mark("s", name, "") for keys, name in _NAMED if any(key in counts for key in keys)]
