"""What was live at a moment, and the moments people ask for: today, Monday, a week ago."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Workflow
from snapshotter.models import Snapshot

PRESETS: Final[dict[str, str | Promise]] = {
    "today": _("Today"),
    "monday": _("Since Monday"),
    "week": _("Last 7 days"),
}


def moment_of(name: str) -> datetime | None:
    """Return the beginning of a preset, or of a day "2026-11-23", in the reader's zone; None for anything else."""
    today = timezone.localdate()
    days = {"today": today, "monday": today - timedelta(days=today.weekday()), "week": today - timedelta(days=7)}
    return beginning(days.get(name) or _day(name))


def beginning(day: date | None) -> datetime | None:
    """Return the first moment of a day in the reader's zone."""
    if day is None or not 1970 < day.year < 9000:  # what every database can hold, whatever the zone makes of it
        return None
    return timezone.make_aware(datetime.combine(day, time.min))


def live_at(workflow: Workflow, moment: datetime) -> Snapshot | None:
    """Return the version that was live at a moment; None where none was, or none is known.

    One that was proven says from when to when. Where none does, as an imported one, the newest that was published by then is
    taken. Recovered versions never count: when they were live is not known.
    """
    mine = Snapshot.objects.for_workflow(workflow).published().without_recovered().latest_first()
    # One after another was live, so the last one proven by then is it, or none is: an index tells it, however long the history.
    proven = mine.filter(live_from__lte=moment).order_by("-live_from", "-id").first()
    if proven is not None and (proven.live_to is None or proven.live_to > moment):
        return proven
    return mine.filter(live_from=None, created_at__lte=moment).first()


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # as it is written, but no day, such as 31 June
        return None
