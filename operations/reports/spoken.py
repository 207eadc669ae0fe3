"""Numbers as people read them, in the reader's language."""

from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from operations.reports.statistics import Number
from operations.reports.words import COUNT, SECONDS, SHARE, Word

NOTHING: Final = "–"
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def spoken(value: Number, kind: str) -> str:
    """Return a figure as text; what there is nothing to take of is a dash."""
    if value is None:
        return NOTHING
    if kind == SHARE:
        return f"{number_format(_share(value), decimal_pos=1)} %"
    return duration(value) if kind == SECONDS else number_format(int(value), force_grouping=True)


def duration(seconds: float) -> str:
    """Return a time in its two largest units."""
    whole = round(seconds)
    if whole < _MINUTE:
        return _("%(seconds)d s") % {"seconds": whole}
    if whole < _HOUR:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": whole // _MINUTE, "seconds": whole % _MINUTE}
    if whole < _DAY:
        return _("%(hours)d h %(minutes)d min") % {"hours": whole // _HOUR, "minutes": whole % _HOUR // _MINUTE}
    return _("%(days)d d %(hours)d h") % {"days": whole // _DAY, "hours": whole % _DAY // _HOUR}


def change(now: Number, former: Number, kind: str) -> str:
    """Say how a figure moved since the period before, "" where it has not, or one of them is not there."""
    if now is None or former is None or now == former:
        return ""
    moved = now - former
    sign = "+" if moved > 0 else "−"
    if kind == SHARE:
        return _("%(sign)s%(points)s points") % {
            "sign": sign,
            "points": number_format(_share(abs(moved)), decimal_pos=1),
        }
    return sign + spoken(abs(moved), kind)


def tone(now: Number, former: Number, word: Word) -> str:
    """Return ok or bad where the change is for better or worse, else ""."""
    if now is None or former is None or now == former or not word.good:
        return ""
    return "ok" if (now > former) == (word.good > 0) else "bad"


def plain(value: Number, kind: str) -> str:
    """Return a figure as a spreadsheet reads it: a number with a point, empty where there is none."""
    if value is None:
        return ""
    return str(int(value)) if kind == COUNT else f"{value:.4f}" if kind == SHARE else f"{value:.1f}"


def _share(value: float) -> float:
    """Rounded down to a tenth: 100 means all."""
    return int(value * 1000 + 1e-9) / 10
