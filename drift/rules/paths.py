"""What an ignored field may name: one field, or one field of all tasks; never all of a definition."""

import re
from typing import Final

from django.utils.translation import gettext as _

from catalog.errors import InvalidRequest

LONGEST: Final = 255
_WHOLE: Final = ("name", "layout", "schedule")  # may stand alone
_PARTS: Final = ("tasks", "relations", "settings", "state")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]")


def checked_path(path: str) -> str:
    """Return the path without blanks around it. Raises InvalidRequest."""
    path = path.strip()
    first, *rest = path.split(".")
    known = first in _WHOLE or first in _PARTS
    if not known or len(path) > LONGEST or _UNPRINTABLE.search(path) or not all(rest):
        raise InvalidRequest(
            _(
                "A field is such as tasks.*.description, schedule.crontab, settings.timeout, name, layout or state.online."
            ),
            field="path",
        )
    if first in _PARTS and not [part for part in rest if part != "*"]:
        raise InvalidRequest(_("That is all of the definition. Name a field of it."), field="path")
    return path
