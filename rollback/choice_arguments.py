"""The choices of a rollback as arguments of commands."""

from argparse import ArgumentParser
from typing import Any

from rollback.choices_of import Choices
from snapshotter.choices import Online, ScheduleChoice


def add_choice_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--online", choices=Online.values, default=Online.KEEP)
    parser.add_argument("--schedule", choices=ScheduleChoice.values, default=ScheduleChoice.KEEP)
    parser.add_argument("--schedule-state", choices=Online.values, default=Online.KEEP)
    parser.add_argument("--with-name", action="store_true", help="bring the version's name back too")
    parser.add_argument("--without-layout", action="store_true", help="leave positions as they are")


def chosen(options: dict[str, Any]) -> Choices:
    """Return what the arguments say."""
    return Choices.from_json({**options, "with_layout": not options["without_layout"]})
