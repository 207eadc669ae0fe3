"""A slice of an inspection: project by project, until the time is up. The next one goes on behind `place`.

Projects go by id, workflows of a project too; `place` is the last one that was looked at.
"""

import logging
import time
from collections.abc import Iterable

from django.conf import settings
from django.db.models import F, QuerySet

from catalog.choices import Mode
from catalog.clients import client_for, pause
from catalog.errors import ServiceError
from catalog.models import Project, Workflow
from dolphin.client import DolphinClient
from dolphin.errors import DolphinError, DolphinUnauthorized
from dolphin.pace import Pace
from drift.inspection import claim
from drift.inspection.gone import Elsewhere
from drift.inspection.progress import Progress
from drift.inspection.scan import rows_of
from drift.inspection.sweep import Sweep
from drift.models import InspectionRun
from snapshotter.claim import LeaseLost
from snapshotter.failures import from_dolphin

logger = logging.getLogger(__name__)


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
        self.progress = Progress(run, seconds)
        self.pace = Pace(settings.SNAPSHOTTER["BULK_RATE"])

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
        elsewhere = Elsewhere(client, self.run.instance_id, self.progress.beat)
        for project, after in self._left():
            rows = rows_of(project, after)
            if rows and not Sweep(self.progress, client, project, elsewhere).over(rows):
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
