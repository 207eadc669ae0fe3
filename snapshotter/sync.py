"""Bringing DolphinScheduler to a snapshot: read, ask the planner, journal, do, read again.

The planner decides every step from what DolphinScheduler shows; this loop only carries it out. It stops in one of three ways: done and
proven equal, ended with the former state back, or in need of a person.
"""

import logging

from catalog.clients import client_for, may_write, pause
from catalog.errors import ServiceError
from dolphin.client import DolphinClient
from dolphin.errors import DolphinError, DolphinUnauthorized, DolphinUnknownOutcome
from dolphin.observe import Observation, observe, observe_again
from dolphin.perform import perform
from dolphin.plan import Action, Done, State, Step, Stuck, next_step
from snapshotter import finish
from snapshotter.capturing import take
from snapshotter.choices import Direction, SyncKind
from snapshotter.claim import LeaseLost
from snapshotter.errors import UnprovenFlavour
from snapshotter.failures import SyncFailed, from_dolphin
from snapshotter.gates import check_gates
from snapshotter.journal import Journal, has_written
from snapshotter.models import Sync
from snapshotter.prepare import prepare
from snapshotter.settle import settle_seconds, wait_to_retry, wait_to_settle
from snapshotter.store import document_of
from snapshotter.target import Target, from_json, state_from_json

logger = logging.getLogger(__name__)

_CONTENT_WRITES = (Action.CREATE, Action.WRITE)


def run(sync: Sync) -> None:
    """Work on a claimed sync until it ends or has to wait. Never raises for what DolphinScheduler does."""
    logger.info("sync=%s kind=%s direction=%s attempt=%s", sync.pk, sync.kind, sync.direction, sync.attempt)
    seconds = settle_seconds(sync)
    if seconds > 0:
        wait_to_settle(sync, seconds)
        return
    try:
        with client_for(sync.workflow.project.instance) as client:
            _Worker(sync, client).work()
    except ServiceError as error:
        _without_client(sync, error)
    except LeaseLost:
        logger.warning("sync=%s was taken over", sync.pk)


def _without_client(sync: Sync, error: ServiceError) -> None:
    """No client: the instance is paused or its token unreadable. Wait where something was written, else end."""
    problem = SyncFailed(error.code, str(error))
    if has_written(sync):
        wait_to_retry(sync, problem)
    else:
        finish.fail_untouched(sync, problem)


