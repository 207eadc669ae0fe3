"""How far back one can go with a workflow (P0.4): versions held, versions that back-fill can recover, and versions that are lost."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from definitions.recode import NO_ALIASES
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.recover import Past
from operations.inventory.ranges import ranges
from operations.models import OperationItem


@dataclass(frozen=True, slots=True)
class Limits:
    """`snapshots` we hold; the lists are DolphinScheduler's version numbers. `unsure`: it has more runs than were looked through."""

    snapshots: int = 0
    recoverable: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def judge_limits(
    client: DolphinClient, item: OperationItem, *, kept: int, live: int | None, held: set[int], snapshots: int
) -> Limits:
    """Sort DolphinScheduler's versions that no snapshot holds. One call for the newest runs, none where nothing is missing."""
    missing = [number for number in _numbers(client, item, kept, live) if number not in held and number != live]
    if not missing:
        return Limits(snapshots)
    try:
        past = Past(client, item.project_code, item.workflow_code, NO_ALIASES)  # only looks for runs
    except DolphinRejected:
        return Limits(snapshots, unsure=missing)
    recoverable = [number for number in missing if number in past.seen]
    rest = [number for number in missing if number not in past.seen]
    return Limits(snapshots, recoverable, rest, []) if past.all_runs_seen else Limits(snapshots, recoverable, [], rest)


def _numbers(client: DolphinClient, item: OperationItem, kept: int, live: int | None) -> list[int]:
    """Return the numbers in the version log. With as many rows as the live number they are 1 to that; else they are asked for."""
    if kept == live:
        return list(range(1, kept + 1))
    return sorted(int(row["version"]) for row in client.versions(item.project_code, item.workflow_code)) if kept else []


def in_words(limits: dict[str, Any]) -> str:
    """Say it in a sentence or four, in the reader's language."""
    said = [_held(limits.get("snapshots", 0), limits.get("is_more", False))]
    for key, text in (
        ("recoverable", _recoverable),
        ("lost", _lost),
        ("unsure", _unsure),
    ):
        if limits.get(key):
            said.append(text(len(limits[key])) % {"list": ranges(limits[key])})
    return " ".join(said)


def _held(count: int, is_more: bool) -> str:
    if is_more:
        return _("Can go back to more than %(count)d versions.") % {"count": count}
    if not count:
        return _("Can't go back: no version is held.")
    return ngettext("Can go back to %(count)d version.", "Can go back to %(count)d versions.", count) % {"count": count}


def _recoverable(count: int) -> str:
    return ngettext(
        "DolphinScheduler version %(list)s can be recovered by back-fill.",
        "DolphinScheduler versions %(list)s can be recovered by back-fill.",
        count,
    )


def _lost(count: int) -> str:
    return ngettext(
        "DolphinScheduler version %(list)s is not recoverable: no run of it is left.",
        "DolphinScheduler versions %(list)s are not recoverable: no run of them is left.",
        count,
    )


def _unsure(count: int) -> str:
    return ngettext(
        "DolphinScheduler version %(list)s may be recoverable; back-fill looks through older runs.",
        "DolphinScheduler versions %(list)s may be recoverable; back-fill looks through older runs.",
        count,
    )
