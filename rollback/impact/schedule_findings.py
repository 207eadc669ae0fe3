"""What the choices of release state and schedule bring about. No question to DolphinScheduler."""

from collections.abc import Iterator

from definitions.cron import Cron
from rollback.impact.findings import Finding, Weight
from rollback.impact.prospect import Prospect
from snapshotter.choices import Online, ScheduleChoice


def schedule_findings(prospect: Prospect) -> Iterator[Finding]:
    """Raises ContentDamaged."""
    if prospect.choices.schedule == ScheduleChoice.FROM_DEFINITION:
        if prospect.target.schedule_id is None:
            yield Finding("schedule_unknown", Weight.REFUSED)
            return
        yield from _ended(prospect)
        if prospect.schedule_after is None and prospect.schedule_now is not None:
            yield Finding(
                "deletes_schedule", Weight.ACKNOWLEDGE, {"crontab": str(prospect.schedule_now.get("crontab"))}
            )
    yield from _states(prospect)


def _ended(prospect: Prospect) -> Iterator[Finding]:
    cron = Cron.of(prospect.schedule_after or {})
    if cron is not None and cron.end <= prospect.now.astimezone(cron.zone).replace(tzinfo=None):
        end = str((prospect.schedule_after or {}).get("endTime"))
        yield Finding("schedule_ended", Weight.REFUSED, {"end": end})


def _states(prospect: Prospect) -> Iterator[Finding]:
    if prospect.look is None or prospect.look.is_there:  # what is gone comes back as it is chosen
        yield from _wakes(prospect)
    if prospect.online_now and not prospect.online_after:
        yield Finding("goes_offline", Weight.ACKNOWLEDGE)
    elif prospect.schedule_on_now and prospect.schedule_after is not None and not prospect.schedule_on_after:
        yield Finding("schedule_off", Weight.ACKNOWLEDGE)


def _wakes(prospect: Prospect) -> Iterator[Finding]:
    """Somebody may have stopped it on purpose: `keep` brings back what we left. Who says "on" has said so."""
    choices = prospect.choices
    if prospect.online_after and not prospect.online_now:
        yield Finding("goes_online", _weight(choices.online))
    if prospect.fires_after and not prospect.schedule_on_now:
        yield Finding("schedule_on", _weight(choices.schedule_state))


def _weight(choice: Online) -> Weight:
    return Weight.ACKNOWLEDGE if choice == Online.KEEP else Weight.NOTE
