"""Who may do what, and why: the same answer as `permissions.may`, with its grounds. Reads only, by few queries for many people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Count, Q, QuerySet
from guardian.models import GroupObjectPermission, UserObjectPermission

from catalog.models import Project
from catalog.permissions import MANAGE, RIGHTS
from catalog.right_names import SUPERUSER, Ground
from catalog.service_accounts import PREFIX

Grounds = dict[str, list[Ground]]  # right -> why, in RIGHTS' order; a right that isn't held is left out
GROUPS_SHOWN = 100
ASKED = 5


@dataclass(frozen=True, slots=True)
class Held:
    """What one person or group may do on one project. `who` is a User or a Group; a group that is left out of `members` counts none."""

    who: Any
    project: Project
    grounds: Grounds = field(default_factory=dict)
    members: int = 0

    @property
    def is_service(self) -> bool:
        return str(self.who).startswith(PREFIX)

    def by_ground(self) -> list[tuple[Ground, list[str]]]:
        """Return (why, rights), so that a group's rights stand together."""
        turned: dict[Ground, list[str]] = {}
        for right, grounds in self.grounds.items():
            for ground in grounds:
                turned.setdefault(ground, []).append(right)
        return sorted(turned.items(), key=lambda pair: (not pair[0].superuser, pair[0]))


def people(project: Project, right: str | None = None, *, active: bool = True) -> QuerySet[User]:
    """Return those with the right, or any, on the project; unordered. Inactive accounts may do nothing: they are asked for apart."""
    granted = list(_rights([right] if right else RIGHTS))
    groups = _granted_groups(granted, project).values_list("pk", flat=True)
    here = UserObjectPermission.objects.filter(permission__in=granted, object_pk=str(project.pk))
    return User.objects.filter(is_active=active).filter(
        Q(is_superuser=True)
        | Q(pk__in=User.user_permissions.through.objects.filter(permission__in=granted).values("user"))
        | Q(pk__in=User.groups.through.objects.filter(group__in=list(groups)).values("user"))
        | Q(pk__in=here.values("user"))
    )


def explain(users: Sequence[User], projects: Sequence[Project]) -> list[Held]:
    """Return what each of the users may do on each of the projects, person by person. Six queries, however many they are."""
    granted = _rights(RIGHTS)
    active = [user.pk for user in users if user.is_active]
    member_of = _collect(User.groups.through.objects.filter(user__in=active).values_list("user", "group"))
    names = dict(
        Group.objects.filter(pk__in={pk for pks in member_of.values() for pk in pks}).values_list("pk", "name")
    )
    own = _collect(
        User.user_permissions.through.objects.filter(user__in=active, permission__in=granted).values_list(
            "user", "permission"
        )
    )
    by_group = _collect(
        Group.permissions.through.objects.filter(group__in=names, permission__in=granted).values_list(
            "group", "permission"
        )
    )
    places = [str(project.pk) for project in projects]
    here = _placed(UserObjectPermission, "user", active, granted, places)
    by_group_here = _placed(GroupObjectPermission, "group", names, granted, places)

    def grounds(user: User, place: str) -> Grounds:
        found: list[tuple[int, Ground]] = [(pk, Ground(True)) for pk in own.get(user.pk, ())]
        found += [(pk, Ground(False)) for pk in here.get((user.pk, place), ())]
        for group in member_of.get(user.pk, ()):
            found += [(pk, Ground(True, names[group])) for pk in by_group.get(group, ())]
            found += [(pk, Ground(False, names[group])) for pk in by_group_here.get((group, place), ())]
        return _by_right(found, granted)

    return [
        Held(user, project, {key: [SUPERUSER] for key in RIGHTS} if _is_root(user) else grounds(user, str(project.pk)))
        for user in users
        for project in projects
    ]


def explain_groups(project: Project, right: str | None = None) -> list[Held]:
    """Return the groups that give rights on the project, by name, GROUPS_SHOWN at most, with the number of their active members."""
    granted = _rights([right] if right else RIGHTS)
    rows = _granted_groups(list(granted), project).annotate(active=Count("user", filter=Q(user__is_active=True)))
    groups: list[Any] = list(rows.order_by("name")[:GROUPS_SHOWN])
    pks = [group.pk for group in groups]
    everywhere = _collect(
        Group.permissions.through.objects.filter(group__in=pks, permission__in=granted).values_list(
            "group", "permission"
        )
    )
    place = str(project.pk)
    here = _placed(GroupObjectPermission, "group", pks, granted, [place])
    return [
        Held(
            group,
            project,
            _by_right(
                [(pk, Ground(True)) for pk in everywhere.get(group.pk, ())]
                + [(pk, Ground(False)) for pk in here.get((group.pk, place), ())],
                granted,
            ),
            group.active,
        )
        for group in groups
    ]


def askable(project: Project) -> list[User]:
    """Return whom to ask for a right on the project: some who manage it, superusers only where nobody else does."""
    managers = people(project, MANAGE).exclude(username__startswith=PREFIX)
    return list(managers.order_by("is_superuser", "username")[:ASKED])


def _is_root(user: User) -> bool:
    return user.is_active and user.is_superuser


def _rights(rights: Iterable[str]) -> dict[int, str]:
    """Return {id of the permission: right}."""
    codenames = {right.split(".")[1]: right for right in rights}
    rows = Permission.objects.filter(
        content_type__app_label="catalog", content_type__model="project", codename__in=codenames
    )
    return {pk: codenames[codename] for pk, codename in rows.values_list("pk", "codename")}


def _granted_groups(granted: list[int], project: Project) -> QuerySet[Group]:
    here = GroupObjectPermission.objects.filter(permission__in=granted, object_pk=str(project.pk))
    everywhere = Group.permissions.through.objects.filter(permission__in=granted)
    return Group.objects.filter(Q(pk__in=everywhere.values("group")) | Q(pk__in=here.values("group")))


def _collect(pairs: Iterable[tuple[Any, int]]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _placed(
    model: Any, holder: str, holders: Iterable[int], granted: Iterable[int], places: list[str]
) -> dict[Any, list[int]]:
    rows = model.objects.filter(**{f"{holder}__in": list(holders)}, permission__in=list(granted), object_pk__in=places)
    found = rows.values_list(holder, "object_pk", "permission")
    return _collect(((pk, place), permission) for pk, place, permission in found)


def _by_right(found: list[tuple[int, Ground]], granted: dict[int, str]) -> Grounds:
    turned: Grounds = {}
    for pk, ground in found:
        turned.setdefault(granted[pk], []).append(ground)
    return {right: sorted(turned[right]) for right in RIGHTS if right in turned}
