"""SQL of versions and of what each one leaves: its entry in the trail, its sync, the steps of that.

Expressions are over `h`, the arranged version, `w`, its workflow, and `c`, its content. Dice (`h.r`, 0 to 999,999) decide what varies;
what must not vary together uses different digits of them.
"""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType

from audit.models import AuditEntry
from snapshotter.models import Snapshot, Sync, SyncStep
from tests.bench.catalogue import CONTENTS
from tests.bench.insert import Columns, insert

SYNCS, STEPS = 5, 20  # every fifth version has a sync here, every twentieth of those its steps
STEP = 63  # seconds from version to version: a million of them fill two years
WHEN = f"DATE_ADD(@start, INTERVAL h.id * {STEP} SECOND)"
WHO = "CASE WHEN h.r % 9973 = 0 THEN 'rare.person' ELSE CONCAT('engineer', h.r % 40 + 2) END"
HEX = "LOWER(LPAD(HEX(h.id), 32, '0'))"
SOURCE = "bench_row h JOIN dolphin_workflow w ON w.id = h.w + 1"
CONTENT = f"JOIN bench_content c ON c.c = (h.w * 13 + h.v % 40) % {CONTENTS}"
_FAILED = "h.r % 100 < 3"
_STATUS = f"CASE WHEN {_FAILED} THEN 'failed' WHEN h.r % 100 < 4 THEN 'unconfirmed' ELSE 'published' END"
_TRIGGER = (
    "CASE WHEN h.v = 1 THEN 'baseline' WHEN h.v < 4 AND h.w % 3 = 0 THEN 'backfill' WHEN h.r DIV 100 % 10 < 7 THEN 'api' "
    "WHEN h.r DIV 100 % 10 < 8 THEN 'admin' WHEN h.r DIV 100 % 10 < 9 THEN 'capture' ELSE 'before_publish' END"
)
_MESSAGE = (
    "CASE WHEN h.r % 5003 = 0 THEN 'after the incident of orders' WHEN h.r DIV 10 % 5 = 0 THEN '' "
    "WHEN h.r DIV 10 % 5 = 1 THEN '修正订单金额口径' WHEN h.r DIV 10 % 5 = 2 THEN CONCAT('ticket DW-', h.id) "
    "ELSE 'load widened, retry after a time-out' END"
)
_SUMMARY = (
    """'{"tasks_added": 0, "tasks_removed": 0, "tasks_modified": 1, "relations_added": 0, "relations_removed": 0, """
    """"parameters": 0, "settings": 0, "schedule": 0, "label": 0, "layout": 0}'"""
)
_EVENTS = ("publish.accepted", "publish.succeeded", "capture.accepted", "capture.succeeded")


def statements(first: int, last: int, layout: int, schedule: int) -> Iterator[str]:
    """Yield what adds the versions of these ids."""
    whole = f"WHERE h.id BETWEEN {first} AND {last}"
    yield insert(Snapshot, _snapshot(layout, schedule), f"{SOURCE} {CONTENT} {whole}")
    yield insert(AuditEntry, _entry(), f"{SOURCE} {whole}")
    yield insert(Sync, _sync(), f"{SOURCE} {whole} AND h.id % {SYNCS} = 0")
    eight = "JOIN (SELECT c AS n FROM bench_content WHERE c BETWEEN 1 AND 8) s"
    yield insert(SyncStep, _step(), f"{SOURCE} {eight} {whole} AND h.id % {SYNCS * STEPS} = 0")


