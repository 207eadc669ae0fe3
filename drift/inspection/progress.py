"""How far an inspection has come, and how long it may go on: what its slice and the sweeps of its projects share."""

import time
from collections import Counter
from typing import Any

from django.db.models import F

from drift.inspection import claim
from drift.models import InspectionRun


class Progress:
    """`until` by the monotonic clock."""

    def __init__(self, run: InspectionRun, seconds: float) -> None:
        self.run = run
        self.until = time.monotonic() + seconds
        self.verdicts: Counter[str] = Counter(run.verdicts)

    def beat(self) -> None:
        """Prolong the lease. Raises LeaseLost."""
        claim.renew(self.run)

    def save(self, place: int, **counts: int) -> None:
        """Write how far it came; `counts` are added. Raises LeaseLost."""
        added: dict[str, Any] = {name: F(name) + count for name, count in counts.items() if count}
        claim.renew(self.run, place=place, verdicts=dict(self.verdicts), **added)
        self.run.place = place

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.until
