"""The settings as django-auth-ldap and python-ldap take them. Both are optional packages: imported where LDAP is switched on."""

import logging
import ssl
from pathlib import Path
from typing import Any, Final

import ldap
from django.conf import settings
from django_auth_ldap import config

from catalog.sign_in.group_rules import named, pairs
from catalog.sign_in.ldap_servers import servers

logger = logging.getLogger(__name__)

_DEBIAN: Final = "/etc/ssl/certs/ca-certificates.crt"
KEPT: Final = ("first_name", "last_name", "email")  # columns of an account that a directory may fill
# name in the settings -> (its class, object class of its groups)
GROUP_TYPES: Final = {
    "groupOfNames": (config.GroupOfNamesType, "groupOfNames"),
    "nestedGroupOfNames": (config.NestedGroupOfNamesType, "groupOfNames"),
    "groupOfUniqueNames": (config.GroupOfUniqueNamesType, "groupOfUniqueNames"),
    "nestedGroupOfUniqueNames": (config.NestedGroupOfUniqueNamesType, "groupOfUniqueNames"),
    "posixGroup": (config.PosixGroupType, "posixGroup"),
    "activeDirectory": (config.ActiveDirectoryGroupType, "group"),
    "nestedActiveDirectory": (config.NestedActiveDirectoryGroupType, "group"),
}


def ldap_config() -> dict[str, Any]:
    """Return django-auth-ldap's settings by their names without the prefix. Nothing of a person is written by it: `admit` does.

    Raises ValueError, KeyError or TypeError where they can't be read, which the checks tell, too.
    """
    own = settings.SNAPSHOTTER
    for name in ("LDAP_USER_FILTER", "LDAP_USER_DN_TEMPLATE"):
        named(own[name])
    by_template = bool(own["LDAP_USER_DN_TEMPLATE"])
    return {
        "SERVER_URI": servers,
        "START_TLS": own["LDAP_STARTTLS"] and own["LDAP_URI"].startswith("ldap://"),
        "CONNECTION_OPTIONS": connection_options(),
        "BIND_DN": own["LDAP_BIND_DN"],
        "BIND_PASSWORD": own["LDAP_BIND_PASSWORD"],
        "USER_DN_TEMPLATE": own["LDAP_USER_DN_TEMPLATE"] or None,
        # Who is found by a template needs no account for searching: the person's own sees what it takes.
        "BIND_AS_AUTHENTICATING_USER": by_template,
        "USER_SEARCH": None if by_template else _users(),
        "USER_ATTRLIST": attributes(),
        "GROUP_SEARCH": _groups(),
        "GROUP_TYPE": GROUP_TYPES[own["LDAP_GROUP_TYPE"]][0]() if own["LDAP_GROUP_BASE"] else None,
        "ALWAYS_UPDATE_USER": False,
        "PERMIT_EMPTY_PASSWORD": False,  # a bind without a password succeeds everywhere, and proves nothing
        "CACHE_TIMEOUT": 0,
    }


def connection_options() -> dict[int, Any]:
    """Time-outs in seconds, TLS that is verified, and no referral to a server nobody has named. NEWCTX must be last."""
    own = settings.SNAPSHOTTER
    options: dict[int, Any] = {
        ldap.OPT_NETWORK_TIMEOUT: own["LDAP_TIMEOUT"],
        ldap.OPT_TIMEOUT: own["LDAP_TIMEOUT"],
        ldap.OPT_REFERRALS: 0,
        ldap.OPT_X_TLS_REQUIRE_CERT: ldap.OPT_X_TLS_DEMAND,
    }
    return {**options, **_trusted(), ldap.OPT_X_TLS_NEWCTX: 0}


def _trusted() -> dict[int, str]:
    """Return whose certificates are believed. A new context of the library knows nobody, not even whom the system trusts."""
    usual = ssl.get_default_verify_paths()  # knows SSL_CERT_FILE, too
    file = settings.SNAPSHOTTER["LDAP_CA_FILE"] or usual.cafile or (_DEBIAN if Path(_DEBIAN).is_file() else "")
    if file:
        return {ldap.OPT_X_TLS_CACERTFILE: file}
    return {ldap.OPT_X_TLS_CACERTDIR: usual.capath} if usual.capath else {}


def attributes() -> list[str]:
    """Return what is asked of an entry: ids and names, and what posixGroup needs."""
    own = settings.SNAPSHOTTER
    wanted = [own["LDAP_ID_ATTRIBUTE"], own["LDAP_NAME_ATTRIBUTE"], "uid", "gidNumber", *kept().values()]
    return list(dict.fromkeys(wanted))


def kept() -> dict[str, str]:
    """Return {column: attribute}."""
    return {column: attribute for column, attribute in pairs(settings.SNAPSHOTTER["LDAP_ATTRIBUTES"]) if column in KEPT}


class OnePerson(config.LDAPSearch):
    """django-auth-ldap lets nobody in where several entries answer, and says nothing."""

    def execute(self, *args: Any, **more: Any) -> Any:
        found = super().execute(*args, **more)
        if len(found) > 1:
            logger.warning("%d entries of the directory answer to one user name: nobody is let in", len(found))
        return found


def _users() -> config.LDAPSearch:
    own = settings.SNAPSHOTTER
    return OnePerson(own["LDAP_USER_BASE"], ldap.SCOPE_SUBTREE, own["LDAP_USER_FILTER"], attributes())


def _groups() -> config.LDAPSearch | None:
    own = settings.SNAPSHOTTER
    if not own["LDAP_GROUP_BASE"]:
        return None
    kind = GROUP_TYPES[own["LDAP_GROUP_TYPE"]][1]
    # Only the name: a group may have tens of thousands of members.
    return config.LDAPSearch(own["LDAP_GROUP_BASE"], ldap.SCOPE_SUBTREE, f"(objectClass={kind})", ["cn"])
