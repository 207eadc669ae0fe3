"""What the rollback would overwrite in DolphinScheduler. No question to it: what is live comes in."""

from collections.abc import Iterator

from definitions.changes import SCHEDULE_KINDS, Comparison, Kind, summary
from rollback.impact.findings import Finding, Weight, some
from rollback.impact.look import Look
from rollback.impact.prospect import Prospect
from snapshotter.models import Snapshot
from versions.comparison import Side, compare_sides
from versions.live import Live


def live_findings(prospect: Prospect) -> Iterator[Finding]:
    """Raises ContentDamaged."""
    look = prospect.look
    if look is None:
        return
    if not look.is_there:
        yield Finding("missing_in_dolphin", Weight.NOTE)
    elif look.canonical is None:
        yield Finding("corrupt_live", Weight.ACKNOWLEDGE, {"because": "; ".join(some(look.problems))})
    elif prospect.published is not None:
        yield from _edits(prospect, look, prospect.published)


def _edits(prospect: Prospect, look: Look, published: Snapshot) -> Iterator[Finding]:
    """One comparator with page, list and drift, so that they never contradict each other."""
    compared = _compared(look, published)
    overwritten = _overwritten(prospect, compared)
    counts = {key: count for key, count in summary(overwritten).items() if count}
    left = prospect.state.left_version(published)
    values = {"version": published.version, "shown": look.version, "kept": left}
    if overwritten.changes:
        yield Finding("overwrites_edit", Weight.ACKNOWLEDGE, {**values, "counts": counts})
    elif compared.is_identical and (look.version or 0) > (left or look.version or 0):
        yield Finding("newer_in_ds", Weight.NOTE, values)


def _compared(look: Look, published: Snapshot) -> Comparison:
    assert look.canonical is not None  # noqa: S101  asked before
    live = Live(look.canonical, bool(look.online), look.schedule_online)
    return compare_sides(Side("published", snapshot=published), Side("live", live=live))


def _overwritten(prospect: Prospect, comparison: Comparison) -> Comparison:
    """Leave out what the rollback does not write, and all where live is what it would write already."""
    if not prospect.writes_content and not prospect.writes_schedule:
        return Comparison(())
    return Comparison(tuple(row for row in comparison.changes if _is_overwritten(row.kind, prospect)))


def _is_overwritten(kind: Kind, prospect: Prospect) -> bool:
    """Name and positions are written in any case: the version's, or the published ones. A schedule that is kept stays."""
    return kind not in SCHEDULE_KINDS or prospect.writes_schedule
