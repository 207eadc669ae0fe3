"""A project's rules of approval, and the automatic rules that may stand for an approval (P5.5)."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from audit.actors import Actor, user_of
from catalog.models import Project
from dolphin.observe import Observation
from rollback.choices import Rule
from rollback.choices_of import Choices
from rollback.models import RollbackPolicy
from snapshotter.choices import Online, ScheduleChoice
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.republish import again


def policy_of(project: Project) -> RollbackPolicy:
    """Return the project's rules, the defaults where it has none."""
    return RollbackPolicy.objects.filter(project=project).first() or RollbackPolicy(project=project)


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


def _is_author_in_time(policy: RollbackPolicy, case: Case) -> bool:
    """The account that made the present version takes it back to what was live before it, and nobody else has edited it since."""
    bad, author = case.state.published, user_of(case.actor)
    if not policy.same_author_minutes or bad is None or author is None or bad.live_from is None:
        return False
    in_time = timezone.now() - bad.live_from <= timedelta(minutes=policy.same_author_minutes)
    return in_time and bad.created_by_id == author.pk and _is_live(bad, case.live) and _was_before(bad, case.target)


def _is_live(version: Snapshot, live: Observation) -> bool:
    shown = live.canonical
    return shown is not None and (version.content_hash, version.label_hash) == (shown.content_hash, shown.label_hash)


def _was_before(bad: Snapshot, target: Snapshot) -> bool:
    earlier = Snapshot.objects.filter(workflow_id=bad.workflow_id, live_from__lt=bad.live_from)
    return earlier.order_by("-live_from").values_list("pk", flat=True).first() == target.pk


def _is_harmless(case: Case) -> bool:
    """Tasks, edges and settings stay as they are live, and so does what is on and off."""
    choices, shown = case.choices, case.live.canonical
    if shown is None or (choices.online, choices.schedule_state) != (Online.KEEP, Online.KEEP):
        return False
    if choices.schedule == ScheduleChoice.OFF:
        return False
    wanted = again(case.target, case.state.published, with_name=choices.with_name, with_layout=choices.with_layout)
    return (wanted.content_hash, wanted.label_hash) == (shown.content_hash, shown.label_hash)
