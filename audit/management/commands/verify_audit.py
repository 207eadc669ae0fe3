from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from audit.actors import SYSTEM
from audit.findings import SHOWN, Finding, Kind
from audit.models import AuditVerification
from audit.verify_audit import verify
from audit.walk import Head


def _head(text: str) -> Head:
    sequence, _, value = text.partition(":")
    if not sequence.isdigit() or len(sequence) > 18 or len(value) != 64:
        raise ArgumentTypeError("is SEQUENCE:HASH, as the log's line audit.sealed has them")
    return Head(int(sequence), value.lower())


class Command(BaseCommand):
    help = (
        "Verify the sealed audit trail. Exit status 0: nothing is wrong; 1: something is, named line by line; 2: could not."
        " With --head the chain is compared with a place known from the log, which the database's owner can't change."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="start", type=int, default=1, help="first seal to look at; default: all")
        parser.add_argument("--head", type=_head, action="append", default=[], metavar="SEQUENCE:HASH")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["start"] < 2**62:
            raise CommandError("--from is a number from 1.", returncode=2)
        try:
            row = verify(actor=SYSTEM, start=options["start"], known=options["head"])
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {type(error).__name__}.", returncode=2) from error
        self._say(row)
        if row.found:
            raise SystemExit(1)

    def _say(self, row: AuditVerification) -> None:
        for values in row.findings:
            finding = Finding(**values)
            self.stdout.write(f"{finding} ({Kind(finding.kind).label})")
        if row.found > SHOWN:
            self.stdout.write(f"and {row.found - SHOWN} more")
        self.stdout.write(f"{row.checked} entries checked, {row.found} findings; head {row.reached}:{row.reached_hash}")
