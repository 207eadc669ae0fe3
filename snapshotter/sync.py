"""Bringing DolphinScheduler to a snapshot: read, ask the planner, journal, do, read again.

The planner decides every step from what DolphinScheduler shows; this loop only carries it out. It stops in one of four ways: done and
proven equal, ended with the former state back, put aside for a while, or in need of a person.
"""

import logging
from dataclasses import replace

from catalog.clients import client_for
from catalog.errors import ServiceError
from dolphin.client import DolphinClient
from dolphin.cure import Incurable
from dolphin.errors import DolphinError, DolphinUnexpected, DolphinUnknownOutcome
from dolphin.observe import Observation
from dolphin.perform import ready
from dolphin.plan import Action, Done, State, Step, Stuck, next_step
from dolphin.shape import SURPRISES
from snapshotter import finish
from snapshotter.capturing import take
from snapshotter.choices import Direction, SyncKind
from snapshotter.claim import LeaseLost
from snapshotter.failures import SyncFailed
from snapshotter.fires.missed import name_missed
from snapshotter.gates import fire_guard, run_guard
from snapshotter.gates.gates import check_gates
from snapshotter.journal import CONTENT_WRITES, Journal, has_written, unanswered_times, unanswered_write
from snapshotter.look import Look
from snapshotter.lost.make_anew import as_created, make_ready
from snapshotter.models import Sync
from snapshotter.overtaken import check_overtaken
from snapshotter.preflight.preflight import preflight
from snapshotter.prepare import judge, prepare
from snapshotter.settle import UNSTEADY_PAUSE, settle_seconds, wait_to_settle
from snapshotter.target import Target, from_json
from snapshotter.turn_back import after_error, no_way_in, turn_back, way_back
from snapshotter.writing import require_writing

logger = logging.getLogger(__name__)

_NOT_EQUAL = "What was read back is not what was written."
_NO_EFFECT = "DolphinScheduler answered with success, and nothing has changed."
_NO_ANSWER = "DolphinScheduler was sent this three times, never answered, and has not done it."
_TIMES_UNANSWERED = 3  # sendings of one step; each is followed by the settle time, with the workflow off


def run(sync: Sync) -> None:
    """Work on a claimed sync until it ends or has to wait. Never raises for what DolphinScheduler does."""
    logger.info("sync=%s kind=%s direction=%s attempt=%s", sync.pk, sync.kind, sync.direction, sync.attempt)
    journal = Journal(sync)
    try:
        seconds = settle_seconds(sync) if journal.has_writes else 0.0
        if seconds > 0:
            wait_to_settle(sync, seconds)
            return
        with client_for(sync.workflow.project.instance, observer=journal.note) as client:
            _Worker(sync, client, journal).work()
            journal.flush()
    except LeaseLost:
        logger.warning("sync=%s was taken over", sync.pk)
    except ServiceError as error:  # no client: the instance is paused, or its token unreadable
        no_way_in(sync, SyncFailed(error.code, str(error)))


