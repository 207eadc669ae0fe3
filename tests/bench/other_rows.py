"""SQL of the other tables that grow: webhook messages, alerts, missed fires, drift, gates, sign-ins, and runs with what they found.

Expressions as in `version_rows`.
"""

from collections.abc import Iterator

from django.apps import apps

from drift.models import DriftItem
from operations.alerts.models import AlertDelivery
from operations.models import InventoryRow, OperationItem, OperationRun
from rollback.models import RollbackApproval, RollbackRequest
from snapshotter.models import ContentQuarantine, FreezeWindow, MissedFire, WebhookDelivery
from tests.bench.catalogue import PROJECTS, WORKFLOWS
from tests.bench.insert import Columns, insert
from tests.bench.version_rows import CONTENT, HEX, SOURCE, SYNCS, WHEN, WHO

DELIVERIES, FIRES, GATES, SIGN_INS, ROLLBACKS, DRIFTS = 5, 100, 200, 10, 20, 50  # one row for so many versions
_ITEMS = 10_000  # ids of items: the run's times this, and the workflow's
_OPEN = 6  # so many gates hold, whatever the size
_STANDING = 60  # and so much drift stands


def statements(first: int, last: int) -> Iterator[str]:
    """Yield what adds the rows that come with the versions of these ids."""
    whole = f"WHERE h.id BETWEEN {first} AND {last} AND h.id %"
    yield insert(WebhookDelivery, _delivery(), f"{SOURCE} {whole} {DELIVERIES} = 0")
    yield insert(AlertDelivery, _alert(), f"{SOURCE} {whole} {DELIVERIES} = 0")
    yield insert(MissedFire, _fire(), f"{SOURCE} {whole} {FIRES} = 0")
    yield insert(FreezeWindow, _window(), f"{SOURCE} {whole} {GATES} = 0")
    yield insert(ContentQuarantine, _quarantine(), f"{SOURCE} {CONTENT} {whole} {GATES} = 0")
    yield insert(RollbackRequest, _rollback(), f"{SOURCE} {whole} {ROLLBACKS} = 0")
    yield insert(RollbackApproval, _approval(), f"{SOURCE} {whole} {ROLLBACKS} = 0")
    yield insert(DriftItem, _drift(), f"{SOURCE} {whole} {DRIFTS} = 0")
    for name in ("AccessLog", "AccessFailureLog"):
        yield insert(apps.get_model("axes", name), _sign_in(), f"{SOURCE} {whole} {SIGN_INS} = 0")


