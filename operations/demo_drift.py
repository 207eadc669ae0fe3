"""The demo's drift: somebody works in DolphinScheduler itself, and an inspection finds it."""

from typing import Final

from catalog.models import Project, Workflow
from drift.choices import RunKind
from drift.claim import begin
from drift.inspect import inspect_due
from operations.demo_changes import Say
from operations.demo_dolphin import ByHand

_SECONDS: Final = 30.0


def behind_our_back(warehouse: Project, hand: ByHand, say: Say) -> None:
    """Change one workflow past Snapshotter, then look at all of them."""
    refunds = Workflow.objects.get(project=warehouse, name="refund_report")
    hand.edit(warehouse.code, refunds.workflow_code or 0, "o.status = 'refund'", "o.status in ('refund', 'chargeback')")
    begin(warehouse.instance, kind=RunKind.SCHEDULED)
    inspect_due(_SECONDS)
    say("somebody changed refund_report in DolphinScheduler itself; an inspection found it, and what was deleted there")