class _Worker:
    """One claim's work: the client, the journal, and the step under way."""

    def __init__(self, sync: Sync, client: DolphinClient, journal: Journal) -> None:
        self.sync = sync
        self.client = client
        self.journal = journal
        self.look = Look(sync, client, journal)
        self.step = "read"
        self.is_fresh = False  # whether the latest look came right after a step of ours

    def work(self) -> None:
        try:
            self._go()
        except LeaseLost:
            raise
        except DolphinUnknownOutcome as error:
            wait_to_settle(self.sync, settle_seconds(self.sync), text=str(error))
        except DolphinError as error:
            if after_error(self.sync, error, look=self.look, step=self.step):
                self.work()
        except (SyncFailed, ServiceError, Incurable) as error:
            self.journal.flush()
            if turn_back(self.sync, self.look, _problem(error, self.step)):
                self.work()
        except SURPRISES as error:  # whatever it was, the sync must not hang with nobody told
            logger.exception("sync=%s met what it did not expect", self.sync.pk)
            surprise = DolphinUnexpected(f"an answer that can't be understood ({type(error).__name__})")
            after_error(self.sync, surprise, look=self.look, step=self.step)

    def _go(self) -> None:
        check_gates(self.sync)
        live = self._first_look()
        if live is None:
            wait_to_settle(self.sync, UNSTEADY_PAUSE)
        elif self.sync.kind == SyncKind.CAPTURE:
            self.journal.flush()
            take(self.sync, live)
        elif self.sync.direction == Direction.FORWARD:
            self._forward(live)
        else:
            self._restore(live)

    def _first_look(self) -> Observation | None:
        """What a write without an answer has left is believed only when two looks agree."""
        if not self.journal.has_writes or unanswered_write(self.sync) is None:
            return self.look.now()
        live = self.look.settled()
        if live is not None:
            self.journal.note_settled()
        return live

    def _forward(self, live: Observation) -> None:
        # A worker that died before the first write has asked in vain: time has passed since.
        if not (self.journal.has_writes and has_written(self.sync)):
            require_writing(self.sync.workflow.project, self.client.flavour.name)
            make_ready(self.sync, live, self.client, self.journal)
            facts = judge(self.sync, live, self.client)
            preflight(self.sync, facts.seen, self.client, self.look.aliases)
            if run_guard.hold(self.sync, facts.seen, self.client):
                return
            if fire_guard.hold(self.sync, facts.seen, self.client.transport.clock):
                return
            before, after = prepare(facts)
        else:
            before, after = from_json(self.sync.before), from_json(self.sync.after)
            self._check_overtaken(live, before.state, after.state)
        live = self._drive(live, before.state, before, after)
        name_missed(self.sync, self.client, live)
        finish.succeed(self.sync, live)

    def _restore(self, live: Observation) -> None:
        """Bring the former state back, but only over what our own write made."""
        way = way_back(self.sync)
        self._check_overtaken(live, way.origin, way.goal.state)
        live = self._drive(live, way.origin, way.goal, way.goal)
        name_missed(self.sync, self.client, live)
        finish.fail_restored(self.sync, way.effect, live)

    def _check_overtaken(self, live: Observation, origin: State, goal: State) -> None:
        if not self.journal.wrote_now:
            check_overtaken(self.sync, live.state, origin, goal)

    def _drive(self, live: Observation, origin: State, former: Target, goal: Target) -> Observation:
        """Go from `origin` to `goal` step by step; `former` is what a cure makes on the way."""
        origin = self._created(origin, live, goal)
        while True:
            match next_step(live.state, origin, goal.state):
                case Done():
                    self.journal.flush()
                    return live
                case Stuck(code=code, reason=reason):
                    raise SyncFailed(code, reason, step=self.step)
                case Step(action=Action.WRITE) if not self.is_fresh:
                    live, self.is_fresh = self.look.again(live), True
                case Step() as step:
                    found = self._act(step, live, former if step.action == Action.CURE else goal)
                    origin = self._created(origin, found, goal)
                    self._check_proof(found, live, {origin.fingerprint, goal.state.fingerprint})
                    live = found

    def _created(self, origin: State, live: Observation, goal: Target) -> State:
        """A workflow that names itself can't when it is created: what the create makes of it is on the way to the goal."""
        if origin.code is not None or live.state.code is None:
            return origin
        return replace(origin, fingerprint=as_created(self.sync, live.state.code, goal))

    def _act(self, step: Step, live: Observation, goal: Target) -> Observation:
        self.step = step.action
        if self.journal.has_settled and unanswered_times(self.sync, step.action) >= _TIMES_UNANSWERED:
            raise SyncFailed(DolphinUnknownOutcome.code, _NO_ANSWER, step=self.step)
        write = ready(
            self.client, self.look.project, step, observation=live, target=goal.document, aliases=self.look.aliases
        )
        try:
            result = self.journal.write(step.action, step.reason, write)
        except DolphinUnknownOutcome as error:
            return self._judge(error, live)
        if result.code is not None:
            finish.bind(self.sync, result.code)
        self.is_fresh = True
        found = self.look.now() if step.action in CONTENT_WRITES else self.look.again(live)
        # Planned again from the same state, it would be sent for ever. DolphinScheduler gives a version also where it ignores what changed.
        ignored = step.action == Action.WRITE and found.state.fingerprint == live.state.fingerprint
        if ignored or found.state == live.state:
            raise SyncFailed("not_equal", _NO_EFFECT, step=self.step)
        return found

    def _check_proof(self, found: Observation, live: Observation, known: set[str | None]) -> None:
        """One version above what we wrote over is ours: unknown content there is our write gone wrong. More are somebody else's."""
        state = found.state
        if self.step not in CONTENT_WRITES or state.corrupt or state.code is None:
            return
        unseen = (state.version or 0) - (live.state.version or 0) - 1
        if state.fingerprint not in known:
            raise SyncFailed("live_changed" if unseen > 0 else "not_equal", _NOT_EQUAL, step=self.step)
        if unseen > 0:
            finish.note_unseen(self.sync, (live.state.version or 0) + 1, unseen)

    def _judge(self, error: DolphinUnknownOutcome, live: Observation) -> Observation:
        """An answer that says nothing is an answer: DolphinScheduler has ended, so looking decides. None at all: it may be at work."""
        if error.dolphin_code is None:
            raise error
        found = self.look.now()
        if found.state == live.state:
            self.journal.note_no_effect()
            raise SyncFailed(f"dolphin_{error.dolphin_code}", str(error), step=self.step)
        return found


def _problem(error: Exception, step: str) -> SyncFailed:
    match error:
        case SyncFailed():
            return error
        case ServiceError():
            return SyncFailed(error.code, str(error), step=step)
    return SyncFailed("corrupt", str(error), step=step)
