"""Void: a request whose ground has moved is closed, with what moved, by whoever finds it so: a person who acts on it, or the sweep."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import SYSTEM
from audit.models import Outcome
from audit.record import record
from catalog.say import say
from dolphin.observe import Observation
from rollback.choices import WAITING, State
from rollback.errors import RequestClosed, Voided
from rollback.models import RollbackRequest
from rollback.move import move
from rollback.standing import Moved, moved

WORDS: Final = {
    "expired": _("Its time is over."),
    "quarantined": _("Its content was put in quarantine."),
    "published_moved": _("Another version was published meanwhile."),
    "code_moved": _("The workflow has another code or project in DolphinScheduler now."),
    "states_moved": _("What it would leave on and off is not what it was asked for with."),
    "impact_moved": _("Something has come up since that must be agreed to."),
    "live_moved": _("DolphinScheduler was changed meanwhile."),
    "approver_lost_right": _("An approver may not approve any more."),
    "database_restored": _("The database was restored from a backup; whether it was carried out since is not known."),
}


_CHUNK: Final = 200


def void(request: RollbackRequest, why: Moved) -> None:
    """Close it. Raises RequestClosed where somebody else has moved it first."""
    state = State.EXPIRED if why.code == "expired" else State.VOIDED
    text = str(WORDS[why.code])
    with transaction.atomic():
        move(request, [*WAITING, State.FAILED], state, closed_code=why.code, closed_text=why.detail)
        record(
            f"rollback.{state}",
            actor=SYSTEM,
            target=request,
            scope=request.project.scope,
            outcome=Outcome.FAILED,
            reason=f"{why.code}: {text} {why.detail}".strip(),
        )


def require_standing(request: RollbackRequest, live: Observation | None = None) -> None:
    """Raise Voided, and close the request, where what it is bound to has moved. Call outside the act's transaction: the closing stays."""
    why = moved(request, live)
    if why is None:
        return
    void(request, why)
    raise Voided(say(str(WORDS[why.code])), moved=why.code, detail=why.detail)


def void_due() -> int:
    """Close the waiting requests whose ground has moved, as far as our own rows tell; return how many. Safe to run by several at once."""
    related = ("workflow", "project__instance", "target", "requested_by")
    suspicious = RollbackRequest.objects.filter(state__in=WAITING).suspicious().select_related(*related)
    return sum(void_if_moved(request) for request in suspicious.iterator(chunk_size=_CHUNK))


def void_if_moved(request: RollbackRequest) -> bool:
    """Close it where our own rows say that its ground has moved; True when it was."""
    why = moved(request)
    if why is None:
        return False
    try:
        void(request, why)
    except RequestClosed:
        return False
    return True
