"""What we know of the workflows of a project before it is listed: enough to tell which of them must be read whole."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from catalog.models import Project
from drift.glance import Glance, states
from drift.inspection.gone import folded
from drift.inspection.probe import Lists, digest_of
from drift.models import DriftItem, IgnoreRule
from snapshotter.choices import LiveState
from snapshotter.models import ContentQuarantine

_FIELDS: Final = (
    *("pk", "workflow__workflow_code", "workflow__name", "live_state", "lock_id"),
    *("published_id", "checked_at", "expected_online", "expected_schedule_online", "newest_sync"),
    *("workflow__inspection__probe", "workflow__inspection__published", "workflow__inspection__full_due_at"),
    *("workflow__inspection__due_at",),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One workflow: what stood before the lists were read, and what it looked like when it was last read whole."""

    pk: int
    code: int | None
    name: str
    live_state: str
    is_locked: bool
    published: int | None
    standing: tuple[object, ...]
    checked_at: datetime | None
    probe: str
    probed: int | None
    full_due_at: datetime | None
    due_at: datetime | None

    def glance(self, at: datetime) -> Glance:
        return Glance(self.standing, self.is_locked, self.checked_at, at)


def rows_of(project: Project, after: int) -> list[Row]:
    """Return the workflows behind an id, by id. One query, whose rows are some hundred bytes each."""
    found = states().filter(workflow__project=project, pk__gt=after).order_by("pk")
    return [_row(*values) for values in found.values_list(*_FIELDS).iterator(2_000)]


def _row(*values: Any) -> Row:
    pk, code, name, live_state, lock, published, *standing, probe, probed, full_due_at, due_at = values
    return Row(
        pk,
        code,
        name,
        live_state,
        lock is not None,
        published,
        (published, *standing),
        standing[0],
        probe or "",
        probed,
        full_due_at,
        due_at,
    )


class Scan:
    """The lists of a project beside what we know: which workflow looks as it did when it was last read whole."""

    def __init__(self, project: Project, lists: Lists, *, is_full: bool) -> None:
        self.lists, self._is_full = lists, is_full
        standing = DriftItem.objects.filter(open_key__isnull=False, workflow__project=project)
        self.items = dict(standing.values_list("workflow", "live_state"))
        self._rules = _by_workflow(
            IgnoreRule.objects.in_force().filter(_about(project)).order_by("path").values_list("workflow", "path")
        )
        self._quarantined = _by_workflow(
            ContentQuarantine.objects.open()
            .filter(_about(project))
            .order_by("content_hash")
            .values_list("workflow", "content_hash")
        )
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for code, far in lists.workflows.items():
            self._by_name[folded(far.name)].append(code)

    def digest(self, row: Row) -> str:
        """Return what stands for all that could change the judgement and is known from afar; "" where that is not enough."""
        far = self.lists.workflows.get(row.code or 0)
        if far is not None and not far.digest:
            return ""
        shown = far.digest if far is not None else ["gone", sorted(self._by_name[folded(row.name)])]
        rules = [self._rules[None], self._rules[row.pk]]
        may_be_bad = row.pk in self.items or any(rules)  # any other is the published one to the letter
        quarantined = self._quarantined[None] + self._quarantined[row.pk] if may_be_bad else []
        return digest_of([shown, row.code, rules, quarantined])

    def is_unchanged(self, row: Row, digest: str) -> bool:
        """Whether a whole reading would find what the latest one found. What others wrote into the row since is not trusted."""
        if self._is_full or not digest or row.probe != digest or row.probed != row.published:
            return False
        live_state = self.items.get(row.pk, LiveState.IN_SYNC)
        return live_state == row.live_state and row.full_due_at is not None and row.full_due_at > self.lists.at


def _about(project: Project) -> Q:
    """As `covering` has it: what is said of one workflow goes with it to another project."""
    return Q(workflow__project=project) | Q(workflow=None, project=project)


def _by_workflow(pairs: Iterable[tuple[int | None, str]]) -> dict[int | None, list[str]]:
    """Return texts by workflow; those of None hold in all of the project."""
    found: dict[int | None, list[str]] = defaultdict(list)
    for workflow, text in pairs:
        found[workflow].append(text)
    return found
