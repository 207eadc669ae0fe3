"""Which of the directory's servers to ask.

OpenLDAP's library waits for ever where a server takes a connection and never begins with TLS, whatever its time-outs (seen with 2.5 and
GnuTLS, at full speed of a core). So a server of `ldaps://` is asked for its half of the handshake first, in a way that ends.
"""

import socket
import ssl
from urllib.parse import urlsplit

import ldap
from django.conf import settings
from django.http import HttpRequest


def servers(request: HttpRequest | None = None) -> str:
    """Return the addresses that may be asked, in their order, as django-auth-ldap takes them.

    Raises ldap.SERVER_DOWN where there is none.
    """
    named = settings.SNAPSHOTTER["LDAP_URI"].split()
    found = [uri for uri in named if not uri.startswith("ldaps://") or _begins_tls(uri)]
    if not found:
        raise ldap.SERVER_DOWN({"desc": "no server begins with TLS"})
    return " ".join(found)


def _begins_tls(uri: str) -> bool:
    parts, seconds = urlsplit(uri), settings.SNAPSHOTTER["LDAP_TIMEOUT"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent; the library verifies it then
    try:
        with (
            socket.create_connection((parts.hostname or "", parts.port or 636), timeout=seconds) as link,
            context.wrap_socket(link, server_hostname=parts.hostname),
        ):
            return True
    except OSError:
        return False
