from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from operations.bulk_command import BulkCommand
from operations.choices import RunKind
from operations.exports import inventory_csv, markdown
from operations.inventory.limits import in_words
from operations.inventory.risk_words import what
from operations.models import InventoryRow, OperationRun


class Command(BulkCommand):
    help = (
        "List every workflow of a project or instance with its risks. Only reads. Exit status 1 where a risk was found."
    )
    kind = RunKind.INVENTORY

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--csv", type=Path, help="file to write the rows to")
        parser.add_argument("--markdown", type=Path, help="file to write the report to")

    def report(self, run: OperationRun, options: dict[str, Any]) -> None:
        super().report(run, options)
        rows = InventoryRow.objects.filter(item__run=run).select_related("item__run", "workflow")
        listed = list(rows.order_by("-level", "item__project_name", "item__name"))
        for row in listed:
            mark = " (temporary)" if row.temporary else ""
            self.stdout.write(f"{row.item.project_name}/{row.item.name}{mark}: {in_words(row.limits)}")
            for risk in row.risks:
                self.stdout.write(f"    {risk['code']}: {what(risk)}")
        try:
            if options["csv"]:
                options["csv"].write_text(inventory_csv(listed), encoding="utf-8")
            if options["markdown"]:
                options["markdown"].write_text(markdown(run, listed), encoding="utf-8")
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error

    def found_something(self, run: OperationRun) -> bool:
        return super().found_something(run) or InventoryRow.objects.filter(item__run=run, level__gt=0).exists()