class _Worker:
    """One claim's work: the client, the journal, and the step under way."""

    def __init__(self, sync: Sync, client: DolphinClient) -> None:
        self.sync = sync
        self.client = client
        self.project = sync.workflow.project.code
        self.journal = Journal(sync)
        self.step = "read"

    def work(self) -> None:
        try:
            self._go()
        except SyncFailed as problem:
            self._turn_back(problem)
        except DolphinUnknownOutcome as error:
            wait_to_settle(self.sync, settle_seconds(self.sync), text=str(error))
        except ServiceError as error:
            self._turn_back(SyncFailed(error.code, str(error), step=self.step))
        except DolphinError as error:
            self._on_error(error)

    def _go(self) -> None:
        check_gates(self.sync)
        live = self._read()
        if self.sync.kind == SyncKind.CAPTURE:
            take(self.sync, live)
        elif self.sync.direction == Direction.FORWARD:
            self._forward(live)
        else:
            self._restore(live)

    def _forward(self, live: Observation) -> None:
        if not may_write(self.sync.workflow.project.instance, self.client.flavour.name):
            raise SyncFailed("unproven_flavour", str(UnprovenFlavour()))
        if self.sync.after is None:
            before, after = prepare(self.sync, live)
        else:
            before, after = from_json(self.sync.before), from_json(self.sync.after)
        live = self._drive(live, before.state, after)
        finish.succeed(self.sync, live, after)

    def _restore(self, live: Observation) -> None:
        """Bring the former state back, but only over what our own write made."""
        before = from_json(self.sync.before)
        ours = state_from_json(self.sync.result["restoring_from"])
        live = self._drive(live, ours, before)
        finish.fail_restored(self.sync, live)

    def _drive(self, live: Observation, origin: State, goal: Target) -> Observation:
        while True:
            match next_step(live.state, origin, goal.state):
                case Done():
                    return live
                case Stuck(code=code, reason=reason):
                    raise SyncFailed(self._proof_failed(code), reason, step=self.step)
                case Step() as step:
                    live = self._act(step, live, goal)

    def _proof_failed(self, code: str) -> str:
        """Content that is neither old nor new right after our own write was answered is a failed proof, not somebody's edit."""
        return "not_equal" if code == "live_changed" and self.step in _CONTENT_WRITES else code

    def _act(self, step: Step, live: Observation, goal: Target) -> Observation:
        self.step = step.action
        target = goal.document()
        try:
            result = self.journal.write(
                step.action,
                step.reason,
                lambda: perform(self.client, self.project, step, observation=live, target=target),
            )
        except DolphinUnknownOutcome as error:
            return self._judge(error, live)
        if result.code is not None:
            finish.bind(self.sync, result.code)
        if step.action in _CONTENT_WRITES:
            return self._read()
        return self.journal.read(lambda: observe_again(self.client, self.project, live))

    def _judge(self, error: DolphinUnknownOutcome, live: Observation) -> Observation:
        """An answer that says nothing is an answer: DolphinScheduler has ended, so looking decides. None at all: it may be at work."""
        if error.dolphin_code is None:
            raise error
        found = self._read()
        if found.state == live.state:
            self.journal.note_no_effect()
            raise SyncFailed(f"dolphin_{error.dolphin_code}", str(error), step=self.step)
        return found

    def _read(self) -> Observation:
        code = self.sync.workflow.workflow_code
        if code is None:
            return self.journal.read(self._find_created)
        return self.journal.read(lambda: observe(self.client, self.project, code))

    def _find_created(self) -> Observation:
        """A create whose answer was lost has made the workflow all the same: it is known by its name and our task codes."""
        snapshot = self.sync.snapshot
        if snapshot is None or not has_written(self.sync):
            return Observation.absent()
        code = self.client.find_by_name(self.project, snapshot.label)
        live = observe(self.client, self.project, code) if code is not None else Observation.absent()
        if code is None or live.canonical is None:
            return Observation.absent()
        if live.canonical.document.tasks.keys() != document_of(snapshot).tasks.keys():
            return Observation.absent()  # somebody else's of the same name; the create is refused then
        finish.bind(self.sync, code)
        return live

    def _on_error(self, error: DolphinError) -> None:
        if isinstance(error, DolphinUnauthorized):
            pause(self.sync.workflow.project.instance, "DolphinScheduler refuses the token")
        problem = from_dolphin(error, step=self.step)
        if error.permanent:
            self._turn_back(problem)
        elif not has_written(self.sync) and self.sync.attempt >= finish.MAX_ATTEMPTS:
            finish.fail_untouched(self.sync, problem)
        else:
            wait_to_retry(self.sync, problem)

    def _turn_back(self, problem: SyncFailed) -> None:
        """End where nothing was written; otherwise restore; a restore that fails needs a person."""
        if not has_written(self.sync):
            finish.fail_untouched(self.sync, problem)
        elif self.sync.direction == Direction.RESTORING or self.sync.before is None:
            finish.need_attention(self.sync, problem)
        else:
            self._start_restoring(problem)

    def _start_restoring(self, problem: SyncFailed) -> None:
        try:
            live = self._read()
        except DolphinError as error:
            logger.warning("sync=%s can't be restored now: %s", self.sync.pk, error.code)
            finish.need_attention(self.sync, problem)
            return
        if not finish.turn_to_restoring(self.sync, live, problem):
            finish.need_attention(self.sync, problem)
            return
        self.work()
