"""What DolphinScheduler holds of a workflow, as impact needs it: from a publish's observation, or from what readers are shown."""

from dataclasses import dataclass
from typing import Self

from catalog.errors import Conflict, NotFound, TokenUnreadable
from catalog.models import Workflow
from definitions.canonical import Canonical
from dolphin.errors import DolphinError
from dolphin.observe import Observation
from rollback.impact.asking import reason
from snapshotter.errors import LiveBusy
from snapshotter.failures import SyncFailed
from versions.live import Live, live_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`canonical` None: nothing comparable. `problems` say that DolphinScheduler has corrupted it.

    `online` None: not known, of a corrupt one. `schedule_online` None: no schedule.
    """

    canonical: Canonical | None
    online: bool | None = None
    schedule_online: bool | None = None
    version: int | None = None
    problems: tuple[str, ...] = ()

    @classmethod
    def of_observation(cls, seen: Observation) -> Self:
        schedule = seen.state.schedule
        return cls(
            canonical=seen.canonical,
            online=seen.state.online,
            schedule_online=schedule.online if schedule else None,
            version=seen.state.version,
            problems=tuple(seen.problems),
        )

    @classmethod
    def of_live(cls, live: Live) -> Self:
        return cls(
            canonical=live.canonical,
            online=live.online,
            schedule_online=live.schedule_online,
            version=live.version,
        )

    @classmethod
    def absent(cls) -> Self:
        """DolphinScheduler has no such workflow (any more)."""
        return cls(canonical=None, online=False)

    @property
    def is_there(self) -> bool:
        return self.canonical is not None or bool(self.problems)


def look_at(workflow: Workflow) -> tuple[Look | None, str]:
    """Return what is live as a reader may see it, some seconds old; None and why, in English as it is kept, where that can't be told."""
    try:
        return Look.of_live(live_of(workflow)), ""
    except NotFound:
        return Look.absent(), ""
    except SyncFailed as error:
        return Look(canonical=None, problems=(error.text,)), ""
    except (Conflict, TokenUnreadable, LiveBusy, DolphinError) as error:
        return None, reason(error)
