import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.by_key import workflow_by_key
from catalog.errors import ServiceError
from definitions.compare import Comparison, masked
from definitions.noise import split
from dolphin.errors import DolphinError
from snapshotter.failures import SyncFailed
from snapshotter.masking import digest
from versions.comparison import Side, compare_sides, sides
from versions.exports.export import FORMATS, export
from versions.exports.parts import side_name
from versions.wording.moved_boxes import not_shown
from versions.wording.sentences import sentences


class Command(BaseCommand):
    help = (
        "Say what differs between two versions of a workflow, or between a version and what DolphinScheduler holds now. "
        "A side is a version number, latest, published or live. Secrets are masked. "
        "Exit status 0: equal (but for positions, unless --layout); 1: different; 2: could not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="key of a governed workflow")
        parser.add_argument("left", nargs="?", default="published", help="default published")
        parser.add_argument("right", nargs="?", default="live", help="default live")
        parser.add_argument("--format", choices=("text", *FORMATS), default="text")
        parser.add_argument("--layout", action="store_true", help="moved boxes count too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            is_equal = self._compare(**{name: options[name] for name in ("key", "left", "right", "format", "layout")})
        except (DolphinError, SyncFailed) as error:
            raise CommandError(
                f"DolphinScheduler's side can't be compared ({error.code}): {error}. "
                "Test the connection on the instance's page, or run manage.py doctor.",
                returncode=2,
            ) from error
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        if not is_equal:
            sys.exit(1)

    def _compare(self, *, key: str, left: str, right: str, format: str, layout: bool) -> bool:
        """Write the difference; return whether there is none."""
        workflow = workflow_by_key(key)
        both = sides(workflow, left, right)
        comparison = compare_sides(*both)
        if format == "text":
            self._tell(*both, comparison, layout)
        else:
            self.stdout.write(export(*both, comparison, format, with_layout=layout).body.decode(), ending="")
        return split(comparison, with_layout=layout)[0].is_identical

    def _tell(self, left: Side, right: Side, comparison: Comparison, layout: bool) -> None:
        shown, hidden = split(masked(comparison, digest=digest), with_layout=layout)
        self.stdout.write(f"{left.key}: {side_name(left)} -> {side_name(right)}")
        for sentence in sentences(shown, with_layout=layout):
            self.stdout.write(f"  {sentence.mark}  {sentence.text}")
        if shown.is_identical:
            self.stdout.write("  equal")
        if not hidden.is_identical:
            self.stdout.write(f"  {not_shown(len(hidden.changes))}; --layout shows positions")
