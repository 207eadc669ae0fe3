"""The trail: the whole for its readers, the history of a workflow, version or project for who may view it. GET but for two buttons."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.access import may_read, require_reader
from audit.export import FORMS, export
from audit.filters import TrailFilter, chosen
from audit.findings import Kind
from audit.history import neighbours, of_name, of_object
from audit.keyset import listed
from audit.models import AuditEntry, Outcome
from audit.status import Status, status
from audit.verify_audit import ask
from catalog.errors import InvalidRequest, NotFound
from catalog.models import Project, Workflow
from catalog.pages import actor_of, page, show
from versions.comparison import snapshot_named
from versions.reach import workflow_of
from versions.slots import history_kinds
from versions.trail_rows import rows_of
from versions.trail_words import THINGS

_ORDER: Final = ("-timestamp", "-id")
_TYPES: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}


@page
def trail(request: HttpRequest) -> HttpResponse:
    """Every entry, and how the chain stands."""
    require_reader(actor_of(request))
    chain = status()
    return _list(
        request, AuditEntry.objects.all(), _("Audit trail"), is_all=True, chain=chain, findings=_findings(chain)
    )


@page
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Ask a worker to verify the chain; the page tells the result."""
    ask(actor=actor_of(request))
    messages.success(request, _("The chain is being verified; this page shows the result."))
    return HttpResponseRedirect(reverse("versions:trail"))


@page
@require_POST
def download(request: HttpRequest, form: str) -> HttpResponse:
    """The filtered entries as a file. A POST, since that it was taken is an entry too.

    A filter that can't be read is refused: the file would hold everything, and the trail would say that it was filtered.
    """
    if form not in FORMS:
        raise NotFound
    require_reader(actor_of(request))
    filters = TrailFilter(request.GET, queryset=AuditEntry.objects.all())
    if not filters.form.is_valid():
        wrong = ", ".join(filters.form.errors)
        raise InvalidRequest(_("These filters can't be read: %(names)s.") % {"names": wrong}, field=wrong)
    lines = export(filters.qs, form=form, filters=chosen(request.GET), actor=actor_of(request))
    answer = StreamingHttpResponse(lines, content_type=_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return answer  # type: ignore[return-value]  # whatever Django sends


@page
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry whole, with the ones before and after it of the same object."""
    whole = may_read(actor_of(request))
    found = AuditEntry.objects.filter(pk=pk).prefetch_related("content_type", "seal").first()
    if found is None or not (whole or _is_of_a_visible_workflow(request, found)):
        raise NotFound
    before, after = neighbours(found)
    (row,) = rows_of([found], whole=True)
    title = _("Entry %(id)s") % {"id": found.pk}
    return show(request, "versions/trail_entry.html", title, row=row, before=before, after=after, whole=whole)


@page
def workflow_history(request: HttpRequest, key: str) -> HttpResponse:
    """What was done to a workflow and its versions."""
    found = workflow_of(request, key)
    return _list(
        request, of_name(found.key, history_kinds), _("History of %(name)s") % {"name": found.name}, workflow=found
    )


@page
def version_history(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """What was done to one version."""
    found = workflow_of(request, key)
    snapshot = snapshot_named(found, str(number))
    title = _("History of %(name)s") % {"name": f"{found.name} v{number}"}
    return _list(request, of_object(snapshot), title, workflow=found, snapshot=snapshot)


@page
def project_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done in a project."""
    found: Project | None = (
        Project.objects.visible_to(actor_of(request)).select_related("instance").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound
    rows = AuditEntry.objects.filter(scope=found.scope)
    return _list(request, rows, _("History of %(name)s") % {"name": found}, project=found)


def _list(
    request: HttpRequest, entries: "QuerySet[AuditEntry]", title: str, *, is_all: bool = False, **context: Any
) -> HttpResponse:
    filters = TrailFilter(request.GET, queryset=entries.prefetch_related("content_type"))
    found = listed(request.GET, filters.qs, by=_ORDER)
    return show(
        request,
        "versions/trail.html",
        title,
        listed=found,
        rows=rows_of(found),
        is_all=is_all,
        outcomes=Outcome.choices,
        things=sorted(THINGS.items(), key=lambda item: str(item[1])),
        asked=chosen(request.GET),
        problems=list(filters.form.errors),
        looked_through=filters.looked_through,
        **context,
    )


def _findings(chain: Status) -> list[dict[str, Any]]:
    """Return what the last verification kept, each kind in words."""
    labels = dict(Kind.choices)
    return [{**found, "label": labels.get(found["kind"], "")} for found in (chain.last.findings if chain.last else [])]


def _is_of_a_visible_workflow(request: HttpRequest, found: AuditEntry) -> bool:
    """Whether it stands in the history of a workflow that the reader may view."""
    key = found.target.partition(" ")[0]
    row: Any = found
    if ".".join(row.content_type.natural_key()) not in history_kinds:
        return False
    return bool(Workflow.objects.visible_to(actor_of(request)).with_key(key).exists())
