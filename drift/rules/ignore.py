"""Ignore: a field may differ from what was published, in one workflow or in a project, for a reason and perhaps for a while."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor, user_of
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.models import Project, Workflow
from catalog.permissions import MANAGE_POLICY, TRIAGE_DRIFT, require
from definitions.secrets import mask_text
from drift.models import IgnoreRule
from drift.rules.judge_again import judge_again
from drift.rules.paths import checked_path

REFUSED: Final = "ignore_rule.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`path` as drift names fields, `*` for any one part; `workflow` None: in all of the project; `expires_at` None: until it is ended."""

    path: str
    reason: str
    workflow: Workflow | None = None
    expires_at: datetime | None = None


def right_for(workflow: Workflow | None) -> str:
    """Return what is asked for: what holds for a whole project is a rule of it."""
    return MANAGE_POLICY if workflow is None else TRIAGE_DRIFT


def ignore(project: Project, field: Field, *, actor: Actor) -> IgnoreRule:
    """Return the rule, an older one that says the same where there is one. What it explains whole is closed as ignored.

    Raises NotAllowed, NotFound, InvalidRequest.
    """
    require(actor, right_for(field.workflow), project, event=REFUSED, about=field.workflow)
    path = _check(project, field)
    place = {"project": project, "workflow": field.workflow, "path": path, "expires_at": field.expires_at}
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)  # two at the same moment make one row
        standing = IgnoreRule.objects.in_force().filter(**place).first()
        if standing is not None:
            return standing
        rule = IgnoreRule.objects.create(
            **place, reason=mask_text(field.reason), created_by=user_of(actor), created_by_name=str(actor)
        )
        _tell(rule, actor)
    judge_again(rule, actor=actor)
    return rule


def _check(project: Project, field: Field) -> str:
    if field.workflow is not None and field.workflow.project_id != project.pk:
        raise InvalidRequest(_("The workflow belongs to another project."), field="workflow")
    if not field.reason.strip():
        raise InvalidRequest(_("Ignoring a field needs a reason."), field="reason")
    if field.expires_at is not None and field.expires_at <= timezone.now():
        raise InvalidRequest(_("It must expire in the future."), field="expires_at")
    return checked_path(field.path)


def _tell(rule: IgnoreRule, actor: Actor) -> None:
    record(
        "drift.ignored",
        actor=actor,
        target=rule.workflow or rule.project,
        scope=rule.project.scope,
        reason=rule.reason,
        detail={
            "rule": rule.pk,
            "path": rule.path,
            "whole_project": rule.workflow_id is None,
            "expires_at": rule.expires_at.isoformat() if rule.expires_at else None,
        },
    )
