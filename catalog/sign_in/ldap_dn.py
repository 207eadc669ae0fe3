"""DNs as they are compared."""

import ldap
import ldap.dn


def plain_dn(text: str) -> str:
    """Return one spelling for all of a DN: in small letters, escaped in one way, blanks where they mean something alone.

    What is no DN stays such that it equals none.
    """
    try:
        parts = ldap.dn.str2dn(text.strip())
    except ldap.LDAPError:
        return text.strip().lower()
    plain = [sorted((kind.lower(), _plain(value), flags) for kind, value, flags in part) for part in parts]
    return str(ldap.dn.dn2str(plain))


def _plain(value: str) -> str:
    return " ".join(filter(None, value.lower().split(" ")))
