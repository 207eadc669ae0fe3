"""What the person who rolls back chooses besides the version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

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

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            online=Online(value["online"]),
            schedule=ScheduleChoice(value["schedule"]),
            schedule_state=Online(value["schedule_state"]),
            with_name=value["with_name"],
            with_layout=value["with_layout"],
        )


# Putting back leaves nothing to choose: all of the published version, with the states we left.
AS_PUBLISHED: Final = Choices(schedule=ScheduleChoice.FROM_DEFINITION, with_name=True)
