from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.errors import ServiceError
from catalog.release import require_fit
from definitions.lineage.lineage import VERSION
from snapshotter.choices import LineageState
from snapshotter.derive_lineage import derive_lineage
from snapshotter.discard_lineage import discard_damaged_lineage
from snapshotter.models import ContentLineage, DefinitionContent, Snapshot

_BATCH = 200


class Command(BaseCommand):
    help = (
        "Compute which tables stored versions read and write, now, instead of leaving it to the workers."
        " Exit status 0: all computed; 1: contents of which it can't be."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recompute",
            action="store_true",
            help="every content that an older parser has read, too (after an upgrade); and damaged lineages",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_fit()
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["recompute"] and (gone := discard_damaged_lineage()):
            self.stdout.write(f"{gone} damaged lineages are computed again.")
        for content_hash in _behind() if options["recompute"] else _missing():
            derive_lineage(content_hash)
        failed = ContentLineage.objects.filter(parser_version=VERSION, state=LineageState.FAILED)
        for row in failed.order_by("pk"):
            self.stdout.write(f"{row.content_hash}: {row.problem}")
        done = ContentLineage.objects.filter(parser_version=VERSION, state=LineageState.DONE).count()
        self.stdout.write(f"{done} contents read by {VERSION}.")
        if failed.exists():
            raise SystemExit(1)


def _missing() -> Iterator[str]:
    """Walk by id: what another worker is at stays missing, and must not be asked for again and again."""
    before: int | None = None
    while True:
        rows = Snapshot.objects.without_lineage()
        rows = rows if before is None else rows.filter(pk__lt=before)
        batch = list(rows.values_list("pk", "content_hash")[:_BATCH])
        if not batch:
            return
        before = batch[-1][0]
        yield from dict.fromkeys(content_hash for _, content_hash in batch)


def _behind() -> Iterator[str]:
    after = 0
    while batch := list(
        DefinitionContent.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "content_hash")[:_BATCH]
    ):
        after = batch[-1][0]
        yield from (content_hash for _, content_hash in batch)
