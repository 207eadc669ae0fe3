"""Set a project's rules of approval."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.models import Project
from catalog.permissions import MANAGE_POLICY, require
from definitions.secrets import mask_text
from rollback.models import RollbackPolicy

FIELDS = (
    "approvals_needed",
    "approver_groups",
    "expires_hours",
    "review_hours",
    "same_author_minutes",
    "harmless_passes",
)


def set_policy(project: Project, values: dict[str, Any], *, actor: Actor, reason: str = "") -> RollbackPolicy:
    """Change some of the rules; what is open is judged by the stricter of then and now. Raises NotAllowed, InvalidRequest."""
    require(actor, MANAGE_POLICY, project, event="policy.refused")
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)  # two at once change one row, one after the other
        policy = RollbackPolicy.objects.filter(project=project).first() or RollbackPolicy(project=project)
        before = {name: getattr(policy, name) for name in FIELDS}
        for name in FIELDS:
            setattr(policy, name, values.get(name, before[name]))
        _check(policy)
        after = {name: getattr(policy, name) for name in FIELDS}
        policy.save()
        changes = {name: (before[name], after[name]) for name in FIELDS if before[name] != after[name]}
        if changes:
            record(
                "policy.changed",
                actor=actor,
                target=project,
                scope=project.scope,
                changes=changes,
                reason=mask_text(reason.strip()),
            )
    return policy


def _check(policy: RollbackPolicy) -> None:
    try:
        policy.clean_fields(exclude=["project"])
    except ValidationError as error:
        name, texts = next(iter(error.message_dict.items()))
        text = _("The rule %(name)s is not valid: %(problem)s") % {"name": name, "problem": " ".join(texts)}
        raise InvalidRequest(text, field=name) from None
    groups = policy.approver_groups
    if not isinstance(groups, list) or not all(isinstance(name, str) for name in groups):
        raise InvalidRequest(_("approver_groups is a list of names of groups."), field="approver_groups")
    missing = sorted(set(groups) - set(Group.objects.filter(name__in=groups).values_list("name", flat=True)))
    if missing:
        raise InvalidRequest(_("There is no group %(name)s.") % {"name": missing[0]}, field="approver_groups")
