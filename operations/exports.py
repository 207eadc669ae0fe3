"""A run as a file: CSV for a spreadsheet, Markdown for a review. Texts in the reader's language."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dolphin.recover import NO_RUN, NOT_SHOWN, SPOILT, TASK_GONE, UNREADABLE
from operations.choices import RunKind
from operations.inventory.limits import in_words
from operations.inventory.ranges import ranges
from operations.inventory.risk_words import meaning, titles, what
from operations.models import InventoryRow, OperationItem, OperationRun

LOST_BECAUSE = {
    NO_RUN: gettext_lazy("no run of it is left"),
    NOT_SHOWN: gettext_lazy("its run does not show it"),
    TASK_GONE: gettext_lazy("a task is gone from its log"),
    SPOILT: gettext_lazy("overlapping writes have spoilt it"),
    UNREADABLE: gettext_lazy("its definition can't be read"),
}
_MARKUP = str.maketrans({"<": "&lt;", ">": "&gt;", **{char: f"\\{char}" for char in "\\|[]*_`"}})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inventory_csv(rows: Iterable[InventoryRow]) -> str:
    """Return the rows with a header; a cell that a spreadsheet would run as a formula is led by an apostrophe."""
    header = [
        *(_("project"), _("workflow"), _("code"), _("key"), _("exists"), _("online"), _("schedule"), _("cron")),
        *(
            _("DolphinScheduler version"),
            _("versions kept"),
            _("versions held"),
            _("tasks"),
            _("task types"),
            _("size"),
        ),
        *(_("tables read"), _("tables written"), _("tasks not known")),
        _("temporary"),
        *(_("changed at"), _("changed by"), _("upstream"), _("downstream"), _("level"), _("risks"), _("rollback")),
    ]
    return _csv(header, map(_cells, rows))


def items_csv(items: Iterable[OperationItem]) -> str:
    header = [_("project"), _("workflow"), _("code"), _("outcome"), _("error code"), _("error"), _("result")]
    cells = (
        [
            item.project_name,
            item.name,
            item.workflow_code,
            item.get_outcome_display(),
            item.error_code,
            item.error_text,
            result_in_words(item),
        ]
        for item in items
    )
    return _csv(header, cells)


def markdown(run: OperationRun, rows: Iterable[InventoryRow]) -> str:
    """Return the inventory as a report: counts, risks with what they mean, then every workflow with its limits."""
    listed = list(rows)
    counts = {
        "all": len(listed),
        "online": sum(row.online is True for row in listed),
        "covered": sum(row.is_covered for row in listed),
        "temporary": sum(row.temporary for row in listed),
    }
    columns = [
        _("project"),
        _("workflow"),
        _("state"),
        _("tasks"),
        _("tables"),
        _("changed at"),
        _("rollback"),
        _("risks"),
    ]
    parts = [
        "# " + _("Inventory of %(name)s") % {"name": _md(run.scope_name)},
        f"{run.finished_at or run.created_at:%Y-%m-%d %H:%M %Z}",
        _("%(all)d workflows, %(online)d online, %(covered)d covered by a version, %(temporary)d temporary.") % counts,
        "## " + _("Risks"),
        "\n".join(_risk_lines(listed)),
        "## " + _("Workflows"),
        "\n".join([_table_row(columns), _table_row(["---"] * len(columns)), *map(_line, listed)]),
    ]
    return "\n\n".join(parts) + "\n"


def tables_in_words(row: InventoryRow) -> str:
    """Say how many tables a workflow reads and writes, "" where that was not counted."""
    if row.tables_read is None:
        return ""
    counts = {"read": row.tables_read, "written": row.tables_written, "tasks": row.tasks_unknown}
    text = _("%(read)s read, %(written)s written") % counts
    return text + (_("; %(tasks)s tasks not known") % counts if row.tasks_unknown else "")


def result_in_words(item: OperationItem) -> str:
    """Say what came of a baseline or back-fill of one workflow."""
    if item.run.kind != RunKind.BACKFILL:
        version = item.result.get("version")
        return f"v{version}" if version else ""
    became = item.result.get("versions", {})
    words = (("recovered", _("recovered %s")), ("held", _("held already %s")))
    said = [text % ranges(became[key]) for key, text in words if became.get(key)]
    return "; ".join([*said, *_lost_in_words(item.result.get("because", {}))])


def _lost_in_words(because: dict[str, str]) -> Iterator[str]:
    """`because` has the reason by version; versions of one reason are named together."""
    for reason in sorted(set(because.values())):
        versions = ranges(int(version) for version, why in because.items() if why == reason)
        yield _("not recoverable %(list)s: %(why)s") % {"list": versions, "why": LOST_BECAUSE[reason]}


def _cells(row: InventoryRow) -> list[object]:
    item = row.item
    return [
        *(item.project_name, item.name, item.workflow_code, row.workflow.key if row.workflow else ""),
        *(row.exists, row.online, row.schedule_online, row.crontab, row.dolphin_version, row.versions_kept),
        *(row.snapshots, row.task_count, " ".join(f"{kind}:{count}" for kind, count in row.types), row.size),
        *(row.tables_read, row.tables_written, row.tasks_unknown),
        row.temporary,
        *(row.changed_at, row.changed_by, " ".join(map(str, row.upstream)), " ".join(map(str, row.downstream))),
        *(row.get_level_display(), " | ".join(map(what, row.risks)), in_words(row.limits)),
    ]


def _csv(header: list[str], rows: Iterable[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _safe(cell: object) -> object:
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _risk_lines(rows: list[InventoryRow]) -> Iterator[str]:
    found = Counter(risk["code"] for row in rows for risk in row.risks)
    names = dict(titles())
    if not found:
        yield _("None was found.")
    for code, count in found.most_common():
        yield f"* **{_md(names[code])}** ({count}): {_md(meaning({'code': code}))}"


def _line(row: InventoryRow) -> str:
    state = _("deleted") if not row.exists else _("online") if row.online else _("offline")
    if row.temporary:
        state += f", {_('temporary')}"
    if row.crontab:
        state += f", {row.crontab}"
    risks = "; ".join(what(risk) for risk in row.risks)
    cells = [row.item.project_name, row.item.name, state, row.task_count or "", tables_in_words(row)]
    changed = f"{row.changed_at} {row.changed_by}"
    return _table_row([_md(str(cell)) for cell in [*cells, changed, in_words(row.limits), risks]])


def _table_row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _md(text: str) -> str:
    """Names come from DolphinScheduler: they must not break the table nor become markup."""
    return " ".join(text.translate(_MARKUP).split())
