"""One project of an inspection: list it, pass by what looks as it did, read whole what does not.

Each finding and its mark are one transaction, fenced by the claim: a worker that is killed or overtaken at any moment leaves a workflow
either looked at or still to do. Nothing is locked for longer than that, and DolphinScheduler is only read.
"""

import logging
import time
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog.models import Project, Workflow
from dolphin.client import DolphinClient
from dolphin.errors import DolphinError, DolphinRejected, DolphinUnauthorized
from dolphin.observe import Observation
from dolphin.observe import judge as judge_rows
from dolphin.shape import SURPRISES, expected
from drift.choices import LIST_REFUSED, NOT_LISTED
from drift.glance import has_moved, states
from drift.inspection import claim
from drift.inspection.gone import Elsewhere
from drift.inspection.marks import mark_failed, mark_read
from drift.inspection.probe import Far, Lists, read_lists
from drift.inspection.progress import Progress
from drift.inspection.scan import Row, Scan
from drift.judge import Judgement
from drift.likely import likely
from drift.look import judged, look
from drift.models import DriftItem
from drift.note import Became, note
from snapshotter.aliases import aliases_of
from snapshotter.choices import LiveState
from snapshotter.claim import LeaseLost
from snapshotter.failures import from_dolphin
from snapshotter.models import WorkflowState

logger = logging.getLogger(__name__)

BATCH: Final = 500  # unchanged workflows a statement


