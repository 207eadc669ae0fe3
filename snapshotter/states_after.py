"""What is on and off after a publish, as chosen: `keep` means what we left, not what DolphinScheduler shows by accident."""

from dataclasses import dataclass

from snapshotter.choices import Online, ScheduleChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Release states of workflow and schedule; `schedule` False where there is none."""

    online: bool
    schedule: bool

    @property
    def fires(self) -> bool:
        return self.online and self.schedule


def states_after(
    now: States,
    expected: tuple[bool | None, bool | None],
    *,
    online: Online,
    schedule: ScheduleChoice,
    schedule_state: Online,
    has_schedule: bool,
) -> States:
    """Return the states that a publish leaves. `expected` as the state row has them, None: never looked at; `has_schedule`: afterwards."""
    is_on = has_schedule and schedule != ScheduleChoice.OFF and _chosen(schedule_state, expected[1], now.schedule)
    return States(online=_chosen(online, expected[0], now.online), schedule=is_on)


def _chosen(choice: Online, expected: bool | None, shown: bool) -> bool:
    if choice != Online.KEEP:
        return choice == Online.ON
    return shown if expected is None else expected
