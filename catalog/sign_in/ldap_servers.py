"""Which of the directory's servers to ask.

OpenLDAP's library waits for ever where a server takes a connection and never begins with TLS, whatever its time-outs (seen with 2.5 and
GnuTLS, at full speed of a core). So a server is asked for its half of the handshake first, after StartTLS as well, in a way that ends.
"""

import socket
import ssl
import time
from typing import Final
from urllib.parse import urlsplit

import ldap
from django.conf import settings
from django.http import HttpRequest

_START_TLS: Final = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x16" + b"1.3.6.1.4.1.1466.20037"  # RFC 4511, 4.14, as message 1
_MOST: Final = 65_536  # bytes of an answer to it


def servers(request: HttpRequest | None = None) -> str:
    """Return the addresses that may be asked, in their order, as django-auth-ldap takes them.

    Raises ldap.SERVER_DOWN where there is none.
    """
    own = settings.SNAPSHOTTER
    named = own["LDAP_URI"].split()
    found = [uri for uri in named if not (own["LDAP_STARTTLS"] or uri.startswith("ldaps://")) or _begins_tls(uri)]
    if not found:
        raise ldap.SERVER_DOWN({"desc": "no server begins with TLS"})
    return " ".join(found)


def _begins_tls(uri: str) -> bool:
    parts, seconds = urlsplit(uri), settings.SNAPSHOTTER["LDAP_TIMEOUT"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent; the library verifies it then
    from_start = parts.scheme == "ldaps"
    try:
        with socket.create_connection(
            (parts.hostname or "", parts.port or (636 if from_start else 389)), seconds
        ) as link:
            if not from_start:
                _ask_for_tls(link, time.monotonic() + seconds)
                link.settimeout(seconds)
            with context.wrap_socket(link, server_hostname=parts.hostname):
                return True
    except OSError:
        return False


def _ask_for_tls(link: socket.socket, end: float) -> None:
    """Send StartTLS and read the answer. Whether it was a yes, the handshake shows."""
    link.sendall(_START_TLS)
    size = _read(link, 2, end)[1]
    if size & 0x80:  # the length stands in as many bytes
        size = int.from_bytes(_read(link, size & 0x7F, end), "big")
    _read(link, min(size, _MOST), end)


def _read(link: socket.socket, size: int, end: float) -> bytes:
    """Return exactly so many bytes. Raises OSError where they don't come before `end`."""
    found = b""
    while len(found) < size:
        link.settimeout(max(end - time.monotonic(), 0.001))
        piece = link.recv(size - len(found))
        if not piece:
            raise ConnectionError("it hung up")
        found += piece
    return found
