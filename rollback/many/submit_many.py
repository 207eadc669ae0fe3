"""Submit many: keep what was chosen as one batch. The requests themselves are made by a worker, since each looks at DolphinScheduler."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.actors import Actor, user_of
from audit.context import current
from audit.record import record, record_refusal
from catalog.errors import InvalidRequest, NotAllowed
from catalog.models import Project
from catalog.permissions import OVERRIDE_FREEZE, REQUEST_ROLLBACK, require
from definitions.secrets import mask_text
from definitions.strict_json import dumps
from rollback.choices import Category
from rollback.choices_of import Choices
from rollback.errors import NotAcknowledged, NothingChosen
from rollback.many.criteria import Criteria
from rollback.many.order import children_first
from rollback.many.preview import Preview, Row, preview, to_acknowledge
from rollback.many.words import NAMES, Why
from rollback.models import BatchItem, RollbackBatch
from rollback.submit import LONGEST_REASON
from snapshotter.errors import IdempotencyKeyReused

REFUSED = "rollback.many_request_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskMany:
    """`picks`: {workflow key: (target version, published version) as they were seen}, (0, 0) for whatever they are now; None: all offered.

    `key`: the same from the same person makes one batch; "" for none.
    """

    criteria: Criteria
    reason: str
    picks: Mapping[str, tuple[int, int]] | None = None
    category: Category = Category.OTHER
    ticket: str = ""
    choices: Choices = field(default_factory=Choices)
    wait_for_runs: bool = False
    acknowledged: tuple[str, ...] = ()
    override_freeze: str = ""
    key: str = ""


def submit_many(ask: AskMany, *, actor: Actor) -> tuple[RollbackBatch, bool]:
    """Return (batch, whether it is new). Nothing is asked of DolphinScheduler here; `work` makes a request of each item.

    Raises NotAllowed, InvalidRequest, NothingChosen, NotAcknowledged, IdempotencyKeyReused.
    """
    user = user_of(actor)
    if user is None:  # each request is somebody's, and asked for with their rights
        raise InvalidRequest(_("A rollback of many is done with an account's rights."), field="actor")
    _check(ask)
    if ask.criteria.project is not None:
        require(actor, REQUEST_ROLLBACK, ask.criteria.project, event=REFUSED)
    form_key = hashlib.sha256(f"{user.pk}:{ask.key}".encode()).hexdigest() if ask.key else None
    if form_key and (found := RollbackBatch.objects.filter(form_key=form_key).first()) is not None:
        return _same(found, ask), False
    shown = preview(ask.criteria, actor=actor, choices=ask.choices)
    chosen, left_out = _chosen(ask, shown)
    _refuse(left_out, actor)
    _check_rows(ask, chosen, left_out, actor)
    try:
        return _create(ask, chosen, left_out, actor, form_key), True
    except IntegrityError:  # the same form, sent twice at once
        return _same(RollbackBatch.objects.get(form_key=form_key), ask), False


def _same(batch: RollbackBatch, ask: AskMany) -> RollbackBatch:
    """A person who sends another list under an old key must not believe that it was taken."""
    if batch.ask_hash != _hash_of(ask):
        raise IdempotencyKeyReused
    return batch


def _hash_of(ask: AskMany) -> str:
    """Return the sha256 of all that is asked for, secrets masked."""
    asked = {
        "criteria": ask.criteria.as_asked(),
        "picks": None if ask.picks is None else sorted([key, *seen] for key, seen in ask.picks.items()),
        "choices": ask.choices.as_json(),
        "category": str(ask.category),
        "wait_for_runs": ask.wait_for_runs,
        "acknowledged": sorted(set(ask.acknowledged)),
        **{name: mask_text(getattr(ask, name)) for name in ("reason", "ticket", "override_freeze")},
    }
    return hashlib.sha256(dumps(asked)).hexdigest()


def _check(ask: AskMany) -> None:
    if not ask.reason.strip():
        raise InvalidRequest(_("A rollback needs a reason."), field="reason")
    if len(ask.reason) > LONGEST_REASON:
        raise InvalidRequest(_("A reason has at most %(most)s characters.") % {"most": LONGEST_REASON}, field="reason")


def _chosen(ask: AskMany, shown: Preview) -> tuple[list[Row], list[tuple[str, Row | None, Why]]]:
    """Return (rows to go back, those left out: key, row and why). What is not as it was seen is left out."""
    if ask.picks is None:
        return shown.offered, [(row.workflow.key, row, row.reasons[0]) for row in shown.left_out]
    rows = {row.workflow.key: row for row in [*shown.offered, *shown.left_out]}
    chosen: list[Row] = []
    left_out: list[tuple[str, Row | None, Why]] = []
    for key, (target, published) in ask.picks.items():
        row = rows.get(key)
        if row is None:
            left_out.append((key, None, Why("not_found")))
        elif row.reasons:
            left_out.append((key, row, row.reasons[0]))
        elif row.target is None or row.published is None or not _is_seen(row, target, published):
            left_out.append((key, row, Why("moved")))
        else:
            chosen.append(row)
    return chosen, left_out


def _is_seen(row: Row, target: int, published: int) -> bool:
    now = (row.target.version if row.target else 0, row.published.version if row.published else 0)
    return target in (0, now[0]) and published in (0, now[1])


def _refuse(left_out: Iterable[tuple[str, Row | None, Why]], actor: Actor) -> None:
    """What somebody may not ask for is an audit row, one a project."""
    projects = {row.workflow.project for _key, row, why in left_out if row is not None and why.code == "not_allowed"}
    for project in sorted(projects, key=lambda one: one.pk):
        reason = f"lacks {REQUEST_ROLLBACK}"
        record_refusal(REFUSED, actor=actor, target=project, scope=project.scope, reason=reason)


def _check_rows(ask: AskMany, chosen: list[Row], left_out: list[tuple[str, Row | None, Why]], actor: Actor) -> None:
    if not chosen:
        if left_out and all(why.code == "not_allowed" for _key, _row, why in left_out):
            raise NotAllowed(permission=REQUEST_ROLLBACK)
        raise NothingChosen(left_out=[{"workflow": key, **why.as_json()} for key, _row, why in left_out])
    for project in {row.workflow.project for row in chosen} if ask.override_freeze else ():
        require(actor, OVERRIDE_FREEZE, project, event=REFUSED)
    codes = [code for code in to_acknowledge(chosen) if code not in ask.acknowledged]
    if codes:
        raise NotAcknowledged(
            _("Agree to each of these by its name, or choose otherwise: %(codes)s.")
            % {"codes": "; ".join(f"{code} ({NAMES[code]})" for code in codes)},
            codes=codes,
        )


def _create(
    ask: AskMany,
    chosen: list[Row],
    left_out: list[tuple[str, Row | None, Why]],
    actor: Actor,
    form_key: str | None,
) -> RollbackBatch:
    rows = {row.workflow.pk: row for row in chosen}
    order = children_first(list(rows), {pk: row.uses for pk, row in rows.items()})
    with transaction.atomic():
        batch = RollbackBatch.objects.create(
            criteria=ask.criteria.as_json(),
            left_out=[_left(key, row, why) for key, row, why in left_out],
            category=ask.category,
            ticket=mask_text(ask.ticket)[:190],
            reason=mask_text(ask.reason),
            choices=ask.choices.as_json(),
            wait_for_runs=ask.wait_for_runs,
            override_freeze=mask_text(ask.override_freeze),
            acknowledged=sorted(set(ask.acknowledged)),
            form_key=form_key,
            ask_hash=_hash_of(ask),
            created_by=user_of(actor),
            created_by_name=str(actor),
            request_id=current().request_id,
        )
        BatchItem.objects.bulk_create(
            [_item(batch, rows[pk], number, order.waits_for[pk]) for number, pk in enumerate(order.sequence, 1)]
        )
        _audit(batch, [rows[pk] for pk in order.sequence], actor)
    return batch


def _left(key: str, row: Row | None, why: Why) -> dict[str, Any]:
    version = row.target.version if row is not None and row.target is not None else None
    project = row.workflow.project_id if row is not None else None
    return {"workflow": key, "project": project, "version": version, **why.as_json()}


def _item(batch: RollbackBatch, row: Row, position: int, uses: list[int]) -> BatchItem:
    return BatchItem(
        batch=batch,
        workflow=row.workflow,
        position=position,
        uses=uses,
        target=row.target,
        seen=row.published,
        bad=row.bad,
    )


def _audit(batch: RollbackBatch, rows: list[Row], actor: Actor) -> None:
    """One row a project: who reads the trail of a project finds it there."""
    criteria = {name: value for name, value in batch.criteria.items() if name != "workflows"}
    for project, mine in by_project(rows):
        record(
            "rollback.many_requested",
            actor=actor,
            target=batch,
            scope=project.scope,
            reason=batch.reason,
            detail={"workflows": [row.workflow.key for row in mine], "criteria": criteria},
        )


def by_project(rows: Iterable[Any]) -> list[tuple[Project, list[Any]]]:
    """Return the rows, whatever has a workflow, by their projects."""
    ordered = sorted(rows, key=lambda row: row.workflow.project_id)
    groups = [list(group) for _pk, group in groupby(ordered, key=lambda row: row.workflow.project_id)]
    return [(group[0].workflow.project, group) for group in groups]
