from typing import Any

from operations.bulk_command import BulkCommand
from operations.choices import RunKind
from operations.exports import result_in_words
from operations.models import OperationRun


class Command(BulkCommand):
    help = "Recover old versions from the runs that ran them, oldest first. Exit status 1 where versions are lost or a workflow failed."
    kind = RunKind.BACKFILL
    takes_workflow = True

    def report(self, run: OperationRun, options: dict[str, Any]) -> None:
        super().report(run, options)
        for item in run.items.select_related("run").order_by("project_name", "name"):
            if words := result_in_words(item):
                self.stdout.write(f"{item.project_name}/{item.name}: {words}")

    def found_something(self, run: OperationRun) -> bool:
        return super().found_something(run) or any(item.result.get("because") for item in run.items.all())
