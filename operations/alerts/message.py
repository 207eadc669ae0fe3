"""What is said: composed once, before the first sending, in the rule's language, and kept, so that each repetition says the same.

A message is JSON: {"title", "facts": [[label, text]], "sentences": [text], "more": text, "next": text, "link": address, "data": {...}}.
All texts are plain, on one line; escaping is each channel's own. `data` is for machines and is no language's.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import AuditEntry
from catalog.models import Project, Workflow
from catalog.say import say
from definitions.secrets import mask_text
from drift.choices import Kind as DriftKind
from operations.alerts.about import About, about
from operations.alerts.choices import Carries, Kind, Severity
from operations.alerts.difference import NONE, Difference, difference_of
from operations.alerts.ends import next_of, title_of
from operations.alerts.escape import plain
from operations.alerts.links import link_of
from operations.alerts.models import AlertDelivery
from snapshotter.models import Snapshot

logger = logging.getLogger(__name__)

Message = dict[str, Any]
_WITH_DIFFERENCE: Final = {
    *(Kind.PUBLISH_DONE, Kind.PUBLISH_FAILED, Kind.ROLLBACK_DONE, Kind.ROLLBACK_FAILED),
    *(Kind.DRIFT_FOUND, Kind.DRIFT_CHANGED, Kind.QUARANTINED_LIVE),
}
_FIRES: Final = 5


def compose(row: AlertDelivery) -> Message:
    """Return the message of one event, or of the same again. Reads only; of what can't be read anything else is told."""
    with translation.override(row.rule.language if row.rule else settings.LANGUAGE_CODE):
        entry = _entry_of(row)
        return bare(row) if entry is None else _of_entry(row, entry)


def bare(row: AlertDelivery) -> Message:
    """Return a message of a title alone."""
    what = Kind(row.kind).label if row.kind else Carries(row.carries).label
    return {**_empty(row), "title": plain(_title(row, str(what), ""), 200)}


def _entry_of(row: AlertDelivery) -> AuditEntry | None:
    """Of several the newest."""
    number = row.entry
    if row.carries == Carries.AGAIN:
        number = row.folded.order_by("-id").values_list("entry", flat=True).first()
    found: AuditEntry | None = AuditEntry.objects.select_related("content_type").filter(pk=number).first()
    return found


def _empty(row: AlertDelivery) -> Message:
    data = {"kind": row.kind, "severity": row.severity, "events": row.events, "target": row.target}
    return {"title": "", "facts": [], "sentences": [], "more": "", "next": "", "link": "", "data": data}


def _of_entry(row: AlertDelivery, entry: AuditEntry) -> Message:
    found = _tried(entry, lambda: about(entry), About())
    different = _tried(entry, lambda: difference_of(found), NONE) if row.kind in _WITH_DIFFERENCE else NONE
    scope = entry.scope or (str(found.instance) if found.instance else "")
    message, kind = _empty(row), Kind(row.kind)
    return {
        **message,
        "title": plain(_title(row, title_of(kind, entry, found), scope), 200),
        "facts": [[str(label), plain(mask_text(text))] for label, text in _facts(row, entry, found, scope) if text],
        "sentences": [plain(text, 300) for text in different.sentences],
        "more": _more(different),
        "next": next_of(kind, entry, found),
        "link": _tried(entry, lambda: link_of(kind, entry, found, different), ""),
        "data": message["data"] | _data(entry, found),
    }


def _tried(entry: AuditEntry, look: Any, otherwise: Any) -> Any:
    try:
        return look()
    except Exception:  # an alert without its difference is told; one that is never told is lost
        logger.exception("entry=%s is told without a part", entry.pk)
        return otherwise


def _title(row: AlertDelivery, what: str, scope: str) -> str:
    values = {"severity": Severity(row.severity).label, "what": what, "target": row.target}
    text = _("[%(severity)s] %(what)s: %(target)s") % values
    if scope and scope != row.target:
        text = f"{text} ({scope})"
    if row.carries != Carries.AGAIN:
        return text
    again = ngettext("again, %(count)s time", "again, %(count)s times", row.events) % {"count": row.events}
    return f"{text} – {again}"


def _facts(row: AlertDelivery, entry: AuditEntry, found: About, scope: str) -> Iterator[tuple[str, str]]:
    """Yield what, where, who, when and why; empty texts are left out."""
    workflow = found.workflow
    if workflow is not None:
        yield _("Workflow"), _named(workflow, found.project)
    yield _("Project") if found.project else _("Instance"), scope
    version = found.sync.snapshot if found.sync else None
    if version is not None:
        yield _("Version"), f"v{version.version}"
    yield _("Who"), _who(entry, version)
    yield _("When"), moment(entry.timestamp, row)
    yield _("Why"), say(entry.reason)
    yield _("Message"), version.message if version is not None and version.message != entry.reason else ""
    yield from _more_facts(found)


def _named(workflow: Workflow, project: Project | None) -> str:
    """What it is called in a project that it went on to is not for the readers of the one it was in."""
    if workflow.name == workflow.key or (project is not None and workflow.project_id != project.pk):
        return workflow.key
    return f"{workflow.name} ({workflow.key})"


def _who(entry: AuditEntry, version: Snapshot | None) -> str:
    """A platform publishes with an account of its own, and says for whom."""
    names = [entry.actor_name, version.published_by if version is not None else ""]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _more_facts(found: About) -> Iterator[tuple[str, str]]:
    detail = found.detail
    kinds = [str(DriftKind(kind).label) for kind in detail.get("kinds") or [] if kind in DriftKind.values]
    yield _("What differs"), ", ".join(kinds)
    fires = [str(fire) for fire in detail.get("fires") or []]
    left = len(fires) - _FIRES
    yield _("Missed"), ", ".join([*fires[:_FIRES], *([_("and %(count)s more") % {"count": left}] if left > 0 else [])])
    if found.sync is not None:
        yield _("In DolphinScheduler now"), found.sync.effect
    if found.obj is not None:
        yield _("Likely by"), str(getattr(found.obj, "actor_name", "") if "kinds" in detail else "")


def _more(different: Difference) -> str:
    return _("and %(count)s more") % {"count": different.more} if different.more else ""


def _data(entry: AuditEntry, found: About) -> dict[str, Any]:
    """Names and numbers; no free text but the reason, masked."""
    return {
        "cause": entry.event,
        "outcome": entry.outcome,
        "entry": entry.pk,
        "at": entry.timestamp.isoformat(),
        "actor": entry.actor_name,
        "scope": entry.scope,
        "instance": found.instance.name if found.instance else "",
        "project": found.project.code if found.project else None,
        "workflow": found.workflow.key if found.workflow else "",
        "reason": plain(mask_text(entry.reason)),
        "request_id": entry.request_id,
    }


def moment(at: datetime, row: AlertDelivery) -> str:
    """Return a moment in the rule's zone."""
    zone = ZoneInfo(row.rule.time_zone) if row.rule else timezone.get_default_timezone()
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z")
