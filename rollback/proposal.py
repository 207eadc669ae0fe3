"""What a rollback would do, for who is about to ask for it: DolphinScheduler is read once, and everything on the page speaks of that.

Reads only. What can't be told now is said as `problem`, and nothing is offered then.
"""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from audit.actors import Actor
from catalog.errors import NotFound, ServiceError
from catalog.models import Workflow
from catalog.permissions import BREAK_GLASS, OVERRIDE_FREEZE, rights
from definitions.canonical import Canonical
from definitions.document import Document
from dolphin.errors import DolphinError
from dolphin.observe import Observation
from rollback.act_rights import to_ask, to_execute
from rollback.binding import bind, hash_of
from rollback.choices import Act, Rule
from rollback.choices_of import AS_PUBLISHED, Choices
from rollback.impact.findings import Finding, Weight, as_asked
from rollback.impact.impact import Impact, impact
from rollback.impact.look import Look
from rollback.models import RollbackPolicy, RollbackRequest
from rollback.one_look import OneLook
from rollback.policy import Case, policy_of, rule_for
from snapshotter.choices import ScheduleChoice, Status
from snapshotter.errors import NotRestorable
from snapshotter.failures import SyncFailed
from snapshotter.gates.gates import active_freeze
from snapshotter.models import Snapshot
from snapshotter.readers import reading
from snapshotter.republish import again, brings_nothing
from snapshotter.writing import require_writing
from versions.comparison import CAUSES
from versions.live import observed_of

UNREADABLE = (DolphinError, SyncFailed, NotFound, *CAUSES)


@dataclass(slots=True, kw_only=True)
class Proposal:
    """`needed` approvals by the rules, 0 where an automatic rule stands for them; `seen` what it is bound to, hashed."""

    workflow: Workflow
    target: Snapshot
    choices: Choices
    look: OneLook
    policy: RollbackPolicy
    held: frozenset[str]
    is_back: bool = False  # the published version is put back: nothing is to be chosen
    barred: str = ""  # why the project can't be written at all
    problem: str = ""  # why what is live can't be told
    is_missing: bool = False  # deleted in DolphinScheduler: then it is a restore that is asked for
    is_there: bool = False  # nothing to do
    live: Observation | None = None
    wanted: Canonical | None = None
    impact: Impact | None = None
    rule: Rule = Rule.NONE
    seen: str = ""
    standing: RollbackRequest | None = None  # another one that is open
    frozen: tuple[Any, Any] | None = None

    @property
    def findings(self) -> list[Finding]:
        return as_asked(self.impact.findings, self.act) if self.impact is not None else []

    @property
    def act(self) -> Act:
        if self.is_missing:
            return Act.RESTORE
        return Act.PUT_BACK if self.is_back else Act.ROLLBACK

    @property
    def needed(self) -> int:
        return 0 if self.rule != Rule.NONE else self.policy.approvals_needed

    @property
    def may_ask(self) -> bool:
        return to_ask(self.act) in self.held

    @property
    def may_execute(self) -> bool:
        return to_execute(self.act) in self.held

    @property
    def may_break_glass(self) -> bool:
        return BREAK_GLASS in self.held and self.needed > 0

    @property
    def may_override(self) -> bool:
        return self.frozen is not None and OVERRIDE_FREEZE in self.held

    @property
    def refusals(self) -> list[Finding]:
        return [row for row in self.findings if row.weight == Weight.REFUSED]

    @property
    def warnings(self) -> list[Finding]:
        return [row for row in self.findings if row.weight == Weight.ACKNOWLEDGE]

    @property
    def notes(self) -> list[Finding]:
        return [row for row in self.findings if row.weight == Weight.NOTE]

    @property
    def is_offered(self) -> bool:
        """Whether there is anything to fill in. What refuses whatever is chosen shows with the choices that keep all as it is."""
        is_hopeless = bool(self.refusals) and (self.is_back or self.choices == Choices())
        return self.may_ask and self.live is not None and not (self.barred or self.standing or is_hopeless)


def propose(
    workflow: Workflow,
    target: Snapshot,
    *,
    choices: Choices,
    reader: Actor,
    is_acting: bool = False,
    is_back: bool = False,
) -> Proposal:
    """Look at DolphinScheduler and say what going back to the version would meet. Raises nothing that DolphinScheduler answers.

    `is_back`: the published version is put back, which is nothing but a rollback to it where it is not the published one.
    Who only looks is shown what is some seconds old, and takes a place of the few readers; who acts and may waits for nobody.
    """
    is_back = is_back and workflow.state.published_id == target.pk
    found = Proposal(
        workflow=workflow,
        target=target,
        choices=AS_PUBLISHED if is_back else choices,
        look=OneLook(workflow),
        policy=policy_of(workflow.project),
        held=rights(reader, workflow.project),
        is_back=is_back,
        barred=_barred(workflow),
        standing=RollbackRequest.objects.open().filter(workflow=workflow).first(),
        frozen=active_freeze(workflow.project),
    )
    try:
        is_acting = is_acting and found.may_ask
        found.live = found.look.now() if is_acting else observed_of(workflow)
        with nullcontext() if is_acting else reading(workflow.project.instance_id):
            _judge(found, reader)
    except UNREADABLE as error:
        found.live, found.problem = None, str(error)
    return found


def _barred(workflow: Workflow) -> str:
    try:
        require_writing(workflow.project)
    except ServiceError as error:
        return str(error)
    return ""


def _judge(found: Proposal, reader: Actor) -> None:
    live, state, choices = found.live, found.workflow.state, found.choices
    if live is None:
        return
    found.is_missing = live.state.code is None
    if found.is_missing and found.target.status != Status.PUBLISHED:
        found.barred = found.barred or str(NotRestorable.message)
    look = Look.of_observation(live)
    found.impact = impact(found.workflow, found.target, choices=choices, reader=reader, look=look)
    found.wanted = again(found.target, state.published, with_name=choices.with_name, with_layout=choices.with_layout)
    found.is_there = not found.is_missing and brings_nothing(
        found.wanted,
        live,
        state,
        online=choices.online,
        schedule=choices.schedule,
        schedule_state=choices.schedule_state,
    )
    case = Case(state=state, target=found.target, live=live, choices=choices, actor=reader)
    if found.policy.approvals_needed:
        found.rule = rule_for(found.policy, case)
    bound = bind(found.workflow, found.target, state=state, live=live, choices=choices)
    found.seen = hash_of(bound)


def document_after(found: Proposal) -> Document:
    """Return what DolphinScheduler would hold: the version's content, with the schedule as chosen."""
    assert found.wanted is not None and found.live is not None  # noqa: S101  asked for only where both are there
    if found.choices.schedule == ScheduleChoice.FROM_DEFINITION:
        return found.wanted.document
    shown = found.live.canonical
    return replace(found.wanted.document, schedule=shown.document.schedule if shown else None)
