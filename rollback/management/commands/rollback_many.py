"""manage.py rollback_many: say what an incident's versions would go back to, and ask for it, with an account's own rights."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from catalog.errors import ServiceError
from catalog.models import Project
from catalog.release import require_fit
from definitions.numbers import is_long
from rollback.choices import Category
from rollback.many.criteria import Criteria, criteria_of
from rollback.many.preview import Preview, preview
from rollback.many.submit_many import AskMany, submit_many


class Command(BaseCommand):
    """Exit status 0: asked for, or with --dry-run something can go back; 1: nothing can; 2: refused."""

    help = (
        "Roll back everything a publisher, a time or a text changed. Workers ask for each; people execute on the page."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--publisher", default="", help="as versions name them")
        parser.add_argument("--since", help="moment with its offset, such as 2026-11-26T02:00:00+08:00")
        parser.add_argument("--until", help="the same; not included; now where it is left out")
        parser.add_argument("--text", default="", help="message, person, reference or task")
        parser.add_argument("--project", help="DolphinScheduler's project code")
        parser.add_argument("--user", required=True, help="account whose rights count and who asks")
        parser.add_argument("--reason", default="", help="why; needed without --dry-run")
        parser.add_argument("--ticket", default="")
        parser.add_argument(
            "--acknowledge", action="append", default=[], help="code that is agreed to, for all of them"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say it")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account {options['user']}.", returncode=2)
        try:
            require_fit()
            criteria = _criteria(options, user)
            found = preview(criteria, actor=user)
            self._say(found)
            if not found.offered:
                raise CommandError("Nothing can go back.", returncode=1)
            if not options["dry_run"]:
                self._ask(criteria, options, user)
        except ServiceError as error:
            raise CommandError(f"{error.code}: {error}", returncode=2) from error

    def _say(self, found: Preview) -> None:
        for row in found.offered:
            bad = ", ".join(f"v{number}" for number in row.bad)
            target = row.target.version if row.target else 0
            self.stdout.write(f"{row.workflow.key}: {bad} back to v{target} {_whys(row.warnings)}".rstrip())
        for row in found.left_out:
            self.stdout.write(f"{row.workflow.key}: left out {_whys(row.reasons)}")
        if found.is_more:
            self.stdout.write("More workflows fit than are shown at once.")

    def _ask(self, criteria: Criteria, options: dict[str, Any], user: User) -> None:
        asked = AskMany(
            criteria=criteria,
            reason=options["reason"],
            ticket=options["ticket"],
            category=Category.BAD_PUBLISH,
            acknowledged=tuple(options["acknowledge"]),
        )
        batch, _is_new = submit_many(asked, actor=user)
        self.stderr.write(f"Rollback of many {batch.pk}: workers ask for each; see /rollbacks/many/{batch.pk}/")


def _whys(whys: list[Any]) -> str:
    return " ".join(f"{why.code}: {why.text}" for why in whys)


def _criteria(options: dict[str, Any], user: User) -> Criteria:
    return criteria_of(
        publisher=options["publisher"],
        since=_moment(options["since"]),
        until=_moment(options["until"]),
        text=options["text"],
        project=_project(options["project"], user),
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{text} is no moment; write it as 2026-11-26T02:00:00+08:00.", returncode=2)
    return found


def _project(text: str | None, user: User) -> Project | None:
    if text is None:
        return None
    found = Project.objects.visible_to(user).filter(code=int(text)).first() if is_long(text) else None
    if found is None:
        raise CommandError(f"No governed project that {user} may see has the code {text}.", returncode=2)
    return found
