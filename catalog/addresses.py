"""The address of an instance: what may stand in it."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# A name in a company's own network may have no dot; an IPv6 address stands in brackets.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?\Z", re.IGNORECASE)
_PATH = re.compile(r"(?:/[\w.~%-]+)*/?\Z", re.ASCII)


def check_address(url: str) -> None:
    """Refuse what is no plain HTTP address. A password in it would be shown, and kept in plain."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ValidationError(_("This is no address.")) from error
    if parts.scheme not in ("http", "https"):
        raise ValidationError(_("An address begins with http:// or https://."))
    if re.search(r"[\s\\]", url):  # urlsplit drops some of these in silence
        raise ValidationError(_("This is no address."))
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise ValidationError(
            _("An address has no user, password, query or fragment. The token goes into its own field.")
        )
    if not _HOST.match(parts.netloc) or not _PATH.match(parts.path) or any(step == ".." for step in url.split("/")):
        raise ValidationError(_("This is no address such as https://ds.example.com:12345/dolphinscheduler."))
