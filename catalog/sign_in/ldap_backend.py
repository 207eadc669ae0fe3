"""Signing in by a directory, through django-auth-ldap: it asks the directory, `admit` does what is to be done here."""

import logging
from typing import Any, Final

import ldap
from django.conf import settings
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables
from django_auth_ldap.backend import LDAPBackend, ldap_error

from audit.actors import SYSTEM
from catalog.sign_in.admit import admit
from catalog.sign_in.choices import Source
from catalog.sign_in.errors import DirectoryUnavailable
from catalog.sign_in.few import one_of_few
from catalog.sign_in.group_rules import comparable
from catalog.sign_in.ldap_config import kept, ldap_config
from catalog.sign_in.names import accounts_called, as_kept, is_user_name
from catalog.sign_in.person import Person
from catalog.sign_in.session import account_of

logger = logging.getLogger(__name__)

# What a directory answers to a person's own bind; anything else is the directory's or the settings' trouble.
_OF_THE_PERSON: Final = (
    *(ldap.INVALID_CREDENTIALS, ldap.UNWILLING_TO_PERFORM, ldap.CONSTRAINT_VIOLATION, ldap.INSUFFICIENT_ACCESS),
    *(ldap.INAPPROPRIATE_AUTH, ldap.INVALID_DN_SYNTAX, ldap.NO_SUCH_OBJECT),
)


class DirectoryBackend(LDAPBackend):
    """Stands behind Django's own backend, which knows the accounts of ours."""

    @property
    def default_settings(self) -> dict[str, Any]:
        try:
            return ldap_config()
        except (ValueError, KeyError, TypeError) as error:
            logger.warning("nobody signs in by the directory before its settings are mended: %s", error)
            raise DirectoryUnavailable from error

    @sensitive_variables("password")
    def authenticate(
        self, request: HttpRequest, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the account of who proves the password there; None for a wrong one. The password may not be empty.

        Raises SignInRefused, DirectoryUnavailable: these are no failed attempts. Only where an own password could be guessed
        meanwhile, a directory that does not answer is a wrong password like any other.
        """
        if username is None or not is_user_name(username):
            return None
        try:
            with one_of_few():
                found: User | None = super().authenticate(request, username=username, password=password, **kwargs)
        except DirectoryUnavailable:
            if any(account.has_usable_password() for account in accounts_called(username)):
                return None
            raise
        return found

    def get_or_build_user(self, username: str, ldap_user: Any) -> tuple[User, bool]:
        """Called once the password is proven. The directory is asked for all it has to say before the transaction begins."""
        try:
            person = _person(username, ldap_user)
        except ldap.LDAPError as error:
            raise _unavailable(error) from error
        return admit(person, actor=SYSTEM), False

    def get_group_permissions(self, user: Any, obj: Any = None) -> set[str]:
        """None: groups of ours give the rights, and Django's own backend knows them."""
        return set()

    def get_user(self, user_id: int) -> User | None:
        return account_of(user_id)


def _person(username: str, ldap_user: Any) -> Person:
    own, found = settings.SNAPSHOTTER, ldap_user.attrs or {}
    return Person(
        source=Source.LDAP,
        subject=_text(_first(found, own["LDAP_ID_ATTRIBUTE"])),
        name=as_kept(as_kept(_text(_first(found, own["LDAP_NAME_ATTRIBUTE"])) or username).lower()),
        groups=_groups(ldap_user),
        attributes={column: text for column, name in kept().items() if (text := _text(_first(found, name)))},
    )


def _groups(ldap_user: Any) -> frozenset[str]:
    """Return names and DNs, as rules compare them. A name that looks like a DN is none: whoever makes groups chooses it freely."""
    if ldap_user.settings.GROUP_SEARCH is None:
        return frozenset()
    names = {name for name in ldap_user.group_names if name and "=" not in name}
    return frozenset(comparable(Source.LDAP, name) for name in names | set(ldap_user.group_dns))


@receiver(ldap_error, dispatch_uid="catalog.sign_in.ldap_error")
def _tell(sender: type, context: str, exception: ldap.LDAPError, **_: Any) -> None:
    """django-auth-ldap takes every error for a wrong password; what is none of the person's leaves it as ours."""
    if issubclass(sender, DirectoryBackend) and not (
        context == "authenticate" and isinstance(exception, _OF_THE_PERSON)
    ):
        raise _unavailable(exception) from exception


def _unavailable(error: ldap.LDAPError) -> DirectoryUnavailable:
    """The log has what kind of error it was: never what was sent."""
    logger.warning("the directory can't be asked: %s", type(error).__name__)
    return DirectoryUnavailable()


def _first(entry: Any, attribute: str) -> str | bytes:
    values: list[str | bytes] = entry.get(attribute) or [""]
    return values[0]


def _text(value: str | bytes) -> str:
    """Bytes that are no text, such as an objectGUID, are written in hex; always in the same way, so that they stay an id."""
    if isinstance(value, str):
        return value if value.isprintable() else value.encode().hex()
    return value.hex()