class Sweep:
    """One project of an inspection."""

    def __init__(self, progress: Progress, client: DolphinClient, project: Project, elsewhere: Elsewhere) -> None:
        self.progress, self.client, self.project, self.elsewhere = progress, client, project, elsewhere

    def over(self, rows: list[Row]) -> bool:
        """Look at the workflows; False when the time was over before the last one. What was listed is used for as long as it took."""
        began = time.monotonic()
        try:
            lists = read_lists(self.client, self.project.code, self.progress.beat)
        except DolphinUnauthorized:
            raise
        except DolphinError as error:
            self.client.user()  # raises when DolphinScheduler is away altogether
            self._not_listed(rows, error)
            return True
        self.progress.until = max(self.progress.until, 2 * time.monotonic() - began)
        scan = Scan(self.project, lists, is_full=self.progress.run.is_full)
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
            if self.progress.is_over:
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
            self.progress.verdicts.update(row.live_state for row in same)
            if len(rows) > len(covered):
                self.progress.verdicts[LiveState.NOT_COVERED] += len(rows) - len(covered)
            self.progress.save(rows[-1].pk, looked_at=len(same), left_out=len(covered) - len(same))

    def _not_listed(self, rows: list[Row], error: DolphinError) -> None:
        """One project that can't be listed must not stop the others.

        What is refused can't be compared; what times out is not known, and the inspection is no good one.
        """
        logger.info("inspection=%s project=%s is not listed: %s", self.progress.run.pk, self.project.code, error)
        run, is_refused = self.progress.run, isinstance(error, DolphinRejected)
        with transaction.atomic():
            if is_refused:
                self.progress.verdicts[LiveState.CANNOT_COMPARE] += _not_comparable(rows)
            if not is_refused or run.error_code != NOT_LISTED:  # what is not known at all is the worse
                run.error_code = LIST_REFUSED if is_refused else NOT_LISTED
                text = f"{self.project.name}: {from_dolphin(error, step='list').text}"
                claim.renew(run, error_code=run.error_code, error_text=text)
            self.progress.save(rows[-1].pk, left_out=len(rows))

    def _visit(self, row: Row, scan: Scan, digest: str) -> None:
        """Read one workflow whole and note what was found, unless it is being changed, or is not to be read yet."""
        self.progress.beat()
        waits = row.due_at is not None and row.due_at > scan.lists.at and not self.progress.run.is_full
        if row.is_locked or row.code is None or waits:
            self.progress.save(row.pk, left_out=1)
            return
        try:
            self._read(row, row.code, scan, digest)
        except (LeaseLost, DolphinUnauthorized):
            raise
        except DolphinError as error:
            self.client.user()
            self._failed(row, error.code)
        except SURPRISES:
            # One odd workflow must not stop the others, again and again.
            logger.exception("inspection=%s workflow=%s is of an unexpected shape", self.progress.run.pk, row.pk)
            self._failed(row, "dolphin_unexpected")

    def _failed(self, row: Row, code: str) -> None:
        with transaction.atomic():
            mark_failed(row.pk, code, at=timezone.now())
            self.progress.save(row.pk, left_out=1)

    def _read(self, row: Row, code: int, scan: Scan, digest: str) -> None:
        workflow = Workflow.objects.select_related("project__instance").get(pk=row.pk)
        state = states().select_related("published").get(workflow=workflow)
        since = row.glance(scan.lists.at)
        if has_moved(state, since):
            self.progress.save(row.pk, left_out=1)
            return
        seen = look(
            workflow,
            lambda: self._observe(workflow, code, scan.lists),
            elsewhere=self.elsewhere,
            names=scan.lists.names,
        )
        judgement = judged(workflow, state, seen)
        far = scan.lists.workflows.get(code)
        if seen.live is not None and not _agree(far, seen.live):
            digest = ""  # read again next time
        schedule = seen.live.schedule_row if seen.live is not None else None
        told = likely(judgement, _saved(far), schedule, earliest=row.checked_at, latest=timezone.now())
        with transaction.atomic():
            noted = note(workflow, judgement, since=since, likely=told)
            self._count(row, judgement, noted.became, digest, scan.lists.at)

    def _observe(self, workflow: Workflow, code: int, lists: Lists) -> Observation:
        """One call; the schedules of the project are there already."""
        raw = self.client.definition(self.project.code, code)
        if raw is None:
            return Observation.absent()
        with expected():
            return judge_rows(raw, lists.schedules_of(code), code, aliases_of(workflow))

    def _count(self, row: Row, judgement: Judgement, became: Became, digest: str, at: datetime) -> None:
        if became == Became.LEFT_OUT:
            self.progress.save(row.pk, left_out=1)
            return
        if judgement.live_state == LiveState.CANNOT_COMPARE:
            mark_failed(row.pk, judgement.problem[0], at=at)
        else:
            mark_read(row.pk, probe=digest, published=row.published, at=at)
        self.progress.verdicts[judgement.live_state] += 1
        opened, closed = int(became == Became.OPENED), int(became == Became.RESOLVED)
        self.progress.save(row.pk, looked_at=1, read_whole=1, opened=opened, closed=closed)


def _not_comparable(rows: list[Row]) -> int:
    """Note it of workflows that nobody has looked at or changed since; return of how many. Call inside a transaction."""
    since = {row.pk: row.checked_at for row in rows if row.published is not None and not row.is_locked}
    free, noted = list(since), 0
    for first in range(0, len(free), BATCH):
        held = WorkflowState.objects.select_for_update().filter(pk__in=free[first : first + BATCH], lock=None)
        same = [pk for pk, checked_at in held.order_by("pk").values_list("pk", "checked_at") if checked_at == since[pk]]
        found = WorkflowState.objects.filter(pk__in=same)
        noted += found.update(live_state=LiveState.CANNOT_COMPARE, checked_at=timezone.now())
    return noted


def _agree(far: Far | None, live: Observation) -> bool:
    """Whether the lists and the whole reading show the same: what happened in between may be undone before the next lists."""
    if far is None or live.state.code is None:
        return far is None and live.state.code is None
    return far.is_shown_by(live.state)


def _saved(far: Far | None) -> dict[str, str] | None:
    """Return who saved last and when, under the list's own names."""
    return {"modifyBy": far.saved_by, "updateTime": far.saved_at} if far is not None else None
