"""What rollback adds to pages below it: a strip on a workflow's page, buttons beside versions, and figures on the start page."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Workflow
from catalog.permissions import REQUEST_ROLLBACK, rights
from rollback.choices import OPEN, State
from rollback.inbox import counts
from rollback.models import RollbackRequest
from snapshotter.choices import Status
from snapshotter.models import ContentQuarantine, Snapshot, Sync
from versions.slots import Figure, VersionAct


def requests_panel(workflow: Workflow) -> SafeString | str:
    """Say that a rollback is open, or that the newest one failed."""
    rows = RollbackRequest.objects.for_workflow(workflow).filter(project=workflow.project_id)
    newest = rows.select_related("target").order_by("-open_key", "-id").first()  # the open one, else the newest
    if newest is None or newest.state not in (*OPEN, State.FAILED):
        return ""
    return render_to_string("rollback/strip.html", {"asked": newest, "target": newest.target})


def request_note(sync: Sync) -> SafeString | str:
    """Say which request a sync works on; any other publish costs nothing."""
    is_back = "put_back" in sync.options
    if sync.snapshot is None or (sync.snapshot.rollback_of_id is None and not is_back):
        return ""
    asked = RollbackRequest.objects.select_related("target").filter(sync=sync).first()
    return render_to_string("rollback/strip.html", {"asked": asked, "target": asked.target}) if asked else ""


def version_act(workflow: Workflow, reader: Actor) -> VersionAct:
    """Return what makes the button of each version of a workflow, for this reader; whether they may is asked once."""
    published = workflow.state.published_id
    why = _why_not(workflow, reader)

    def button(version: Snapshot, *, anyway: bool = False) -> SafeString | str:
        if version.pk == published:
            former = Snapshot.objects.live_before(version).first() if anyway else None
            return _button(workflow, former, why or _kept_out(workflow, former), back=True) if former else ""
        offered = anyway or (version.was_live and not getattr(version, "is_kept_out", False))  # annotated by a list
        if version.status == Status.DRAFT or not offered:
            return ""
        return _button(workflow, version, why or (_kept_out(workflow, version) if anyway else ""), main=anyway)

    return button


def _button(workflow: Workflow, version: Snapshot, why: str, **look: bool) -> SafeString:
    address = f"{reverse('rollback:rollback', args=[workflow.key])}?version={version.version}"
    return render_to_string("rollback/button.html", {"address": address, "why": why, "number": version.version, **look})


def _kept_out(workflow: Workflow, version: Snapshot) -> str:
    rows = ContentQuarantine.objects.open().covering(workflow).filter(content_hash=version.content_hash)
    row = rows.first()
    return _("In quarantine: %(reason)s") % {"reason": row.reason} if row is not None else ""


def trail_address(entry: AuditEntry) -> str:
    """Return the address of the request an entry of the trail is about."""
    return reverse("rollback:request", args=[entry.object_pk])


def figures(reader: Actor) -> Iterable[Figure]:
    """Yield what waits on the reader, where anything does."""
    waiting, reviews = counts(reader)
    address = reverse("rollback:inbox")
    if waiting > reviews:  # a review waits too: it is told once
        yield Figure(_("waiting for me"), "warn", waiting - reviews, address)
    if reviews:
        yield Figure(_("to be reviewed"), "bad", reviews, address)


def _why_not(workflow: Workflow, reader: Actor) -> str:
    if REQUEST_ROLLBACK not in rights(reader, workflow.project):
        return _("You may not ask for rollbacks in this project.")
    if workflow.project.mode == Mode.RECORD:
        return _("The project only records: DolphinScheduler is not written.")
    if workflow.project.mode == Mode.OFF:
        return _("The project is off: nothing is captured or published.")
    return ""
