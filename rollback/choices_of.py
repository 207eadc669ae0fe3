"""What the person who rolls back chooses besides the version."""

from dataclasses import asdict, dataclass
from typing import Any

from snapshotter.choices import Online, ScheduleChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`schedule_state` counts where the schedule is kept or comes from the version; `keep` always means as we left it."""

    online: Online = Online.KEEP
    schedule: ScheduleChoice = ScheduleChoice.KEEP
    schedule_state: Online = Online.KEEP
    with_name: bool = False
    with_layout: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
