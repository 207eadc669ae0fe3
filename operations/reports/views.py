"""The reports' pages: figures of a period, and what is online without a version. GET only."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from audit.keyset import listed
from catalog.errors import NotFound
from catalog.models import Project
from catalog.pages import actor_of, page, show
from definitions.numbers import is_long
from definitions.secrets import mask_text
from operations.reports import words
from operations.reports.chart import Bar, chart, small_chart, strip
from operations.reports.count_versions import FAILURES, TOP, Ends
from operations.reports.coverage import newest, uncovered
from operations.reports.files import TABLES, uncovered_csv
from operations.reports.links import links, query_of
from operations.reports.period import InvalidPeriod, Period, parse, recent, this_quarter
from operations.reports.report import Report, report
from operations.reports.scope import Scope, scope_of
from operations.reports.spoken import change, spoken, tone
from rollback.choices import Category

CHOICES = 200  # projects in a select
MOST_ROWS = 100_000  # of a file
_ORDER = ("item__project_name", "item__name", "pk")


@dataclass(frozen=True, slots=True)
class Card:
    name: words.Text
    definition: words.Text
    value: str
    former: str
    change: str
    tone: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table beside its bar."""

    name: str
    ends: Ends
    rate: str
    bars: list[Bar]
    done: int = 0
    drift: int = 0
    address: str = ""


@page
def reports(request: HttpRequest) -> HttpResponse:
    """Figures of a period, with the one before, and tables by day, project and publisher."""
    scope = _scope(request)
    problem = ""
    try:
        period = _period(request)
    except InvalidPeriod as error:  # said above a report that can be shown
        period, problem = this_quarter(), str(error)
    found = report(period, scope, reader=actor_of(request))
    return show(
        request,
        "operations/reports/report.html",
        _("Report of %(period)s") % {"period": period},
        report=found,
        period=period,
        problem=problem,
        groups=_cards(found),
        chart=chart(found.days),
        done=small_chart(found.days_done, "done"),
        drift=small_chart(found.days_drift, "found"),
        days=_days(found),
        projects=_projects(found),
        publishers=_publishers(found),
        categories=[(Category(name).label, number) for name, number in found.categories],
        most_failures=FAILURES,
        most_publishers=TOP,
        query=query_of(found),
        **_picker(request),
    )


@page
def download(request: HttpRequest, table: str) -> HttpResponse:
    """One table of a report as CSV. Raises NotFound, InvalidPeriod."""
    if table not in TABLES:
        raise NotFound
    period = _period(request)
    found = report(period, _scope(request), reader=actor_of(request))
    return _file(TABLES[table](found), f"report-{period}-{table}.csv")


@page
def coverage_page(request: HttpRequest) -> HttpResponse:
    """What the newest inventories found online in DolphinScheduler without a version."""
    scope = _scope(request)
    found = listed(request.GET, _uncovered(scope), by=_ORDER)
    return show(
        request,
        "operations/reports/coverage.html",
        _("Online without a version"),
        listed=found,
        rows=list(found),
        scope=scope,
        runs=newest(scope)[:CHOICES],
        **_picker(request),
    )


@page
def coverage_file(request: HttpRequest) -> HttpResponse:
    return _file(
        uncovered_csv(_uncovered(_scope(request)).order_by(*_ORDER)[:MOST_ROWS]), "online-without-a-version.csv"
    )


def _period(request: HttpRequest) -> Period:
    """Return what the address asks for: two days before a name, this quarter where it asks for none."""
    first, last = request.GET.get("first", ""), request.GET.get("last", "")
    if first:
        return parse(f"{first}..{last}")
    name = request.GET.get("period", "")
    return parse(name) if name else this_quarter()


def _scope(request: HttpRequest) -> Scope:
    return scope_of(actor_of(request), project=_number(request, "project"), instance=_number(request, "instance"))


def _number(request: HttpRequest, name: str) -> int | None:
    """Return an id of the address; what is none is nobody's. Raises NotFound."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not is_long(text):
        raise NotFound
    return int(text)


def _picker(request: HttpRequest) -> dict[str, Any]:
    projects = list(Project.objects.visible_to(actor_of(request)).select_related("instance")[: CHOICES + 1])
    return {
        "periods": recent(),
        "choices": projects if len(projects) <= CHOICES else [],
        "instances": sorted({row.instance.name: row.instance for row in projects}.items()),
    }


def _cards(found: Report) -> list[tuple[str, words.Text, list[Card]]]:
    addresses = links(found)
    return [
        (name, title, [_card(found, key, word, addresses.get(key, "")) for key, word in group.items()])
        for name, (title, group) in words.GROUPS.items()
    ]


def _card(found: Report, key: str, word: words.Word, address: str) -> Card:
    now, former = found.numbers[key], found.former.get(key)
    return Card(
        name=word.name,
        definition=word.definition,
        value=spoken(now, word.kind),
        former=spoken(former, word.kind) if key not in words.NOW else "",
        change=change(now, former, word.kind),
        tone=tone(now, former, word),
        address=address,
    )


def _days(found: Report) -> list[Line]:
    """Days on which something happened."""
    rows = ((day, ends, found.days_done[day], found.days_drift[day]) for day, ends in found.days.items())
    return [
        _line(str(day), ends, 0, done=done, drift=drift)
        for day, ends, done, drift in rows
        if ends.accepted or done or drift
    ]


def _projects(found: Report) -> list[Line]:
    most = max((ends.accepted for _project, ends, _done in found.projects), default=0)
    return [
        _line(project.scope, ends, most, done=done, address=f"?period={found.period}&project={project.pk}")
        for project, ends, done in found.projects
    ]


def _publishers(found: Report) -> list[Line]:
    rows = [(mask_text(who), ends) for who, ends in found.publishers]
    if found.other_publishers.accepted:
        rows.append((_("(all others)"), found.other_publishers))
    most = max((ends.accepted for _who, ends in rows), default=0)
    return [_line(who, ends, most) for who, ends in rows]


def _line(name: str, ends: Ends, most: int, **more: Any) -> Line:
    return Line(name, ends, spoken(ends.rate, words.SHARE), strip(ends, most), **more)


def _uncovered(scope: Scope) -> Any:
    return uncovered(scope).select_related("item__run__instance", "item__project")


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
