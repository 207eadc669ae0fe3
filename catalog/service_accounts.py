"""Service accounts: users that only call the API, with tokens that are hashed at rest, expire, and are shown once."""

import re
from datetime import timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm
from knox.models import AuthToken

from audit.actors import Actor
from audit.record import record, record_refusal
from catalog.errors import InvalidRequest, NotAllowed
from catalog.models import Project
from catalog.permissions import (
    EXECUTE_ROLLBACK,
    MANAGE,
    PUBLISH,
    PUT_BACK,
    REQUEST_ROLLBACK,
    RIGHTS,
    VIEW,
    may,
    require,
)

PREFIX: Final = "svc-"
MAX_DAYS: Final = 730
LIVE: Final = 2  # tokens of an account while callers change from one to the next
# No machine approves: an approval is a person's word.
ROLES: Final = {
    "view": [VIEW],
    "publish": [VIEW, PUBLISH, PUT_BACK],
    "rollback": [VIEW, REQUEST_ROLLBACK, EXECUTE_ROLLBACK, PUT_BACK],
}
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,60}\Z")


def issue_token(name: str, *, project: Project, role: str, days: int, actor: Actor) -> str:
    """Return a new token of the service account `svc-<name>`, which is made if need be and gets the role on the project.

    The token can't be shown again. Raises InvalidRequest, NotAllowed.
    """
    require(actor, MANAGE, project, event="service_account.refused")
    if not _NAME.match(name):
        raise InvalidRequest(_("A service account's name has 2 to 61 small letters, digits and '-'."), field="name")
    if role not in ROLES:
        raise InvalidRequest(f"A role is one of {', '.join(ROLES)}.", field="role")
    if not 1 <= days <= MAX_DAYS:
        raise InvalidRequest(_("A token lives 1 to %(days)s days.") % {"days": MAX_DAYS}, field="days")
    _require_reach(name, project, actor)
    with transaction.atomic():
        account, created = User.objects.get_or_create(username=PREFIX + name)
        if created:
            account.set_unusable_password()
            account.save(update_fields=["password"])
        for permission in ROLES[role]:
            assign_perm(permission, account, project)
        row, token = AuthToken.objects.create(account, expiry=timedelta(days=days))
        record(
            "service_account.token_issued",
            actor=actor,
            target=account,
            scope=project.scope,
            detail={"role": role, "expires": row.expiry.isoformat(), "begins": row.token_key},
        )
    return str(token)


def rotate_token(row: AuthToken, *, project: Project, actor: Actor) -> str:
    """Return a further token of the same account, which lives as long as this one was made for. This one goes on until it is ended.

    Raises InvalidRequest where the account has two that are alive, NotAllowed.
    """
    require(actor, MANAGE, project, event="service_account.refused")
    account = row.user
    _require_reach(account.username.removeprefix(PREFIX), project, actor)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=account.pk)  # two at once would make two more
        alive = AuthToken.objects.filter(user=account).filter(Q(expiry=None) | Q(expiry__gt=timezone.now()))
        if alive.count() >= LIVE:
            raise InvalidRequest(
                _("This account has two live tokens already. End the one that is not used any more first.")
            )
        life = row.expiry - row.created if row.expiry else timedelta(days=MAX_DAYS)
        fresh, token = AuthToken.objects.create(account, expiry=life)
        record(
            "service_account.token_rotated",
            actor=actor,
            target=account,
            scope=project.scope,
            detail={"expires": fresh.expiry.isoformat(), "begins": fresh.token_key, "former": row.token_key},
        )
    return str(token)


def revoke_token(row: AuthToken, *, project: Project, actor: Actor) -> None:
    """End a token at once."""
    require(actor, MANAGE, project, event="service_account.refused")
    with transaction.atomic():
        record(
            "service_account.token_revoked",
            actor=actor,
            target=row.user,
            scope=project.scope,
            detail={"begins": row.token_key},
        )
        row.delete()


def tokens_of(project: Project) -> QuerySet[AuthToken]:
    """Return the tokens whose service account was given a role on the project, newest first."""
    accounts = User.objects.filter(
        username__startswith=PREFIX,
        userobjectpermission__permission__content_type__app_label="catalog",
        userobjectpermission__permission__content_type__model="project",
        userobjectpermission__object_pk=str(project.pk),
    )
    tokens: QuerySet[AuthToken] = AuthToken.objects.filter(user__in=accounts)
    return tokens.select_related("user", "use").order_by("-created")


def _require_reach(name: str, project: Project, actor: Actor) -> None:
    """A token carries all rights of its account: who makes one must manage every project the account reaches already."""
    account = User.objects.filter(username=PREFIX + name).first()
    if account is None:
        return
    reached = (other for other in Project.objects.all() if any(may(account, right, other) for right in RIGHTS))
    if any(not may(actor, MANAGE, other) for other in reached):
        reason = f"{PREFIX}{name} reaches projects that the actor does not manage"
        record_refusal("service_account.refused", actor=actor, target=account, scope=project.scope, reason=reason)
        raise NotAllowed(_("This account is used by projects you do not manage. Choose another name."), field="name")
