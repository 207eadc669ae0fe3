"""The demo's drift: somebody works in DolphinScheduler itself, and an inspection finds it."""

from typing import Final

from catalog.models import Project, Workflow
from drift.choices import RunKind
from drift.inspection.claim import begin
from drift.inspection.inspect import inspect_due
from operations.demo.changes import Say
from operations.demo.dolphin import ByHand

_SECONDS: Final = 30.0
_EDITS: Final = [
    ("refund_report", "o.status = 'refund'", "o.status in ('refund', 'chargeback')"),
    ("dim_users", "from ods.users", "from ods.users where dt = '${bizdate}'"),
]


def behind_our_back(warehouse: Project, hand: ByHand, say: Say) -> None:
    """Change two workflows past Snapshotter, one for the worse and one for the better, then look at all of them."""
    for name, before, after in _EDITS:
        workflow = Workflow.objects.get(project=warehouse, name__startswith=name)
        hand.edit(warehouse.code, workflow.workflow_code or 0, before, after)
    begin(warehouse.instance, kind=RunKind.SCHEDULED)
    inspect_due(_SECONDS)
    say(
        "somebody changed refund_report and dim_users in DolphinScheduler itself; an inspection found it, and what was "
        "deleted there"
    )
