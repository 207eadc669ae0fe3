"""A report as files: each table as CSV for a spreadsheet, all of it as text for a terminal. Texts in the reader's language."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Final

from django.utils.translation import gettext as _

from definitions.secrets import mask_text
from operations.models import InventoryRow
from operations.reports import words
from operations.reports.count_versions import Ends
from operations.reports.report import Report
from operations.reports.spoken import change, plain, spoken
from rollback.choices import Category
from versions.exports.pretty import plain as without_controls

Row = list[str]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


def figures_csv(report: Report) -> str:
    """Shares from 0 to 1, times in seconds, so that a spreadsheet can reckon with them."""
    header = [_("group"), _("figure"), _("unit"), report.period.name, report.period.before.name, _("definition")]
    rows = [
        [
            str(title),
            str(word.name),
            word.kind,
            plain(report.numbers[key], word.kind),
            plain(report.former.get(key), word.kind),
            str(word.definition),
        ]
        for title, group in words.GROUPS.values()
        for key, word in group.items()
    ]
    return write(header, rows)


def days_csv(report: Report) -> str:
    header = [_("day"), *_heads(), _("Rollbacks done"), _("Drift found")]
    rows = (
        [str(day), *_cells(ends), str(report.days_done[day]), str(report.days_drift[day])]
        for day, ends in report.days.items()
    )
    return write(header, rows)


def projects_csv(report: Report) -> str:
    header = [_("project"), _("code"), *_heads(), _("Rollbacks done")]
    rows = ([row.scope, str(row.code), *_cells(ends), str(done)] for row, ends, done in report.projects)
    return write(header, rows)


def publishers_csv(report: Report) -> str:
    rows = [[mask_text(who), *_cells(ends)] for who, ends in report.publishers]
    if report.other_publishers.accepted:
        rows.append([_("(all others)"), *_cells(report.other_publishers)])
    return write([_("publisher"), *_heads()], rows)


def failures_csv(report: Report) -> str:
    return write([_("step"), _("error code"), _("count")], ([step, code, str(n)] for step, code, n in report.failures))


def categories_csv(report: Report) -> str:
    rows = ([str(Category(name).label), str(number)] for name, number in report.categories)
    return write([_("category"), _("count")], rows)


TABLES: Final[dict[str, Callable[[Report], str]]] = {
    "figures": figures_csv,
    "days": days_csv,
    "projects": projects_csv,
    "publishers": publishers_csv,
    "failures": failures_csv,
    "categories": categories_csv,
}


def uncovered_csv(rows: Iterable[InventoryRow]) -> str:
    """Return what is online without a version."""
    header = [
        _("instance"),
        _("project"),
        _("workflow"),
        _("code"),
        _("schedule"),
        _("cron"),
        _("changed at"),
        _("changed by"),
    ]
    return write(
        header,
        (
            [
                row.item.run.instance.name,
                row.item.project_name,
                row.item.name,
                str(row.item.workflow_code),
                "" if row.schedule_online is None else str(row.schedule_online),
                row.crontab,
                row.changed_at,
                row.changed_by,
            ]
            for row in rows
        ),
    )


def text(report: Report) -> str:
    """Return the report for a terminal: a line a figure, with the one before and how it moved."""
    lines = [
        f"{report.period}  {report.period.first} .. {report.period.last}",
        _("Counted: %(scope)s. Compared with %(period)s.")
        % {"scope": report.scope.name, "period": report.period.before},
    ]
    for title, group in words.GROUPS.values():
        lines += ["", str(title)]
        for key, word in group.items():
            now, former = report.numbers[key], report.former.get(key)
            moved = change(now, former, word.kind)
            lines.append(f"  {word.name}: {spoken(now, word.kind)}" + (f"  ({moved})" if moved else ""))
    lines += _listed(_("Failed at"), [(f"{step} {code}", n) for step, code, n in report.failures])
    lines += _listed(_("Rolled back because of"), [(Category(name).label, n) for name, n in report.categories])
    lines += _listed(_("Publishes by project"), [(row.scope, ends.accepted) for row, ends, _n in report.projects])
    lines += _listed(_("Publishes by publisher"), [(mask_text(who), ends.accepted) for who, ends in report.publishers])
    return "\n".join(lines)


def write(header: Row, rows: Iterable[Row]) -> str:
    """Return CSV whose cells no spreadsheet runs; the mark at its beginning tells one that it is UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return "\ufeff" + buffer.getvalue()


def _listed(title: str, rows: Iterable[tuple[object, int]]) -> list[str]:
    found = [f"  {without_controls(str(name))}: {number}" for name, number in rows]
    return ["", title, *found] if found else []


def _heads() -> Row:
    return [str(name) for name in words.ENDS.values()]


def _cells(ends: Ends) -> Row:
    numbers = ends.as_numbers()
    return [plain(numbers[name], words.SHARE if name == "success_rate" else words.COUNT) for name in words.ENDS]


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
