"""Whether the directory answers, takes our own password, and has the places that the settings name."""

import ldap
from django.conf import settings

from catalog.sign_in.ldap_config import connection_options, ldap_config
from catalog.sign_in.ldap_servers import servers

_AWAY = "check SNAPSHOTTER_LDAP_URI, the network, and that SNAPSHOTTER_LDAP_CA_FILE has the issuer of its certificate"
_FIXES: dict[type[ldap.LDAPError], str] = {
    ldap.INVALID_CREDENTIALS: "mend SNAPSHOTTER_LDAP_BIND_DN and SNAPSHOTTER_LDAP_BIND_PASSWORD",
    ldap.NO_SUCH_OBJECT: "mend SNAPSHOTTER_LDAP_USER_BASE and SNAPSHOTTER_LDAP_GROUP_BASE: one of them is not there, or not to be seen",
}


def look() -> tuple[str, str]:
    """Return (what was found, the fix), "" where all is well."""
    try:
        _ask()
    except ldap.LDAPError as error:
        fix = next((text for kind, text in _FIXES.items() if isinstance(error, kind)), _AWAY)
        return f"LDAP directory: {type(error).__name__}", fix
    return "LDAP directory: answers", ""


def _ask() -> None:
    own, config = settings.SNAPSHOTTER, ldap_config()
    link = ldap.initialize(servers())
    for option, value in connection_options().items():
        link.set_option(option, value)
    try:
        if config["START_TLS"]:
            link.start_tls_s()
        link.simple_bind_s(own["LDAP_BIND_DN"], own["LDAP_BIND_PASSWORD"])
        # Who is found by a template is looked at with their own rights: ours may be none.
        for base in (
            () if own["LDAP_USER_DN_TEMPLATE"] else filter(None, (own["LDAP_USER_BASE"], own["LDAP_GROUP_BASE"]))
        ):
            link.search_s(base, ldap.SCOPE_BASE, attrlist=["1.1"])
    finally:
        link.unbind_s()
