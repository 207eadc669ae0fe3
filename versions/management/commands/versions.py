import json
from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from audit.moments import in_utc
from catalog.by_key import workflow_by_key
from definitions.secrets import mask_text
from snapshotter.api.serializers import SnapshotBrief
from snapshotter.choices import Status
from snapshotter.models import Snapshot
from versions.exports.pretty import plain

_MOST = 1_000


class Command(BaseCommand):
    help = (
        "List the versions of a workflow, newest first. Exit status 0: listed, also when there are none; 2: could not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="key of a governed workflow")
        parser.add_argument("--status", choices=Status.values)
        parser.add_argument("--since", help="a day or a moment, such as 2026-11-23 or 2026-11-23T08:00:00+08:00")
        parser.add_argument("--limit", type=int, default=50, help=f"how many at most, up to {_MOST}; default 50")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, as the API gives versions")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Snapshot.objects.for_workflow(workflow_by_key(options["key"])).latest_first()
        if options["status"]:
            rows = rows.filter(status=options["status"])
        if options["since"]:
            rows = rows.filter(created_at__gte=_moment(options["since"]))
        if not 0 < options["limit"] <= _MOST:
            raise CommandError(f"--limit is 1 to {_MOST}.", returncode=2)
        for snapshot in rows[: options["limit"]]:
            if options["json"]:
                self.stdout.write(json.dumps(SnapshotBrief(snapshot).data, ensure_ascii=False, default=str))
            else:
                self.stdout.write(_line(snapshot))


def _moment(text: str) -> datetime:
    """Read a day or a moment; without an offset it is of the site's time zone."""
    try:
        moment, day = parse_datetime(text), parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime.combine(day, time.min)
    if moment is not None and not timezone.is_aware(moment):
        moment = timezone.make_aware(moment)
    if moment is None or in_utc(moment) is None:
        raise CommandError(
            "--since is a day or a moment, such as 2026-11-23 or 2026-11-23T08:00:00+08:00.", returncode=2
        )
    return moment


def _line(snapshot: Snapshot) -> str:
    when = f"{timezone.localtime(snapshot.created_at):%Y-%m-%d %H:%M}"
    live = "live" if snapshot.live_from and not snapshot.live_to else "was live" if snapshot.live_from else ""
    why = plain(mask_text(snapshot.message.partition("\n")[0]))
    head = f"v{snapshot.version:<5} {snapshot.status:<11} {live:<8} {when}"
    return f"{head}  {plain(snapshot.publisher):<16} {snapshot.trigger:<9} {why}".rstrip()
