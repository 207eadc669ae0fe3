"""Which names can be an account's, and which accounts a name could mean."""

import re
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest

from audit.actors import SYSTEM
from catalog.service_accounts import PREFIX

MOST: Final = 150  # characters, Django's column
_KEPT: Final = 255  # characters, django-axes' columns; Django's form lets longer ones through
_NAME: Final = re.compile(r"[\w.@+-]+")  # what Django's own form of people takes
_NOT_ASCII: Final = "[^ -~]"


def as_kept(name: str) -> str:
    """Return the name as an account would have it: letters that are only another shape of one (NFKC) are that one. Judge it afterwards."""
    return User.normalize_username(name)


def is_user_name(name: str) -> bool:
    """Whether a directory may be asked for it: letters, digits and @ . + - _, as in Django's own form.

    No sign of a filter or DN passes, nor any of the invisible letters that a directory leaves out when it compares.
    """
    return 0 < len(name) <= MOST and bool(_NAME.fullmatch(name))


def is_ours(name: str) -> bool:
    """Whether the name stands for the service itself or a service account, which never sign in."""
    plain = as_kept(name).casefold()
    return plain.startswith(PREFIX) or plain == SYSTEM.username


def accounts_called(name: str) -> "QuerySet[User]":
    """Return the accounts of this name, whatever the case: `iexact` tells Anna from anna where the collation does (utf8mb4_bin).

    No database knows the cases of all letters (SQLite: ASCII alone), so a name of others that have cases is compared here with
    those accounts that have such letters, too.
    """
    if name.isascii() or name.lower() == name.upper():
        return User.objects.annotate(lowered=Lower("username")).filter(lowered=name.lower())
    others = User.objects.filter(username__regex=_NOT_ASCII).values_list("pk", "username")
    wanted = as_kept(name).casefold()
    return User.objects.filter(pk__in=[pk for pk, other in others if as_kept(other).casefold() == wanted])


def throttled_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """Return the name that django-axes counts failures by; another case is no new person, and no ten further guesses."""
    given = (credentials or request.POST).get("username")
    return given.strip().lower()[:_KEPT] if given else None
