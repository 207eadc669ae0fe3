"""Post to an address of a webhook or alert: no redirect, no proxy, a bound on time and on what is read.

Enters: an address somebody with the right has approved, a body, headers. Leaves: status and, where asked for, the head of the answer.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Final

import requests
from django.conf import settings

from snapshotter.webhooks.deadline import Deadline

TIMEOUT: Final = (3.0, 10.0)  # seconds to connect, and to answer
_CHUNK: Final = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def post(
    url: str, body: bytes, headers: dict[str, str], *, read: int = 0, timeout: tuple[float, float] = TIMEOUT
) -> Answer:
    """No redirect is followed, no proxy or .netrc of our account is used; of the answer no more than `read` bytes are kept.

    All of it takes no longer than to connect and twice to answer, which is less than a claim of those who send.
    Raises requests.RequestException, and urllib3's HTTPError for a host that is no name and an answer that breaks off.
    """
    with requests.Session() as session, Deadline(timeout[0] + 2 * timeout[1]) as deadline:
        session.trust_env = False
        session.verify = settings.SNAPSHOTTER["CA_BUNDLE"] or True
        session.mount("http://", deadline.adapter)
        session.mount("https://", deadline.adapter)
        with session.post(
            url, data=body, headers=headers, timeout=timeout, allow_redirects=False, stream=True
        ) as answer:
            got = Answer(answer.status_code, _head(answer, read, monotonic() + timeout[1]) if read else b"")
        deadline.check()
        return got


def _head(answer: requests.Response, most: int, until: float) -> bytes:
    """What has come is taken as it comes, so that a receiver that sends byte by byte is left when the time is over."""
    found = b""
    while len(found) < most and monotonic() < until:
        chunk: bytes = answer.raw.read1(_CHUNK, decode_content=True)
        if not chunk:
            break
        found += chunk
    return found[:most]
