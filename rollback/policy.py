"""A project's rules of approval, and the automatic rules that may stand for an approval (P5.5)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.contrib.auth.models import Group
from django.utils import timezone

from audit.actors import Actor, user_of
from catalog.explain import people
from catalog.models import Project
from catalog.permissions import APPROVE_ROLLBACK
from dolphin.observe import Observation
from rollback.binding import after
from rollback.choices import Rule
from rollback.choices_of import Choices
from rollback.models import RollbackPolicy, RollbackRequest
from snapshotter.choices import ScheduleChoice, Trigger
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.republish import states_now

_PUBLISHED_BY: Final = (Trigger.API, Trigger.ADMIN)  # who captured somebody's edit is not its author


def policy_of(project: Project) -> RollbackPolicy:
    """Return the project's rules, the defaults where it has none."""
    return RollbackPolicy.objects.filter(project=project).first() or RollbackPolicy(project=project)


def able(policy: RollbackPolicy) -> int:
    """Return how many people the rules let approve, counted up to one more than are needed: nobody approves their own request."""
    found = people(policy.project, APPROVE_ROLLBACK)
    if policy.approver_groups:
        found = found.filter(groups__in=Group.objects.filter(name__in=policy.approver_groups))
    return len(set(found.order_by("pk").values_list("pk", flat=True).distinct()[: policy.approvals_needed + 1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a rule is asked about."""

    state: WorkflowState
    target: Snapshot
    live: Observation
    choices: Choices
    actor: Actor


def rule_for(policy: RollbackPolicy, case: Case) -> Rule:
    """Return the automatic rule that lets it pass without approval, NONE where none does."""
    if _is_author_in_time(policy, case):
        return Rule.SAME_AUTHOR
    if policy.harmless_passes and _is_harmless(case):
        return Rule.HARMLESS
    return Rule.NONE


def rule_stands(policy: RollbackPolicy, request: RollbackRequest) -> bool:
    """Whether the rule that a request passed by is still one of the project's, and its time is not over."""
    match request.rule:
        case Rule.SAME_AUTHOR:
            return request.base is not None and _is_in_time(policy, request.base)
        case Rule.HARMLESS:
            return policy.harmless_passes
    return False


def _is_author_in_time(policy: RollbackPolicy, case: Case) -> bool:
    """The account that published the present version takes it back to what was live before, and nobody has touched it since."""
    bad, author = case.state.published, user_of(case.actor)
    if bad is None or author is None or bad.trigger not in _PUBLISHED_BY or not _is_in_time(policy, bad):
        return False
    is_plain = case.choices == Choices(with_layout=case.choices.with_layout)
    is_own = bad.created_by_id == author.pk and Snapshot.objects.live_before(bad).first() == case.target
    return is_plain and is_own and bad.holds(case.live.canonical) and _keeps_states(case)


def _is_in_time(policy: RollbackPolicy, bad: Snapshot) -> bool:
    if not policy.same_author_minutes or bad.live_from is None:
        return False
    return timezone.now() - bad.live_from <= timedelta(minutes=policy.same_author_minutes)


def _is_harmless(case: Case) -> bool:
    """Tasks, edges and settings stay as they are live, and so does what is on and off, whatever `keep` stands for."""
    choices, shown = case.choices, case.live.canonical
    if shown is None or choices.schedule == ScheduleChoice.OFF or not _keeps_states(case):
        return False
    published = case.state.published
    name = case.target if choices.with_name or published is None else published
    return (case.target.content_hash, name.label_hash) == (shown.content_hash, shown.label_hash)


def _keeps_states(case: Case) -> bool:
    return after(case.target, state=case.state, live=case.live, choices=case.choices) == states_now(case.live)
