"""A webhook of our own form, signed as those of projects are: `docs/webhooks.md` says how a receiver verifies it."""

import json
import time
from typing import Final

import requests
from urllib3.exceptions import HTTPError

from operations.alerts.send.sent import Address, Letter, Sent
from snapshotter.webhooks import signing
from snapshotter.webhooks.post import post

EVENT: Final = "alert"
_TIMEOUT: Final = (3.0, 5.0)  # seconds to connect, and to answer


def send(address: Address, letter: Letter) -> Sent:
    """Post it; 200 to 299 counts as taken."""
    body, now = body_of(letter), int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Snapshotter",
        signing.DELIVERY: letter.delivery,
        signing.EVENT: EVENT,
        signing.TIMESTAMP: str(now),
        signing.SIGNATURE: signing.sign(address["secret"], now, body),
    }
    try:
        status = post(address["url"], body, headers, timeout=_TIMEOUT).status
    except (requests.RequestException, HTTPError) as error:
        return Sent(type(error).__name__)
    return Sent("" if 200 <= status < 300 else f"HTTP {status}", status)


def body_of(letter: Letter) -> bytes:
    """Return the same bytes in every repetition: keys sorted, since MySQL gives the kept message back in an order of its own."""
    message = letter.message
    told = {name: message[name] for name in ("title", "sentences", "more", "next", "link")}
    facts = [{"label": label, "text": text} for label, text in letter.head]
    body = {"delivery": letter.delivery, "event": EVENT, "created_at": letter.created_at, **message["data"]}
    return json.dumps({**body, "message": {**told, "facts": facts}}, ensure_ascii=False, sort_keys=True).encode()
