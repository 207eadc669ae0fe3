"""A slice of an inspection: list a project, pass by what looks as it did, read whole what does not, until the time is up.

Projects go by id, workflows of a project too; `place` is the last one that was looked at. Each finding and its mark are one transaction,
fenced by the claim: a worker that is killed or overtaken at any moment leaves a workflow either looked at or still to do. Nothing is
locked for longer than that, and DolphinScheduler is only read.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from catalog.choices import Mode
from catalog.clients import client_for, pause
from catalog.errors import ServiceError
from catalog.models import Project, Workflow
from dolphin.client import DolphinClient
from dolphin.errors import DolphinError, DolphinRejected, DolphinUnauthorized
from dolphin.observe import Observation
from dolphin.observe import judge as judge_rows
from dolphin.pace import Pace
from dolphin.shape import SURPRISES, expected
from drift import claim
from drift.glance import has_moved, states
from drift.gone import Elsewhere
from drift.judge import Judgement
from drift.likely import likely
from drift.look import judged, look
from drift.marks import mark_failed, mark_read
from drift.models import DriftItem, InspectionRun
from drift.note import Became, note
from drift.probe import Lists, read_lists
from drift.scan import Row, Scan, rows_of
from snapshotter.aliases import aliases_of
from snapshotter.choices import LiveState
from snapshotter.claim import LeaseLost
from snapshotter.failures import from_dolphin
from snapshotter.models import WorkflowState

logger = logging.getLogger(__name__)

BATCH: Final = 500  # unchanged workflows a statement
_NOT_LISTED: Final = "not_listed"


def inspect_slice(run_id: int, seconds: float) -> bool:
    """Claim an inspection and work on it for about so long; False when it has ended or somebody else has it. Safe to call twice."""
    run = claim.claim(run_id)
    if run is None:
        return False
    _Slice(run, seconds).work()
    return True


def inspect_due(seconds: float) -> int:
    """Work on inspections that are free, oldest first, for about so long; return how many slices were worked."""
    until = time.monotonic() + seconds
    worked = 0
    for run_id in claim.free():
        left = until - time.monotonic()
        if left <= 0:
            break
        worked += inspect_slice(run_id, left)
    return worked


class _Slice:
    def __init__(self, run: InspectionRun, seconds: float) -> None:
        self.run = run
        self.began, self.counted = time.monotonic(), 0
        self.until = self.began + seconds
        self.pace = Pace(settings.SNAPSHOTTER["BULK_RATE"])
        self.verdicts: Counter[str] = Counter(run.verdicts)

    def work(self) -> None:
        """Never raises for what DolphinScheduler does."""
        try:
            with client_for(self.run.instance, observer=self.pace) as client:
                self._go(client)
        except LeaseLost:
            logger.info("inspection=%s was taken over", self.run.pk)
        except DolphinUnauthorized as error:
            pause(self.run.instance, "DolphinScheduler refuses the token")
            self._fail(error.code, str(error))
        except DolphinError as error:
            problem = from_dolphin(error, step="read")
            self._fail(problem.code, problem.text)
        except ServiceError as error:
            self._fail(error.code, str(error))
        finally:
            self._count()

    def _count(self) -> None:
        now, calls = time.monotonic(), self.pace.calls
        spent, more = now - self.began, calls - self.counted
        self.began, self.counted = now, calls
        InspectionRun.objects.filter(pk=self.run.pk).update(seconds=F("seconds") + spent, calls=F("calls") + more)

    def _fail(self, code: str, text: str) -> None:
        logger.warning("inspection=%s instance=%s failed: %s %s", self.run.pk, self.run.instance.name, code, text)
        try:
            claim.fail(self.run, code, text)
        except LeaseLost:
            logger.info("inspection=%s was taken over", self.run.pk)

    def _go(self, client: DolphinClient) -> None:
        elsewhere = Elsewhere(client, self.run.instance_id)
        for project, after in self._left():
            rows = rows_of(project, after)
            if rows and not _Sweep(self, client, project, elsewhere).over(rows):
                claim.give_back(self.run)
                return
        claim.succeed(self.run)

    def _left(self) -> Iterable[tuple[Project, int]]:
        """Yield the projects that are left, and the workflow behind which each begins."""
        at = Workflow.objects.filter(pk=self.run.place).values_list("project", flat=True).first() or 0
        for project in self._projects().filter(pk__gte=at).select_related("instance").order_by("pk"):
            yield project, self.run.place if project.pk == at else 0

    def _projects(self) -> QuerySet[Project]:
        own = Project.objects.filter(instance=self.run.instance_id).exclude(mode=Mode.OFF)
        return own if self.run.project_id is None else own.filter(pk=self.run.project_id)

    def save(self, place: int, **counts: int) -> None:
        """Write how far it came; `counts` are added. Raises LeaseLost."""
        added: dict[str, Any] = {name: F(name) + count for name, count in counts.items() if count}
        claim.renew(self.run, place=place, verdicts=dict(self.verdicts), **added)
        self.run.place = place

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.until


class _Sweep:
    """One project of a slice."""

    def __init__(self, slice_: _Slice, client: DolphinClient, project: Project, elsewhere: Elsewhere) -> None:
        self.slice, self.client, self.project, self.elsewhere = slice_, client, project, elsewhere

    def over(self, rows: list[Row]) -> bool:
        """Look at the workflows; False when the time was over before the last one. What was listed is used for as long as it took."""
        began = time.monotonic()
        try:
            lists = read_lists(self.client, self.project.code, lambda: claim.renew(self.slice.run))
        except DolphinUnauthorized:
            raise
        except DolphinError as error:
            self.client.user()  # raises when DolphinScheduler is away altogether
            self._not_listed(rows, error)
            return True
        self.slice.until = max(self.slice.until, 2 * time.monotonic() - began)
        scan = Scan(self.project, lists, is_full=self.slice.run.is_full)
        passed: list[Row] = []
        for row in rows:
            digest = scan.digest(row)
            if row.published is None or scan.is_unchanged(row, digest):
                passed.append(row)
                if len(passed) == BATCH:
                    self._pass(passed, scan)
                    passed = []
                continue
            self._pass(passed, scan)
            passed = []
            if self.slice.is_over:
                return False
            self._visit(row, scan, digest)
        self._pass(passed, scan)
        return True

    def _pass(self, rows: list[Row], scan: Scan) -> None:
        """Note that workflows look as they did. What somebody changes meanwhile is theirs to say."""
        if not rows:
            return
        at = scan.lists.at
        covered = [row for row in rows if row.published is not None]
        same = [row for row in covered if not row.is_locked]
        free = [row.pk for row in same]
        with transaction.atomic():
            older = Q(checked_at=None) | Q(checked_at__lt=at)
            WorkflowState.objects.filter(older, pk__in=free, lock=None).update(checked_at=at)
            DriftItem.objects.filter(open_key__in=[pk for pk in free if pk in scan.items]).update(last_seen_at=at)
            self.slice.verdicts.update(row.live_state for row in same)
            if len(rows) > len(covered):
                self.slice.verdicts[LiveState.NOT_COVERED] += len(rows) - len(covered)
            self.slice.save(rows[-1].pk, looked_at=len(same), left_out=len(covered) - len(same))

    def _not_listed(self, rows: list[Row], error: DolphinError) -> None:
        """One project that can't be listed must not stop the others. What is refused can't be compared; what times out is not known."""
        logger.info("inspection=%s project=%s is not listed: %s", self.slice.run.pk, self.project.code, error)
        now = timezone.now()
        free = [row.pk for row in rows if row.published is not None and not row.is_locked]
        with transaction.atomic():
            if isinstance(error, DolphinRejected):
                for first in range(0, len(free), BATCH):
                    found = WorkflowState.objects.filter(pk__in=free[first : first + BATCH], lock=None)
                    found.update(live_state=LiveState.CANNOT_COMPARE, checked_at=now)
                self.slice.verdicts[LiveState.CANNOT_COMPARE] += len(free)
            text = f"{self.project.name}: {from_dolphin(error, step='list').text}"
            claim.renew(self.slice.run, error_code=_NOT_LISTED, error_text=text)
            self.slice.save(rows[-1].pk, left_out=len(rows))

    def _visit(self, row: Row, scan: Scan, digest: str) -> None:
        """Read one workflow whole and note what was found, unless it is being changed, or is not to be read yet."""
        claim.renew(self.slice.run)
        waits = row.due_at is not None and row.due_at > scan.lists.at and not self.slice.run.is_full
        if row.is_locked or row.code is None or waits:
            self.slice.save(row.pk, left_out=1)
            return
        try:
            self._read(row, row.code, scan, digest)
        except (LeaseLost, DolphinUnauthorized):
            raise
        except DolphinError as error:
            self.client.user()
            self._failed(row, error.code)
        except SURPRISES as error:
            # One odd workflow must not stop the others, again and again.
            logger.exception("inspection=%s workflow=%s is of an unexpected shape", self.slice.run.pk, row.pk)
            self._failed(row, f"unexpected_{type(error).__name__}")

    def _failed(self, row: Row, code: str) -> None:
        with transaction.atomic():
            mark_failed(row.pk, code, at=timezone.now())
            self.slice.save(row.pk, left_out=1)

    def _read(self, row: Row, code: int, scan: Scan, digest: str) -> None:
        workflow = Workflow.objects.select_related("project__instance").get(pk=row.pk)
        state = states().select_related("published").get(workflow=workflow)
        since = row.glance(scan.lists.at)
        if has_moved(state, since):
            self.slice.save(row.pk, left_out=1)
            return
        seen = look(
            workflow,
            lambda: self._observe(workflow, code, scan.lists),
            elsewhere=self.elsewhere,
            names=scan.lists.names,
        )
        judgement = judged(workflow, state, seen)
        far = scan.lists.workflows.get(code)
        schedule = seen.live.schedule_row if seen.live is not None else None
        told = likely(
            judgement, far.row if far is not None else None, schedule, earliest=row.checked_at, latest=timezone.now()
        )
        with transaction.atomic():
            noted = note(workflow, judgement, since=since, likely=told)
            self._count(row, judgement, noted.became, digest, scan.lists.at)

    def _observe(self, workflow: Workflow, code: int, lists: Lists) -> Observation:
        """One call; the schedules of the project are there already."""
        raw = self.client.definition(self.project.code, code)
        if raw is None:
            return Observation.absent()
        with expected():
            return judge_rows(raw, lists.schedules.get(code, []), code, aliases_of(workflow))

    def _count(self, row: Row, judgement: Judgement, became: Became, digest: str, at: datetime) -> None:
        if became == Became.LEFT_OUT:
            self.slice.save(row.pk, left_out=1)
            return
        if judgement.live_state == LiveState.CANNOT_COMPARE:
            mark_failed(row.pk, judgement.problem[0], at=at)
        else:
            mark_read(row.pk, probe=digest, published=row.published, at=at)
        self.slice.verdicts[judgement.live_state] += 1
        opened, closed = int(became == Became.OPENED), int(became == Became.RESOLVED)
        self.slice.save(row.pk, looked_at=1, read_whole=1, opened=opened, closed=closed)
