"""A slice of a run: list what is to be done, then visit pending workflows one by one until the time is up.

Each visit reads DolphinScheduler first and then writes effect and outcome in one transaction, fenced by the claim: a worker that is
killed, cancelled or overtaken at any moment leaves the workflow either done or still to do.
"""

import logging
import time
from typing import Any

from django.conf import settings
from django.db import DataError, transaction
from django.db.models import F
from django.db.models.functions import Now

from audit.context import RequestContext, request_context
from catalog.clients import client_for, pause
from catalog.errors import ServiceError
from definitions.errors import DefinitionError
from definitions.secrets import mask_text
from dolphin.client import DolphinClient
from dolphin.errors import DolphinError, DolphinRejected, DolphinUnauthorized
from dolphin.pace import Pace
from operations import claim
from operations.choices import Outcome, RunKind
from operations.listing import list_items
from operations.models import OperationItem, OperationRun
from operations.visits import VISITS, Visit
from snapshotter.claim import LeaseLost
from snapshotter.failures import SyncFailed, from_dolphin

logger = logging.getLogger(__name__)
_ODD = (KeyError, TypeError, ValueError, AttributeError, DataError)
MAX_TRIES = 3  # of one workflow, while DolphinScheduler answers everything else


def run_slice(run_id: int, seconds: float) -> bool:
    """Claim a run and work on it for about so long; False when it is not due or somebody else has it. Safe to call twice."""
    run = claim.claim(run_id)
    if run is None:
        return False
    context = RequestContext(
        request_id=run.request_id, actor_id=run.actor_id, actor_name=run.actor_name, about=(("run", run.pk),)
    )
    with request_context(context):
        _Slice(run, seconds).work()
    return True


def run_due_slice(seconds: float) -> int:
    """Work on the oldest run that is due and free; return 1 if there was one."""
    due = OperationRun.objects.due().values_list("pk", flat=True)[:20]
    return int(any(run_slice(run_id, seconds) for run_id in list(due)))


class _Slice:
    def __init__(self, run: OperationRun, seconds: float) -> None:
        self.run = run
        self.counted_at, self.counted = time.monotonic(), 0
        self.until = self.counted_at + seconds
        self.pace = Pace(settings.SNAPSHOTTER["BULK_RATE"])

    def work(self) -> None:
        """Never raises for what DolphinScheduler does."""
        try:
            with client_for(self.run.instance, observer=self.pace) as client:
                self._go(client)
        except LeaseLost:
            logger.info("run=%s was cancelled or taken over", self.run.pk)
        except DolphinUnauthorized as error:
            pause(self.run.instance, "DolphinScheduler refuses the token")
            self._end(claim.fail, error.code, str(error))
        except DolphinError as error:
            problem = from_dolphin(error, step="read")
            self._end(claim.fail if error.permanent else claim.wait, problem.code, problem.text)
        except ServiceError as error:
            self._end(claim.fail, error.code, str(error))
        finally:
            OperationRun.objects.filter(pk=self.run.pk).update(**self._spent())

    def _spent(self) -> dict[str, Any]:
        """Return the calls and seconds since it was asked last, as they are added to the run's."""
        now, calls = time.monotonic(), self.pace.calls
        seconds, more = now - self.counted_at, calls - self.counted
        self.counted_at, self.counted = now, calls
        return {"calls": F("calls") + more, "seconds": F("seconds") + seconds}

    def _go(self, client: DolphinClient) -> None:
        if self.run.listed_at is None:
            self._list(client)
        visit = Visit(self.run, client, self._spent)
        while (item := self.run.items.pending().select_related("project__instance").order_by("pk").first()) is not None:
            if time.monotonic() > self.until:
                claim.give_back(self.run)
                return
            self._visit(visit, item)
        claim.succeed(self.run)

    def _list(self, client: DolphinClient) -> None:
        items, problems = list_items(self.run, client)
        with transaction.atomic():
            OperationItem.objects.bulk_create(items, batch_size=500)
            said = {"error_code": "not_listed", "error_text": ", ".join(problems)} if problems else {}
            claim.renew(self.run, listed_at=Now(), total=len(items), done=0, **said)

    def _visit(self, visit: Visit, item: OperationItem) -> None:
        claim.renew(self.run)
        try:
            VISITS[RunKind(self.run.kind)](visit, item)
        except DolphinRejected as error:
            self._fail(visit, item, f"dolphin_{error.dolphin_code}", str(error))
        except DolphinError as error:
            if error.permanent or not self._is_alone(visit.client, item):
                raise
            self._fail(visit, item, error.code, str(error))
        except SyncFailed as problem:
            self._fail(visit, item, problem.code, problem.text)
        except LeaseLost:
            raise
        except (ServiceError, DefinitionError) as error:
            self._fail(visit, item, error.code, str(error))
        except _ODD as error:
            # One odd workflow must not stop the others, again and again.
            logger.exception("run=%s workflow=%s is of an unexpected shape", self.run.pk, item.workflow_code)
            self._fail(visit, item, "dolphin_unexpected", f"an answer of an unexpected shape ({type(error).__name__})")
        if self.run.setbacks:
            claim.renew(self.run, setbacks=0, error_code="", error_text="")
            self.run.setbacks = 0

    def _is_alone(self, client: DolphinClient, item: OperationItem) -> bool:
        """Whether DolphinScheduler answers, but not for this workflow, time and again."""
        client.user()  # raises when it is away altogether
        OperationItem.objects.filter(pk=item.pk).update(tries=F("tries") + 1)
        return item.tries + 1 >= MAX_TRIES

    def _fail(self, visit: Visit, item: OperationItem, code: str, text: str) -> None:
        logger.info("run=%s workflow=%s failed: %s", self.run.pk, item.workflow_code, code)
        visit.end(item, Outcome.FAILED, code=code, text=mask_text(text))

    def _end(self, how: "claim.End", code: str, text: str) -> None:
        try:
            how(self.run, code, text)
        except LeaseLost:
            logger.info("run=%s was cancelled or taken over", self.run.pk)
