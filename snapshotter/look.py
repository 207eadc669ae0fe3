"""Looking at the live workflow during a sync: every look is a line of its journal."""

import time

from django.conf import settings

from definitions.recode import NO_ALIASES, Aliases
from dolphin.client import DolphinClient
from dolphin.observe import Observation, observe, observe_again
from snapshotter import finish
from snapshotter.aliases import aliases_for, code_of
from snapshotter.failures import SyncFailed
from snapshotter.journal import Journal, has_written
from snapshotter.models import Sync
from snapshotter.store import document_of

_TAKEN = (
    "DolphinScheduler has another workflow of this name, code %(code)s (upper and lower case count as the same). "
    "Give this one another name, or name that code to publish over it."
)


class Look:
    """One sync's eyes. All raise DolphinError."""

    def __init__(self, sync: Sync, client: DolphinClient, journal: Journal) -> None:
        self.sync = sync
        self.client = client
        self.journal = journal
        self.project = sync.workflow.project.code
        self._has_none = False

    @property
    def aliases(self) -> Aliases:
        """The codes this sync reads and writes by, as they stand now.

        A workflow that has none gets none while this sync holds the lock, unless it is this sync that makes it anew.
        """
        if self._has_none:
            return NO_ALIASES
        found = aliases_for(self.sync)
        self._has_none = found is NO_ALIASES and "restore" not in self.sync.options
        return found

    def now(self) -> Observation:
        """Read definition and schedules whole."""
        code = code_of(self.sync)
        if code is None:
            found = self.journal.read(self._find_created)
            if isinstance(found, int):
                raise SyncFailed("name_taken", _TAKEN % {"code": found}, step="read")
            return found
        return self.journal.read(lambda: observe(self.client, self.project, code, self.aliases))

    def again(self, before: Observation) -> Observation:
        """Read release states and version; everything only where the version has moved."""
        if before.canonical is None:
            return self.now()
        return self.journal.read(lambda: observe_again(self.client, self.project, before, self.aliases))

    def settled(self) -> Observation | None:
        """Look twice, some seconds apart; None where the two differ: a write whose answer never came is still at work."""
        return self.twice(pause=settings.SNAPSHOTTER["PROBE_PAUSE"])

    def twice(self, *, pause: float = 0.0) -> Observation | None:
        """Return what two looks agree on, None where they differ: somebody is at work, or an answer was not what it seemed."""
        first = self.now()
        time.sleep(pause)
        second = self.now()
        return second if (first.state, first.raw) == (second.state, second.raw) else None

    def _find_created(self) -> Observation | int:
        """A create whose answer was lost has made the workflow all the same, known by its name and our task codes; a code: not ours."""
        snapshot = self.sync.snapshot
        if snapshot is None or not has_written(self.sync):
            return Observation.absent()
        code = self.client.find_by_name(self.project, snapshot.label)
        if code is None:
            return Observation.absent()
        aliases = self.aliases
        live = observe(self.client, self.project, code, aliases)
        ours = {aliases.present_of(task) for task in document_of(snapshot).tasks}
        if live.canonical is None or {row["code"] for row in (live.raw or {})["taskDefinitionList"]} != ours:
            return code
        finish.bind(self.sync, code)
        return live
