"""Who calls the API: a service account by its token, or a signed-in person. The caller is named in the trail from here on."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from audit.context import current, set_actor
from catalog.token_use import note_use


class ServiceTokenAuthentication(TokenAuthentication):
    """`Authorization: Bearer <token>`; tokens are kept hashed and expire."""

    def authenticate(self, request: Request) -> Any:
        try:
            found = super().authenticate(request)
        except exceptions.AuthenticationFailed:
            raise exceptions.AuthenticationFailed(
                _("The token is wrong, expired, or its account is disabled. Ask for a new one.")
            ) from None
        if found is not None:
            set_actor(found[0].pk, found[0].get_username())
            note_use(found[1], current().address)
        return found


class SessionAuthentication(authentication.SessionAuthentication):
    """The admin's session; unsafe methods need the CSRF token."""
