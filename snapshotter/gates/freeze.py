"""Freeze: for a time nothing is published in a project, on an instance, or everywhere."""

from zoneinfo import available_timezones

from django.db import models, transaction

from audit.actors import Actor, user_of
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.permissions import MANAGE, require, require_superuser
from snapshotter.models import FreezeWindow

_REFUSED = "freeze.refused"


def freeze(window: FreezeWindow, *, actor: Actor) -> FreezeWindow:
    """Save a window that was filled in with scope, times and reason. A project's needs `manage_project`, a wider one a superuser.

    Raises InvalidRequest where the times make no window, NotAllowed.
    """
    may_freeze(window, actor)
    _check(window)
    window.created_by, window.created_by_name = user_of(actor), str(actor)
    with transaction.atomic():
        window.save(force_insert=True)
        record("freeze.imposed", actor=actor, target=window, scope=scope_of(window), reason=window.reason)
    return window


def may_freeze(window: FreezeWindow, actor: Actor) -> None:
    """Raise NotAllowed (an audit row) unless the actor may impose and lift windows of this scope."""
    if window.project is not None:
        require(actor, MANAGE, window.project, event=_REFUSED)
    else:
        target: models.Model = window.instance or window
        require_superuser(actor, event=_REFUSED, target=target, scope=scope_of(window))


def scope_of(window: FreezeWindow) -> str:
    return window.project.scope if window.project is not None else str(window.instance or "")


def _check(window: FreezeWindow) -> None:
    if not window.reason.strip():
        raise InvalidRequest("A freeze needs a reason.", field="reason")
    once = (window.starts_at, window.ends_at)
    weekly = (window.start_weekday, window.start_time, window.end_weekday, window.end_time)
    if None not in once and set(weekly) == {None}:
        if once[0] >= once[1]:  # type: ignore[operator]  # neither is None
            raise InvalidRequest("A freeze ends after it starts.", field="ends_at")
    elif None not in weekly and once == (None, None):
        if weekly[:2] == weekly[2:]:
            raise InvalidRequest("A weekly freeze can't last the whole week.", field="end_time")
        if window.time_zone not in available_timezones():
            raise InvalidRequest(
                "A weekly freeze needs the name of a time zone, such as Asia/Shanghai.", field="time_zone"
            )
    else:
        raise InvalidRequest("Give from and to, or the weekdays and times of a weekly freeze.", field="starts_at")
