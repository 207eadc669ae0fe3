"""What the two pickers of a difference offer: the versions around the chosen ones, and the usual pairs."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from catalog.models import Workflow
from definitions.numbers import is_number
from snapshotter.models import Snapshot

NEWEST: Final = 40  # versions offered from the newest
AROUND: Final = 5  # and on each side of a chosen one


@dataclass(frozen=True, slots=True)
class Choice:
    """A version, and what tells it to a person."""

    version: int
    message: str

    @property
    def name(self) -> str:
        """How the address names it."""
        return str(self.version)


@dataclass(frozen=True, slots=True)
class Presets:
    """Names of the versions one step away; "" where there is none. `older` and `newer` are whole pairs."""

    previous: str = ""
    older: tuple[str, str] | None = None
    newer: tuple[str, str] | None = None


def choices(workflow: Workflow, *names: str, newest: int = NEWEST) -> list[Choice]:
    """Return the newest versions and those around the named ones, newest first: a workflow may have ten thousand."""
    versions = Snapshot.objects.for_workflow(workflow)
    found = dict(versions.latest_first().values_list("version", "message")[:newest]) if newest else {}
    around = Q()
    for number in {int(name) for name in names if is_number(name)} - found.keys():
        around |= Q(version__range=(max(1, number - AROUND), number + AROUND))
    if around:
        found |= dict(versions.filter(around).latest_first().values_list("version", "message"))
    return [Choice(number, found[number]) for number in sorted(found, reverse=True)]


def presets(offered: list[Choice], left: Snapshot | None, right: Snapshot | None) -> Presets:
    """Return the pairs one step from the present one; none for live, which has no number.

    The version before is the one its changes were counted against: a failed publish is no version before.
    """
    if right is None:
        return Presets()
    numbers = [choice.version for choice in offered]
    older = _before(numbers, left.version) if left else ""
    newer = _after(numbers, right.version)
    return Presets(
        _base(right),
        (older, str(left.version)) if left and older else None,
        (str(right.version), newer) if newer else None,
    )


def _base(version: Snapshot) -> str:
    """Return the version its changes were counted against; of an older row, which does not say so, the one published before it."""
    summary = version.change_summary
    if isinstance(summary, dict) and "base" in summary:
        return str(summary["base"] or "")
    before = Snapshot.objects.filter(workflow_id=version.workflow_id, version__lt=version.version)
    found = before.published().without_recovered().latest_first().values_list("version", flat=True).first()
    return str(found or "")


def _before(numbers: list[int], number: int) -> str:
    return str(max((other for other in numbers if other < number), default=""))


def _after(numbers: list[int], number: int) -> str:
    return str(min((other for other in numbers if other > number), default=""))
