"""What rollback adds to pages below it: a strip on a workflow's page, buttons beside versions, and figures on the start page."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.keyset import counted
from catalog.choices import Mode
from catalog.models import Workflow
from catalog.permissions import REQUEST_ROLLBACK, may
from rollback.choices import OPEN, State
from rollback.inbox import reviews_due, waiting_count
from rollback.models import RollbackRequest
from snapshotter.choices import Status
from snapshotter.models import Snapshot
from versions.slots import Figure, VersionAct


def requests_panel(workflow: Workflow) -> SafeString | str:
    """Say that a rollback is open, or that the newest one failed."""
    rows = RollbackRequest.objects.for_workflow(workflow).filter(project=workflow.project_id)
    newest = rows.order_by("-id").first()
    if newest is None or newest.state not in (*OPEN, State.FAILED):
        newest = rows.filter(open_key=workflow.pk).first()  # an older one was executed again
    if newest is None:
        return ""
    return render_to_string("rollback/strip.html", {"asked": newest, "target": newest.target})


def version_act(workflow: Workflow, reader: Actor) -> VersionAct:
    """Return what makes the button of each version of a workflow; whether the reader may is asked once."""
    published = workflow.state.published_id
    why = _why_not(workflow, reader)

    def button(version: Snapshot, *, anyway: bool = False) -> SafeString | str:
        if version.pk == published or version.status == Status.DRAFT or not (version.was_live or anyway):
            return ""
        address = f"{reverse('rollback:rollback', args=[workflow.key])}?version={version.version}"
        context = {"address": address, "why": why, "number": version.version, "main": anyway}
        return render_to_string("rollback/button.html", context)

    return button


def figures(reader: Actor) -> Iterable[Figure]:
    """Yield what waits on the reader, where anything does."""
    count, is_more = waiting_count(reader)
    if count:
        yield Figure(_("waiting for me"), "warn", _number(count, is_more), reverse("rollback:inbox"))
    due, is_more = counted(reviews_due(reader))
    if due:
        yield Figure(_("reviews due"), "bad", _number(due, is_more), f"{reverse('rollback:inbox')}?tab=waiting")


def _why_not(workflow: Workflow, reader: Actor) -> str:
    if not may(reader, REQUEST_ROLLBACK, workflow.project):
        return _("You may not ask for rollbacks in this project.")
    if workflow.project.mode == Mode.RECORD:
        return _("The project only records: DolphinScheduler is not written.")
    if workflow.project.mode == Mode.OFF:
        return _("The project is off: nothing is captured or published.")
    return ""


def _number(count: int, is_more: bool) -> str:
    return f"{count}+" if is_more else str(count)
