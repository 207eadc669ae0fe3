"""The session of somebody whom another place vouches for: whose it is, and how long it lasts. Nobody there is asked meanwhile."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone


def account_of(user_id: int) -> User | None:
    """Return a session's account. Nobody elsewhere is asked, and whoever was disabled here is nobody."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def limit_session(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Receive `user_logged_in`. A fixed end, which use does not put off; for all others what the settings say of any session."""
    seconds = settings.SNAPSHOTTER["SIGN_IN_SESSION"]
    if seconds and getattr(user, "backend", "").startswith("catalog.sign_in."):
        request.session.set_expiry(timezone.now() + timedelta(seconds=seconds))
    else:
        request.session.set_expiry(None)  # it may have begun with a way to the service, which ends soon
