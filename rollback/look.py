"""What DolphinScheduler holds of a workflow, as impact needs it."""

from dataclasses import dataclass
from typing import Self

from definitions.canonical import Canonical
from dolphin.observe import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`canonical` None: nothing comparable. `schedule_online` None: no schedule."""

    canonical: Canonical | None
    online: bool = False
    schedule_online: bool | None = None
    version: int | None = None
    problems: tuple[str, ...] = ()
    seen: Observation

    @classmethod
    def of_observation(cls, seen: Observation) -> Self:
        schedule = seen.state.schedule
        return cls(
            canonical=seen.canonical,
            online=seen.state.online,
            schedule_online=schedule.online if schedule else None,
            version=seen.state.version,
            problems=tuple(seen.problems),
            seen=seen,
        )
