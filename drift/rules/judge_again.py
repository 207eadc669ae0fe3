"""What a new or ended rule means for what stands: closed where nothing else differs, and read whole at the next inspection."""

import logging
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from catalog.errors import ServiceError
from dolphin.errors import DolphinError
from drift.check import check
from drift.choices import ItemState, Kind
from drift.errors import ItemClosed
from drift.models import DriftItem, IgnoreRule, InspectionMark
from drift.move import hold, move
from drift.paths import covers
from snapshotter.choices import LiveState
from snapshotter.failures import SyncFailed
from snapshotter.models import ContentQuarantine, WorkflowState

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 500
NAMED: Final = 50  # fields that an item names at most: one that names so many may have more


def judge_again(rule: IgnoreRule, *, actor: Actor) -> None:
    """Close what the rules in force explain whole, and have the others judged anew; one workflow is looked at at once.

    Call outside transactions. DolphinScheduler may be away: then the next inspection does it.
    """
    look_again(rule)
    for item in _standing(rule):
        if _is_explained(item):
            _close(item, rule, actor)
    if rule.workflow is None:
        return
    try:
        check(rule.workflow, actor=actor)
    except (ServiceError, DolphinError, SyncFailed) as error:
        logger.info("rule=%s: not looked at now: %s", rule.pk, error)


def look_again(rule: IgnoreRule) -> None:
    """Have the next inspection read whole what the rule is about, though nothing has moved there."""
    InspectionMark.objects.filter(_where(rule)).update(full_due_at=timezone.now())


def _where(rule: IgnoreRule) -> Q:
    """As `covering` has it: a rule of one workflow goes with it to another project."""
    if rule.workflow_id is not None:
        return Q(workflow=rule.workflow_id)
    return Q(workflow__project=rule.project_id)


def _standing(rule: IgnoreRule) -> list[DriftItem]:
    rows = DriftItem.objects.standing().filter(_where(rule))
    return list(rows.select_related("workflow", "project__instance").order_by("id")[:_AT_ONCE])


def _is_explained(item: DriftItem) -> bool:
    """Whether every field that differs is ignored by a rule in force, those too that rules of then left out.

    What is deleted or corrupt names no field and can't be, nor what is in quarantine.
    """
    if Kind.QUARANTINED_LIVE in item.kinds or _is_bad(item):
        return False
    paths = [*(item.evidence.get("paths") or []), *(item.evidence.get("ignored_paths") or [])]
    rules = IgnoreRule.objects.paths_for(item.workflow)
    return 0 < len(paths) < NAMED and all(any(covers(rule, path) for rule in rules) for path in paths)


def _is_bad(item: DriftItem) -> bool:
    """Whether what was found has come into quarantine since."""
    return ContentQuarantine.objects.open().covering(item.workflow).filter(content_hash=item.content_hash).exists()


def _close(item: DriftItem, rule: IgnoreRule, actor: Actor) -> None:
    try:
        with transaction.atomic():
            held = WorkflowState.objects.select_for_update().get(
                workflow=item.workflow
            )  # first, as whoever notes a finding
            state = hold(item)
            if not _is_explained(item):  # something else was found meanwhile
                return
            if held.lock_id is None and held.live_state == item.live_state:
                WorkflowState.objects.filter(pk=held.pk).update(live_state=LiveState.IN_SYNC)
            move(item, ItemState.IGNORED, of=[state], closed_by_name=str(actor), closed_reason=rule.reason)
            record(
                "drift.resolved",
                actor=actor,
                target=item,
                scope=item.project.scope,
                reason=rule.reason,
                detail={"item": item.pk, "as": str(ItemState.IGNORED), "rule": rule.pk},
            )
    except ItemClosed:
        return
