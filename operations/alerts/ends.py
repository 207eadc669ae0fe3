"""Words that are nearer than a kind's: how a drift ended, that a mute is over, what a finished request did."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models import AuditEntry
from drift.choices import ItemState
from operations.alerts.about import About
from operations.alerts.choices import Kind
from operations.alerts.words import NEXT
from rollback.choices import Act
from rollback.models import RollbackRequest

_PUBLISHED: Final = "published"

# {how: (what a message begins with, what to do next)}
_DRIFT: Final[dict[str, tuple[Promise, Promise]]] = {
    ItemState.ADOPTED: (
        pgettext_lazy("alert", "Drift was adopted"),
        _("Nothing to do: what was found is the published version now."),
    ),
    ItemState.PUT_BACK: (pgettext_lazy("alert", "Drift was put back"), NEXT[Kind.DRIFT_RESOLVED]),
    ItemState.IGNORED: (
        pgettext_lazy("alert", "Drift is ignored"),
        _("Nothing to do: it stands in DolphinScheduler, in fields that are ignored."),
    ),
    _PUBLISHED: (
        pgettext_lazy("alert", "Drift was published over"),
        _("Nothing to do: a version that was published since has taken its place."),
    ),
    ItemState.RESOLVED: (pgettext_lazy("alert", "Drift is gone"), NEXT[Kind.DRIFT_RESOLVED]),
}
_MUTE_OVER: Final = pgettext_lazy("alert", "Drift stands, and its mute is over")
_REQUEST: Final[dict[str, Promise]] = {
    Act.PUT_BACK: pgettext_lazy("alert", "Put back"),
    Act.RESTORE: pgettext_lazy("alert", "Restored"),
}


def title_of(kind: Kind, entry: AuditEntry, found: About) -> str:
    """Return what the message begins with."""
    if kind == Kind.DRIFT_RESOLVED:
        return str(_DRIFT[_how(entry, found)][0])
    if _is_heard_again(kind, entry):
        return str(_MUTE_OVER)
    if kind == Kind.ROLLBACK_DONE and isinstance(found.obj, RollbackRequest):
        return str(_REQUEST.get(found.obj.act, kind.label))
    return str(kind.label)


def next_of(kind: Kind, entry: AuditEntry, found: About) -> str:
    """Return what to do next."""
    if kind == Kind.DRIFT_RESOLVED:
        return str(_DRIFT[_how(entry, found)][1])
    return str(NEXT[Kind.DRIFT_FOUND if _is_heard_again(kind, entry) else kind])


def _is_heard_again(kind: Kind, entry: AuditEntry) -> bool:
    """It may be another drift by now, or the same."""
    return kind == Kind.DRIFT_CHANGED and entry.event == "drift.unmuted"


def _how(entry: AuditEntry, found: About) -> str:
    told = {"drift.adopted": ItemState.ADOPTED, "drift.put_back": ItemState.PUT_BACK}.get(entry.event)
    how = told or found.detail.get("as") or (_PUBLISHED if "sync" in found.detail else ItemState.RESOLVED)
    return str(how) if how in _DRIFT else str(ItemState.RESOLVED)
