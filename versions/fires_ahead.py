"""When a schedule fires from now on, as Quartz reckons it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.utils import timezone

from definitions.cron import Cron

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class FiresAhead:
    """`times` in the schedule's own zone, soonest first; empty where it has ended. `is_known` False: it can't be reckoned exactly."""

    times: list[datetime]
    is_known: bool = True


def fires_ahead(schedule: Mapping[str, Any] | None, *, count: int = SHOWN, now: datetime | None = None) -> FiresAhead:
    """Return the next fires of a schedule in canonical form; none without a schedule."""
    if not schedule:
        return FiresAhead([])
    cron = Cron.of(schedule)
    if cron is None:
        return FiresAhead([], is_known=False)
    fires = islice(cron.after(now or timezone.now()), count)
    return FiresAhead([fire.astimezone(cron.zone) for fire in fires])