def runs(size: int) -> Iterator[str]:
    """Yield what adds the runs: two of three over the whole instance, one over a project."""
    for run in range(1, runs_at(size) + 1):
        project = str(run // 3 % PROJECTS + 1) if run % 3 == 1 else "NULL"
        kind = "baseline" if run % 3 == 2 else "inventory"
        yield insert(OperationRun, _run(run, kind, project), "DUAL")
        source = (
            f"dolphin_workflow w JOIN dolphin_project p ON p.id = w.project_id WHERE p.id = COALESCE({project}, p.id)"
        )
        yield insert(OperationItem, _item(run, kind), f"{source} ORDER BY w.id")
        if kind == "inventory":
            found = f"operation_item i JOIN dolphin_workflow w USING (workflow_code) WHERE i.run_id = {run}"
            yield insert(InventoryRow, _found(), found)


def runs_at(size: int) -> int:
    """How many runs there were when there were so many versions: 10 at 10,000, 100 at a million."""
    return round(10 * (size / 10_000) ** 0.5)


def part(table: str, size: int) -> str:
    """Return the condition that leaves of a table what was there when there were so many versions."""
    run = runs_at(size)
    each = {
        "workflow_definition_snapshot": 1,
        "audit_entry": 1,
        "workflow_sync": SYNCS,
        WebhookDelivery._meta.db_table: DELIVERIES,
        AlertDelivery._meta.db_table: DELIVERIES,
        MissedFire._meta.db_table: FIRES,
        FreezeWindow._meta.db_table: GATES,
        ContentQuarantine._meta.db_table: GATES,
        RollbackRequest._meta.db_table: ROLLBACKS,
        RollbackApproval._meta.db_table: ROLLBACKS,
        DriftItem._meta.db_table: DRIFTS,
        "axes_accesslog": SIGN_INS,
        "axes_accessfailurelog": SIGN_INS,
    }
    conditions = {
        **{name: f"WHERE id <= {size // number}" for name, number in each.items()},
        "workflow_sync_step": f"WHERE sync_id <= {size // SYNCS}",
        "operation_run": f"WHERE id <= {run}",
        "operation_item": f"WHERE run_id <= {run}",
        "inventory_row": f"WHERE item_id <= {(run + 1) * _ITEMS}",
    }
    return conditions.get(table, "")


def shift(table: str, seconds: int) -> str | None:
    """Return what moves the times of a cut load that pages ask about, so that its newest rows are of now, too."""
    columns = {
        "workflow_definition_snapshot": ("created_at", "live_from", "live_to"),
        "audit_entry": ("timestamp",),
        "missed_fire": ("due_at",),
        "rollback_request": ("created_at", "expires_at", "closed_at"),
        "drift_item": ("first_seen_at", "closed_at"),
    }.get(table)
    moved = [f"`{name}` = DATE_ADD(`{name}`, INTERVAL {seconds} SECOND)" for name in columns or ()]
    return f"UPDATE `{table}` SET {', '.join(moved)}" if moved else None


def _delivery() -> Columns:
    return {
        "id": f"h.id DIV {DELIVERIES}",
        "endpoint_id": "w.project_id",
        "sync_id": f"h.id DIV {SYNCS}",
        "delivery_id": HEX,
        "event": "'publish.succeeded'",
        "body": """'{"event": "publish.succeeded"}'""",
        "state": "'delivered'",
        "attempts": "1",
        "http_status": "200",
        **dict.fromkeys(("due_at", "created_at", "delivered_at"), WHEN),
    }


def _alert() -> Columns:
    return {
        "id": f"h.id DIV {DELIVERIES}",
        "channel_id": "w.project_id",
        "rule_id": "w.project_id",
        "entry": "h.id",
        "kind": "'publish_done'",
        "severity": "'low'",
        "target": "w.workflow_key",
        "alike": "CONCAT('publish_done workflow ', w.id)",
        "delivery_id": HEX,
        "message": "'{}'",
        "state": "CASE WHEN h.r % 100 < 2 THEN 'given_up' ELSE 'delivered' END",
        "attempts": "1",
        "http_status": "200",
        **dict.fromkeys(("due_at", "created_at", "delivered_at"), WHEN),
    }


def _fire() -> Columns:
    return {
        "id": f"h.id DIV {FIRES}",
        "workflow_id": "w.id",
        "sync_id": f"h.id DIV {SYNCS}",
        "due_at": WHEN,
        "state": "CASE WHEN h.r % 10 < 3 THEN 'missed' WHEN h.r % 10 < 6 THEN 'started' ELSE 'ran' END",
        "dolphin_time": f"DATE_FORMAT({WHEN}, '%Y-%m-%d %H:%i:%s')",
    }


def _imposed() -> Columns:
    holds = f"h.id DIV {GATES} <= {_OPEN}"
    return {
        "id": f"h.id DIV {GATES}",
        "reason": "'month end'",
        "created_by_name": "'root'",
        "created_at": WHEN,
        "ended_at": f"CASE WHEN {holds} THEN NULL ELSE {WHEN} END",
        "ended_by_name": f"CASE WHEN {holds} THEN '' ELSE 'root' END",
        "project_id": "w.project_id",
    }


def _window() -> Columns:
    return {**_imposed(), "starts_at": WHEN, "ends_at": f"DATE_ADD({WHEN}, INTERVAL 1 DAY)"}


def _quarantine() -> Columns:
    return {**_imposed(), "workflow_id": "w.id", "content_hash": "c.content_hash"}


def _rollback() -> Columns:
    """Most are done; as many wait as there may be at any time, the newest of their workflows."""
    waits = f"h.id DIV {ROLLBACKS} % 997 = 0"
    state = f"CASE WHEN {waits} THEN 'pending' WHEN h.r % 100 < 5 THEN 'failed' WHEN h.r % 100 < 15 THEN 'voided' ELSE 'done' END"
    return {
        "id": f"h.id DIV {ROLLBACKS}",
        "workflow_id": "w.id",
        "project_id": "w.project_id",
        "target_id": "h.id",
        "base_id": "h.id",
        "state": state,
        "bound_hash": f"SHA2({HEX}, 256)",
        "category": "'bad_publish'",
        "reason": "'it loses rows'",
        "approvals_needed": "1",
        "requested_by_name": WHO,
        "created_at": WHEN,
        "expires_at": f"CASE WHEN {waits} THEN '2999-01-01' ELSE DATE_ADD({WHEN}, INTERVAL 1 DAY) END",
        "closed_at": f"CASE WHEN {waits} THEN NULL ELSE {WHEN} END",
    }


def _approval() -> Columns:
    number = f"h.id DIV {ROLLBACKS}"
    hashed = f"SHA2({HEX}, 256)"
    return {
        **{"id": number, "request_id": number, "approver_name": "'root'", "decision": "'approve'"},
        **{"bound_hash": hashed, "created_at": WHEN},
    }


def _drift() -> Columns:
    """Most is over; what stands is of so many workflows, and the oldest, which is where a list would have to look longest."""
    number = f"h.id DIV {DRIFTS}"
    stands = f"{number} <= {_STANDING}"
    return {
        "id": number,
        "workflow_id": "w.id",
        "project_id": "w.project_id",
        "published_id": "h.id",
        "state": f"CASE WHEN {stands} THEN 'open' WHEN h.r % 10 < 4 THEN 'adopted' WHEN h.r % 10 < 7 THEN 'put_back' ELSE 'resolved' END",
        "open_key": f"CASE WHEN {stands} THEN {number} ELSE NULL END",
        "live_state": "CASE WHEN h.r % 10 = 0 THEN 'newer' ELSE 'drifted' END",
        "kinds": """'["content"]'""",
        "severity": "CASE WHEN h.r % 7 = 0 THEN 'high' ELSE 'medium' END",
        "found": f"SHA2({HEX}, 256)",
        "actor_name": WHO,
        **dict.fromkeys(("acted_at", "first_seen_at", "changed_at", "last_seen_at"), WHEN),
        "closed_at": f"CASE WHEN {stands} THEN NULL ELSE DATE_ADD({WHEN}, INTERVAL 2 HOUR) END",
        "closed_by_name": "'root'",
    }


def _sign_in() -> Columns:
    who = {"username": WHO, "ip_address": "'10.0.0.1'", "user_agent": "'Mozilla/5.0'"}
    return {"id": f"h.id DIV {SIGN_INS}", **who, "path_info": "'/login/'", "attempt_time": WHEN}


def _run(run: int, kind: str, project: str) -> Columns:
    number = str(WORKFLOWS if project == "NULL" else WORKFLOWS // PROJECTS)
    return {
        "id": str(run),
        "kind": f"'{kind}'",
        "instance_id": "1",
        "project_id": project,
        "state": "'succeeded'",
        "actor_name": "'root'",
        **dict.fromkeys(("total", "done"), number),
        **dict.fromkeys(("created_at", "started_at", "finished_at"), f"DATE_ADD(@start, INTERVAL {run} DAY)"),
    }


def _item(run: int, kind: str) -> Columns:
    return {
        "id": f"{run * _ITEMS} + w.id",
        "run_id": str(run),
        "project_id": "p.id",
        "project_code": "p.code",
        "project_name": "p.name",
        "workflow_code": "w.workflow_code",
        "name": "w.name",
        "listing": """'{"version": 3}'""",
        "outcome": "'unchanged'" if kind == "baseline" else "'seen'",
        "finished_at": "@start",
    }


def _found() -> Columns:
    return {
        "item_id": "i.id",
        "workflow_id": "w.id",
        "online": "w.id % 5 > 0",
        "schedules": "1",
        "schedule_online": "1",
        "crontab": "'0 0 3 * * ? *'",
        **dict.fromkeys(("dolphin_version", "versions_kept"), "9"),
        "task_count": "12",
        "task_types": """'{"SHELL": 12}'""",
        "size": "30000",
        "snapshots": "w.id % 50 > 0",
        "level": "CASE WHEN w.id % 4 = 0 THEN 3 ELSE 0 END",
        "risks": """CASE WHEN w.id % 4 = 0 THEN '[{"code": "two_schedules", "count": 2}]' ELSE '[]' END""",
        "limits": """'{"snapshots": 3, "recoverable": [], "lost": [1, 2], "unsure": []}'""",
    }
