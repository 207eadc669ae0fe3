"""Who may do what: one question, asked globally and then on the project."""

from django.db.models import Model
from guardian.core import ObjectPermissionChecker

from audit.actors import Actor, System
from audit.record import record_refusal
from catalog.errors import NotAllowed, NotFound
from catalog.models import Project

VIEW = "catalog.view_project"
PUBLISH = "catalog.publish_project"
MANAGE = "catalog.manage_project"
OVERRIDE_FREEZE = "catalog.override_freeze_project"
REQUEST_ROLLBACK = "catalog.request_rollback_project"
APPROVE_ROLLBACK = "catalog.approve_rollback_project"
EXECUTE_ROLLBACK = "catalog.execute_rollback_project"
BREAK_GLASS = "catalog.break_glass_project"
MANAGE_POLICY = "catalog.manage_policy_project"
QUARANTINE = "catalog.quarantine_project"
VIEW_SECRETS = "catalog.view_secrets_project"
TRIAGE_DRIFT = "catalog.triage_drift_project"
PUT_BACK = "catalog.put_back_project"
RIGHTS = (
    *(VIEW, PUBLISH, MANAGE, OVERRIDE_FREEZE),
    *(REQUEST_ROLLBACK, APPROVE_ROLLBACK, EXECUTE_ROLLBACK, BREAK_GLASS, MANAGE_POLICY),
    *(QUARANTINE, VIEW_SECRETS, TRIAGE_DRIFT, PUT_BACK),
)


def may(actor: Actor, permission: str, project: Project) -> bool:
    """Ask the permission on the project, then the global one: Django's `has_perm(p, obj)` is False for a holder of the global one.

    In this order, since service accounts call most and hold theirs on a project.
    """
    if isinstance(actor, System):
        return True
    return bool(actor.is_active and (actor.has_perm(permission, project) or actor.has_perm(permission)))


def rights(actor: Actor, project: Project) -> frozenset[str]:
    """Return all permissions the actor has on the project, for a page whose parts ask for several: one look a request.

    What was found is kept on the actor, who is read anew for each request. A verb asks `may`.
    """
    if isinstance(actor, System) or (actor.is_active and actor.is_superuser):
        return frozenset(RIGHTS)
    kept: dict[int, frozenset[str]] = actor.__dict__.setdefault("_rights", {})
    if project.pk not in kept:
        held: list[str] = ObjectPermissionChecker(actor).get_perms(project)
        kept[project.pk] = frozenset(f"catalog.{name}" for name in held) | frozenset(actor.get_all_permissions())
    return kept[project.pk]


def require(actor: Actor, permission: str, project: Project, *, event: str, about: Model | None = None) -> None:
    """Raise unless allowed; the refused attempt is an audit row of the project, or of what the act is `about`.

    Call before opening the act's transaction.

    Raises NotFound where the actor may not even view the project, so that names can't be guessed; else NotAllowed.
    """
    if may(actor, permission, project):
        return
    record_refusal(event, actor=actor, target=about or project, scope=project.scope, reason=f"lacks {permission}")
    if not may(actor, VIEW, project):
        raise NotFound
    raise NotAllowed(permission=permission, project=project.scope)


def require_superuser(actor: Actor, *, event: str, target: Model, scope: str = "") -> None:
    """Raise NotAllowed unless a superuser or the service itself acts: which addresses we call, and with which token, is theirs to say."""
    if isinstance(actor, System) or (actor.is_active and actor.is_superuser):
        return
    record_refusal(event, actor=actor, target=target, scope=scope, reason="is no superuser")
    raise NotAllowed(permission="superuser")
