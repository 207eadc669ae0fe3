from operations.bulk_command import BulkCommand
from operations.choices import RunKind


class Command(BulkCommand):
    help = "Capture every workflow of a project or instance. DolphinScheduler is only read; an unchanged workflow makes no version."
    kind = RunKind.BASELINE
