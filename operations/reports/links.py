"""Where the rows of a figure are listed: a list that filters so, "" where there is none or the reader may not open it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode

from audit.access import may_read
from operations.reports.report import Report

_VERSIONS: Final = {
    "snapshots_written": "",
    "publishes_failed": "failed",
    "publishes_unconfirmed": "unconfirmed",
    "publishes_open": "draft",
}
_EVENTS: Final = {
    "publishes_accepted": "publish.accepted",
    "publishes_succeeded": "publish.succeeded",
    "publishes_cancelled": "sync.cancelled",
    "publishes_duplicate": "publish.duplicate",
    "snapshot_write_failures": "capture.failed",
    "captures": "capture.succeeded",
    "rollbacks_break_glass": "rollback.glass_broken",
    "rollbacks_by_rule": "rollback.rule_applied",
    "fires_missed": "fire.missed",
    "fires_started": "fire.started",
}
_REQUESTS: Final = {"rollbacks_asked": "", "rollbacks_done": "done", "rollbacks_failed": "failed"}
_DRIFT: Final = {
    "drift_found": "",
    "drift_adopted": "adopted",
    "drift_put_back": "put_back",
    "drift_resolved": "resolved",
    "drift_ignored": "ignored",
}
_WORKFLOWS: Final = {"workflows_governed": "", "workflows_in_sync": "in_sync"}


def links(report: Report) -> dict[str, str]:
    """Return {figure's key: address} of the figures that lead somewhere."""
    makers: list[tuple[dict[str, str], Callable[[Report, str], str]]] = [
        (_VERSIONS, _to_versions),
        (_REQUESTS, _to_requests),
        (_DRIFT, _to_drift),
        (_WORKFLOWS, _to_workflows),
    ]
    if may_read(report.reader):
        makers.append((_EVENTS, _to_trail))
    found = {key: make(report, value) for keys, make in makers for key, value in keys.items()}
    found["online_uncovered"] = _address("operations:coverage", **_scope(report))
    return {key: address for key, address in found.items() if address}


def query_of(report: Report) -> str:
    """Return the query that names the same report."""
    return urlencode({"period": report.period.name, **_scope(report)})


def _to_versions(report: Report, status: str) -> str:
    return _address("versions:changes", status=status, **_days(report), **_project(report))


def _to_trail(report: Report, event: str) -> str:
    scope = report.scope.project.scope if report.scope.project else ""
    return _address(
        "versions:trail", event=event, project=scope, since=report.period.since.isoformat(), until=_end(report)
    )


def _to_requests(report: Report, state: str) -> str:
    return _address("rollback:inbox", tab="all", state=state, **_project(report))


def _to_drift(report: Report, state: str) -> str:
    code = str(report.scope.project.code) if report.scope.project else ""
    return _address("drift:list", state=state, project=code)


def _to_workflows(report: Report, state: str) -> str:
    return _address("versions:workflows", state=state, **_scope(report))


def _address(name: str, **query: str) -> str:
    path = reverse(name)
    given = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _days(report: Report) -> dict[str, str]:
    return {"since": str(report.period.first), "until": str(report.period.last)}


def _end(report: Report) -> str:
    """The trail takes the end with it."""
    return (report.period.until - timedelta(microseconds=1)).isoformat()


def _project(report: Report) -> dict[str, str]:
    return {"project": str(report.scope.project.pk)} if report.scope.project else {}


def _scope(report: Report) -> dict[str, str]:
    instance = {"instance": str(report.scope.instance.pk)} if report.scope.instance else {}
    return {**_project(report), **instance}
