"""Where a channel sends: what a superuser enters, judged and made into what is kept encrypted."""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from catalog.errors import InvalidRequest
from catalog.secrets_at_rest import encrypt
from operations.alerts.choices import ChannelKind
from snapshotter.webhooks.address import check_address
from snapshotter.webhooks.signing import new_secret

MAX_MAILS: Final = 20
_SHOWN: Final = 255
_MAX_SECRET: Final = 200


@dataclass(frozen=True, slots=True)
class Place:
    """`encrypted` for the row; `shown` is no secret; `secret` is shown once where we have made it, else ""."""

    encrypted: str
    shown: str
    secret: str = ""


def place_of(kind: str, address: str, secret: str) -> Place:
    """Return where a channel sends. Raises InvalidRequest; its text never holds the address, which is a secret."""
    if kind == ChannelKind.MAIL:
        return _mail(address)
    check_address(address)
    if kind == ChannelKind.WEBHOOK:
        secret = new_secret()
        return _kept({"url": address, "secret": secret}, _host(address), secret)
    if len(secret) > _MAX_SECRET or not secret.isascii() or not secret.isprintable():
        raise InvalidRequest("A signing secret is plain ASCII, at most 200 long.", field="secret")
    return _kept({"url": address, "secret": secret}, _host(address))


def _mail(text: str) -> Place:
    mails = [part.strip() for part in text.replace(";", ",").replace("\n", ",").split(",") if part.strip()]
    if not 1 <= len(mails) <= MAX_MAILS:
        raise InvalidRequest("A mail channel has 1 to 20 addresses, with commas in between.", field="address")
    for mail in mails:
        try:
            validate_email(mail)
        except ValidationError:
            raise InvalidRequest("One of the mail addresses is none.", field="address") from None
    return _kept({"to": mails}, ", ".join(mails))


def _kept(value: dict[str, Any], shown: str, secret: str = "") -> Place:
    return Place(encrypt(json.dumps(value)), shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…", secret)


def _host(url: str) -> str:
    return urlsplit(url).netloc