def _snapshot(layout: int, schedule: int) -> Columns:
    hashes = {f"{name}_hash": f"SHA2({of}, 256)" for name, of in (("label", "w.name"), ("layout", "'{}'"))}
    failure = {
        "live_effect": f"CASE WHEN {_FAILED} THEN 'restored' ELSE '' END",
        "error_step": f"CASE WHEN {_FAILED} THEN 'put_definition' ELSE '' END",
        "error_code": f"CASE WHEN {_FAILED} THEN 'dolphin_10105' ELSE '' END",
        "error_text": f"CASE WHEN {_FAILED} THEN 'DolphinScheduler refused the definition.' ELSE '' END",
        "live_from": f"CASE WHEN {_FAILED} THEN NULL ELSE {WHEN} END",
        "live_to": f"CASE WHEN {_FAILED} THEN NULL ELSE DATE_ADD({WHEN}, INTERVAL 3 DAY) END",
    }
    return {
        **hashes,
        **failure,
        "id": "h.id",
        "workflow_key": "w.workflow_key",
        "project_id": "w.project_id",
        "workflow_code": "w.workflow_code",
        "version": "h.v",
        "status": _STATUS,
        "scheme": "'c1'",
        "content_hash": "c.content_hash",
        "label": "w.name",
        "schedule_hash": "SHA2('x', 256)",
        "layout_id": str(layout),
        "schedule_id": f"CASE WHEN h.w % 4 > 0 THEN {schedule} END",
        "change_summary": _SUMMARY,
        "trigger": _TRIGGER,
        "trigger_ref": "CASE WHEN h.r % 3 = 0 THEN CONCAT('DW-', h.id) ELSE '' END",
        "message": _MESSAGE,
        "published_by": WHO,
        "created_by_id": "h.r % 40 + 2",
        "created_by_name": "CONCAT('engineer', h.r % 40 + 2)",
        "client_address": "'10.0.0.1'",
        "request_id": HEX,
        "created_at": WHEN,
        "rollback_of_id": "CASE WHEN h.r DIV 1000 % 50 = 0 THEN h.back END",
        "source_flavour": "'3.1'",
        "dolphin_version": "h.v",
    }


def _entry() -> Columns:
    """One of six was refused, one of six failed."""
    dice = "h.r DIV 7 % 6"
    events = " ".join(f"WHEN {dice} = {number} THEN '{name}'" for number, name in enumerate(_EVENTS))
    return {
        "id": "h.id",
        "object_pk": "h.id",
        "object_id": "h.id",
        "object_repr": "CONCAT(w.workflow_key, ' v', h.v)",
        "target": "CONCAT(w.workflow_key, ' v', h.v)",
        "content_type_id": str(ContentType.objects.get_for_model(Snapshot).pk),
        "action": "1",
        "event": f"CASE {events} WHEN {dice} = 4 THEN 'publish.failed' ELSE 'publish.refused' END",
        "outcome": f"CASE WHEN {dice} = 4 THEN 'failed' WHEN {dice} = 5 THEN 'refused' ELSE 'ok' END",
        "reason": f"CASE WHEN {dice} > 3 THEN 'lacks catalog.publish_project' ELSE '' END",
        "request_id": HEX,
        "scope": "CONCAT('bench/', w.project_id)",
        "actor_id": "h.r % 40 + 2",
        "actor_name": WHO,
        "remote_addr": "'10.0.0.1'",
        "timestamp": WHEN,
        "additional_data": """'{"version": 7, "task_count": 12}'""",
    }


def _sync() -> Columns:
    return {
        "id": f"h.id DIV {SYNCS}",
        "workflow_id": "w.id",
        "snapshot_id": "h.id",
        "kind": "'publish'",
        "state": f"CASE WHEN {_FAILED} THEN 'failed' ELSE 'succeeded' END",
        "actor_id": "h.r % 40 + 2",
        "actor_name": WHO,
        "request_id": HEX,
        **dict.fromkeys(("created_at", "started_at", "finished_at"), WHEN),
        "attempt": "1",
    }


def _step() -> Columns:
    return {
        "sync_id": f"h.id DIV {SYNCS}",
        "number": "s.n",
        "direction": "'forward'",
        "action": "'put_definition'",
        "outcome": "'ok'",
        "is_write": "1",
        "summary": """'{"method": "PUT"}'""",
        **dict.fromkeys(("sent_at", "answered_at"), f"DATE_ADD({WHEN}, INTERVAL s.n SECOND)"),
    }
