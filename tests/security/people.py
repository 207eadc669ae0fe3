"""People with every way of having, or not having, what a verb needs; made once for a whole table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from guardian.shortcuts import assign_perm

from catalog.groups import GROUPS
from catalog.models import Project
from catalog.permissions import RIGHTS, VIEW

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Person:
    """`held` is what counts on the project, by hand: the table must not ask the code that it judges."""

    user: User
    held: frozenset[str]
    client: Client = field(repr=False)

    def __str__(self) -> str:
        return self.user.username

    def may(self, needs: tuple[str, ...]) -> bool:
        """`needs` empty: a superuser's."""
        if not self.user.is_active:
            return False
        return self.user.is_superuser or (bool(needs) and set(needs) <= self.held)

    @property
    def sees(self) -> bool:
        return self.user.is_active and (self.user.is_superuser or VIEW in self.held)


def everybody(project: Project, other: Project) -> dict[str, Person]:
    """Return those whose rights do not depend on a verb: superuser, ready-made groups, viewer, nobody, inactive ones."""
    made = {"root": _person("root", (), is_superuser=True), "nobody": _person("nobody", ())}
    made["viewer"] = _granted("viewer", [VIEW], project)
    made["inactive"] = _person("inactive", (), is_active=False)
    made["inactive root"] = _person("inactive root", (), is_active=False, is_superuser=True)
    for right in RIGHTS:
        assign_perm(right, made["inactive"].user)
    for name, rights in GROUPS.items():
        made[name] = _person(name, rights)
        made[name].user.groups.add(Group.objects.get(name=name))
    return made


def by_needs(needs: tuple[str, ...], project: Project, other: Project) -> dict[str, Person]:
    """Return those who have just what is needed: here, everywhere, by a group, elsewhere; and all but one of it."""
    given = list(dict.fromkeys([VIEW, *(needs or RIGHTS)]))
    label = "+".join(one.split(".")[1].removesuffix("_project") for one in needs) or "all"
    made = {
        "here": _granted(f"{label} here", given, project),
        "everywhere": _granted(f"{label} everywhere", given, None),
    }
    made["elsewhere"] = _granted(f"{label} elsewhere", given, other, counts=False)
    group = Group.objects.create(name=f"{label} crew")
    for right in given:
        assign_perm(right, group, project)
    made["by a group here"] = _person(f"{label} by group", given)
    made["by a group here"].user.groups.add(group)
    for right in needs:
        if right != VIEW:
            rest = [one for one in RIGHTS if one != right]
            made[f"all but {right}"] = _granted(f"{label} without {right.split('.')[1]}", rest, project)
    return made


def _granted(name: str, rights: Iterable[str], project: Project | None, *, counts: bool = True) -> Person:
    made = _person(name, rights if counts else ())
    for right in rights:
        assign_perm(right, made.user, project)
    return made


def _person(name: str, held: Iterable[str], **fields: Any) -> Person:
    user = User.objects.create(username=name, is_staff=True, **fields)
    client = Client()
    client.force_login(user, backend=BACKEND)
    return Person(user, frozenset(held), client)
