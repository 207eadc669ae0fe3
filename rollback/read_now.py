"""What the one look at DolphinScheduler found, held against the published version. No question to it: the proposal has looked."""

from dataclasses import dataclass
from enum import StrEnum

from definitions.canonical import Canonical
from dolphin.observe import Observation
from rollback.proposal import Proposal
from snapshotter.errors import ContentDamaged
from snapshotter.models import WorkflowState
from snapshotter.republish import states_now
from versions.comparison import Side, compare_sides
from versions.live import Live


class Found(StrEnum):
    """Against the published version. OTHER_STATES: its definition, switched on or off by somebody else."""

    AS_PUBLISHED = "as_published"
    OTHER_STATES = "other_states"
    EDITED = "edited"
    CORRUPT = "corrupt"
    DELETED = "deleted"
    UNKNOWN = "unknown"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True, slots=True)
class ReadNow:
    """`content_hash` of what was read, "" where nothing comparable was."""

    found: Found
    content_hash: str = ""


def read_now(proposal: Proposal) -> ReadNow:
    """Return how it stands. UNKNOWN too where our own copy of the published version is damaged."""
    live, state = proposal.live, proposal.workflow.state
    if live is None:
        return ReadNow(Found.DELETED if proposal.is_missing else Found.UNKNOWN)
    if live.problems or live.canonical is None:
        return ReadNow(Found.CORRUPT)
    try:
        return ReadNow(_found(live, live.canonical, state), live.canonical.content_hash)
    except ContentDamaged:
        return ReadNow(Found.UNKNOWN, live.canonical.content_hash)


def _found(live: Observation, shown: Canonical, state: WorkflowState) -> Found:
    """The comparator of the list and of the drift, so that no two places contradict each other."""
    if state.published is None:
        return Found.UNPUBLISHED
    sides = Side("published", snapshot=state.published), Side("live", live=Live(shown, live.state.online, None))
    if not compare_sides(*sides).is_identical:
        return Found.EDITED
    return Found.AS_PUBLISHED if _has_expected_states(live, state) else Found.OTHER_STATES


def _has_expected_states(live: Observation, state: WorkflowState) -> bool:
    """A schedule that is on over a workflow that is off is asleep; what was never looked at is not held against it."""
    now = states_now(live)
    online = now.online if state.expected_online is None else state.expected_online
    schedule = now.schedule if state.expected_schedule_online is None else state.expected_schedule_online
    return (now.online, now.fires) == (online, online and schedule)
