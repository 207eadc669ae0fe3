"""What the page of a rollback of many shows: its rows, how many stand where, and what the reader may do."""

from datetime import datetime
from typing import Any

from audit.actors import Actor, user_of
from catalog.models import Project
from catalog.permissions import APPROVE_ROLLBACK, EXECUTE_ROLLBACK
from rollback.choices import WAITING, ItemState, State
from rollback.impact.findings import Finding, Weight
from rollback.many.again import FINAL
from rollback.many.progress import WORDS, Standing, counted, of_batch
from rollback.many.words import REASONS, Why
from rollback.models import BatchItem, RollbackBatch

_BY_ITSELF = ("waiting", "ordered", "executing")
_OVER = ("done", "left_out", "cancelled")


def batch_page_of(batch: RollbackBatch, actor: Actor) -> dict[str, Any]:
    """Return the page's context. Workflows of projects that the reader may not see are counted, and not shown."""
    items, found = of_batch(batch)
    shown = (
        BatchItem.objects.visible_to(actor)
        .filter(batch=batch)
        .select_related("workflow__project__instance", "target", "seen", "request__sync__snapshot")
    )
    rows = list(shown.order_by("position"))
    names = {item.workflow_id: item.workflow for item in rows}
    rights = _Rights(batch, rows, actor)
    told = [_row(item, found[item.workflow_id], names, rights) for item in rows]
    return {
        "batch": batch,
        "criteria": batch.criteria,
        "window": [datetime.fromisoformat(batch.criteria[name]) for name in ("since", "until")],
        "rows": told,
        "hidden": len(items) - len(rows),
        "counts": [(number, *WORDS[stage]) for stage, number in counted(found.values())],
        "total": len(items),
        "done": sum(one.stage in _OVER for one in found.values()),
        "is_moving": any(one.stage in _BY_ITSELF for one in found.values()),
        "left_out": [_left(row) for row in batch.left_out if rights.sees(row)],
        "may_approve": rights.approves and any(one["stage"] == "pending" for one in told),
        "seen": _seen(rows),
        "may_execute": any(one["may_execute"] and one["stage"] == "approved" for one in told),
        "may_cancel": any(one["may_cancel"] for one in told),
        "to_agree": _to_agree(rows) if rights.is_own else [],
        "may_ask_again": rights.is_own and any(_may_ask_again(item) for item in rows),
    }


class _Rights:
    """What the reader may do in the projects of a batch: asked once for all."""

    def __init__(self, batch: RollbackBatch, rows: list[BatchItem], actor: Actor) -> None:
        mine = Project.objects.order_by().filter(pk__in={item.workflow.project_id for item in rows})
        user = user_of(actor)
        self.is_own = user is not None and batch.created_by_id == user.pk
        self.approves = not self.is_own and mine.allowed_to(actor, APPROVE_ROLLBACK).exists()
        self.executes = set(mine.allowed_to(actor, EXECUTE_ROLLBACK).values_list("pk", flat=True))
        self.visible = set(mine.visible_to(actor).values_list("pk", flat=True))

    def sees(self, left: dict[str, Any]) -> bool:
        return self.is_own or left.get("project") in self.visible


def _row(item: BatchItem, stand: Standing, names: dict[int, Any], rights: _Rights) -> dict[str, Any]:
    word, tone, sign = WORDS[stand.stage]
    executes = item.workflow.project_id in rights.executes
    request = item.request
    return {
        "item": item,
        "workflow": item.workflow,
        "stage": stand.stage,
        "word": word,
        "tone": tone,
        "sign": sign,
        "holder": names.get(stand.holder) if stand.holder is not None else None,
        "holder_word": WORDS[stand.holder_stage][0] if stand.holder_stage else "",
        "result": request.sync.snapshot if stand.is_back and request is not None and request.sync is not None else None,
        "why": REASONS.get(item.code, ""),
        "findings": [Finding.from_json(row) for row in item.findings],
        "may_execute": executes,
        "may_try": executes and stand.stage in ("failed", "refused"),
        "may_go_alone": executes and (stand.stage == "stopped" or stand.holder_stage in ("pending", "approved")),
        "may_cancel": (executes or rights.is_own) and _is_open(item),
    }


def _is_open(item: BatchItem) -> bool:
    if item.request is None:
        return item.state == ItemState.WAITING
    return item.request.state in (*WAITING, State.FAILED)


def _seen(rows: list[BatchItem]) -> str:
    """What stands on the page to be approved, sent back with the word on it: nobody approves what came since."""
    requests = [item.request for item in rows if item.request is not None and item.request.state == State.PENDING]
    return " ".join(f"{request.pk}:{request.bound_hash}" for request in requests)


def _left(row: dict[str, Any]) -> dict[str, Any]:
    return {"key": row.get("workflow", ""), "why": Why.from_json(row)}


def _may_ask_again(item: BatchItem) -> bool:
    return item.state == ItemState.LEFT_OUT and item.request_id is None and item.code not in FINAL


def _to_agree(rows: list[BatchItem]) -> list[dict[str, Any]]:
    """The findings that somebody must agree to by name, of all that were left out for them."""
    found: dict[str, list[Finding]] = {}
    for item in rows:
        if item.state == ItemState.LEFT_OUT and item.code == "not_acknowledged":
            for row in item.findings:
                finding = Finding.from_json(row)
                if finding.weight == Weight.ACKNOWLEDGE:
                    found.setdefault(finding.code, []).append(finding)
    return [{"code": code, "number": len(many), "text": many[0].text} for code, many in sorted(found.items())]
