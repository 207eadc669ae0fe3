"""Moved boxes as one sentence, and how many of them are not shown."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from definitions.compare import Comparison, Kind
from versions.wording.plain_text import name as plain_name

_NAMED: Final = 3


def moved_boxes(comparison: Comparison) -> list[str]:
    """Return the names of the tasks whose boxes moved; a box that came or went with its task is no move."""
    came_or_went = comparison.came_or_went()
    return [change.name for change in comparison.of(Kind.LAYOUT_CHANGED) if change.task not in came_or_went]


def told(moved: list[str]) -> str:
    """Return the sentence: up to three names, and how many more there are."""
    names = [plain_name(name) for name in moved[:_NAMED]]
    if more := len(moved) - len(names):
        text = ngettext(
            "Positions of %(names)s and %(count)s more box changed",
            "Positions of %(names)s and %(count)s more boxes changed",
            more,
        )
        return text % {"names": _listed(names), "count": f"{more:,}"}
    if len(names) == 1:
        return _("Position of %(name)s changed") % {"name": names[0]}
    return _("Positions of %(names)s and %(last)s changed") % {"names": _listed(names[:-1]), "last": names[-1]}


def not_shown(count: int) -> str:
    """Return how many positions changed unseen, in English, as commands and files of lines speak."""
    return (
        f"{count:,} change of positions is not shown" if count == 1 else f"{count:,} changes of positions are not shown"
    )


def _listed(names: list[str]) -> str:
    return _(", ").join(names)
