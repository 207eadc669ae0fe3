import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from catalog.explain import Held, explain, people
from catalog.models import Project
from catalog.permissions import RIGHTS

_AT_ONCE = 500


class Command(BaseCommand):
    help = (
        "Say who may do what on the governed projects, and why. Exit status 0: somebody may; 1: nobody does; "
        "2: there is no such project, person or right."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "project", nargs="?", help="DolphinScheduler's project code, or instance/project; all without it"
        )
        parser.add_argument("--user", help="only this person or service account")
        parser.add_argument("--right", help="only this right, such as publish_project")
        parser.add_argument("--json", action="store_true", help="one object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        right = _right(options["right"])
        user = _user(options["user"])
        found = False
        with translation.override("en"):
            for project in _projects(options["project"]):
                if not options["json"]:
                    self.stdout.write(f"{project} ({project.code})")
                for held in _held(project, user, right):
                    found = True
                    for line in _json(held, right) if options["json"] else _text(held, right):
                        self.stdout.write(line)
                self._note_left_out(project, user, options["json"])
        if not found:
            raise SystemExit(1)

    def _note_left_out(self, project: Project, user: User | None, as_json: bool) -> None:
        inactive = people(project, active=False).count() if user is None else int(not user.is_active)
        if inactive and not as_json:
            self.stdout.write(f"  left out: {inactive} not active, who may do nothing")


def _right(name: str | None) -> str | None:
    if name is None:
        return None
    right = name if name.startswith("catalog.") else f"catalog.{name}"
    if right not in RIGHTS:
        known = ", ".join(one.split(".")[1] for one in RIGHTS)
        raise CommandError(f"There is no right {name}. Known ones: {known}.", returncode=2)
    return right


def _user(name: str | None) -> User | None:
    found = User.objects.filter(username=name).first() if name is not None else None
    if name is not None and found is None:
        raise CommandError(f"Nobody is called {name}.", returncode=2)
    return found


def _projects(named: str | None) -> list[Project]:
    rows = Project.objects.select_related("instance").order_by("instance__name", "name", "pk")
    if named is None:
        return list(rows)
    if named.isascii() and named.isdigit() and len(named) < 20:
        rows = rows.filter(code=int(named))
    else:
        instance, _slash, name = named.partition("/")
        rows = rows.filter(instance__name=instance, name=name)
    if not rows:
        raise CommandError(f"No governed project is {named}. Give its code, or instance/project.", returncode=2)
    return list(rows)


def _held(project: Project, user: User | None, right: str | None) -> Iterator[Held]:
    rows = people(project, right)
    if user is not None:
        rows = rows.filter(pk=user.pk)
    last = ""
    while batch := list(rows.filter(username__gt=last).order_by("username")[:_AT_ONCE]):
        yield from explain(batch, [project])
        last = batch[-1].username


def _text(held: Held, right: str | None) -> Iterator[str]:
    kind = " (service account)" if held.is_service else ""
    yield f"  {held.who}{kind}"
    for ground, rights in held.by_ground():
        named = [one.split(".")[1] for one in rights if right in (None, one)]
        if named:
            yield f"    {ground}: {'everything' if ground.superuser and right is None else ', '.join(named)}"


def _json(held: Held, right: str | None) -> Iterator[str]:
    for one, grounds in held.grounds.items():
        if right in (None, one):
            row = {
                "instance": held.project.instance.name,
                "project": held.project.code,
                "project_name": held.project.name,
                "user": str(held.who),
                "is_service_account": held.is_service,
                "right": one.split(".")[1],
                "why": [
                    {"superuser": ground.superuser, "everywhere": ground.everywhere, "group": ground.group or None}
                    for ground in grounds
                ],
            }
            yield json.dumps(row, ensure_ascii=False)
