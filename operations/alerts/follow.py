"""Follow the sealed trail: each entry that is an alert becomes one delivery a rule.

The order is that of the seals, never of ids, which commit out of order. The cursor moves with the deliveries in one transaction, by a
conditional update: of several followers one puts a batch, and one that dies leaves nothing half done. Nothing is sent here.
"""

import logging
from time import monotonic
from typing import Final

from django.db import transaction
from django.utils import timezone

from audit.models import AuditEntry, AuditSeal
from operations.alerts.about import About, about
from operations.alerts.kinds import NEWS, Judged, is_told_of, judge, without_looking
from operations.alerts.models import AlertCursor, AlertRule
from operations.alerts.put import Alert, concerns, put

logger = logging.getLogger(__name__)

BATCH: Final = 50  # so that a transaction stays short, where one writer is all a database has


def follow_due(seconds: float) -> int:
    """Follow for at most so long; return how many entries were looked at. Safe to run by several at once."""
    until, followed = monotonic() + seconds, 0
    while batch := follow():
        followed += batch
        if monotonic() >= until:
            break
    return followed


def follow() -> int:
    """Look at the next BATCH of sealed entries and return how many; 0 where there is none, or another follower had them."""
    at = reached()
    seals = AuditSeal.objects.filter(sequence__gt=at).order_by("sequence").values_list("sequence", "entry_id")[:BATCH]
    found = list(seals)
    if not found:
        _go_back_where_it_was_cut(at)
        return 0
    alerts = _alerts([entry for _sequence, entry in found])
    with transaction.atomic():
        if AlertCursor.objects.filter(pk=AlertCursor.ONLY, sequence=at).update(sequence=found[-1][0]) != 1:
            return 0
        _put(alerts)
    return len(found)


def reached() -> int:
    """Return how far along the trail alerts were made. At first that is its end: what was before nobody wants to be told."""
    cursor, _made = AlertCursor.objects.get_or_create(pk=AlertCursor.ONLY, defaults={"sequence": _end()})
    return cursor.sequence


def _end() -> int:
    return AuditSeal.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _go_back_where_it_was_cut(at: int) -> None:
    """A trail that is shorter than it was (verifying it says so) would else be followed by nobody until it is as long again."""
    end = _end()
    if end < at and AlertCursor.objects.filter(pk=AlertCursor.ONLY, sequence=at).update(sequence=end):
        logger.error("the sealed trail ends at %s, alerts had followed it to %s", end, at)


def _put(alerts: list[Alert]) -> None:
    rules = _held_rules() if alerts else []
    now = timezone.now()
    for alert in alerts:
        for rule in rules:
            if concerns(rule, alert):
                put(rule, alert, now)


def _held_rules() -> list[AlertRule]:
    """Return the rules in force, held until what they tell is put: whoever ends one meanwhile waits, and then drops that too."""
    held = AlertRule.objects.standing().order_by("id").select_for_update().values_list("pk", flat=True)
    return list(AlertRule.objects.in_force().filter(pk__in=list(held)).select_related("project").order_by("id"))


def _alerts(entries: list[int]) -> list[Alert]:
    """Return the alerts among the entries, in their order."""
    rows = {row.pk: row for row in AuditEntry.objects.filter(pk__in=entries).select_related("content_type")}
    told = [rows[pk] for pk in entries if pk in rows and is_told_of(rows[pk])]
    return [alert for row in told if (alert := _alert(row))]


def _alert(entry: AuditEntry) -> Alert | None:
    try:
        found = about(entry)
        judged = judge(entry, found)
    except Exception:  # what is odd about one entry must not keep all that follow from being told
        logger.exception("entry=%s could not be looked at", entry.pk)
        found, judged = About(), without_looking(entry)
    return _made(entry, found, judged) if judged else None


def _made(entry: AuditEntry, found: About, judged: Judged) -> Alert:
    kind, severity = judged
    return Alert(
        entry=entry.pk,
        at=entry.timestamp,
        kind=kind,
        severity=severity,
        project=found.project.pk if found.project else None,
        instance=found.instance.pk if found.instance else None,
        target=found.workflow.key if found.workflow else entry.target,
        alike=f"{kind} {_object(entry, found, kind in NEWS)}"[:190],  # the column's length
    )


def _object(entry: AuditEntry, found: About, is_news: bool) -> str:
    """What counts as the same: a rollback of many as one, else the workflow unless each time is news, else the object itself."""
    batch = getattr(found.obj, "batch_id", None)
    if batch is not None:
        return f"batch {batch}"
    if found.workflow is not None and not is_news:
        return f"workflow {found.workflow.pk}"
    return f"{entry.content_type_id} {entry.object_pk}"
