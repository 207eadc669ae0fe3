"""What a sign-in service says of a person, read."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from catalog.sign_in.choices import Source
from catalog.sign_in.person import Person


def person_of(claims: Mapping[str, Any], issuer: str) -> Person:
    """Return the person. A mail address is kept where it was not said to be unverified, and never tells who somebody is.

    Raises ValueError where the groups were too many to be told: rights must not fall for that.
    """
    own = settings.SNAPSHOTTER
    subject = claims.get("sub")
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, Mapping) and own["OIDC_GROUPS_CLAIM"] in elsewhere:
        raise ValueError("the groups are too many for a token, so the service did not tell them")
    return Person(
        source=Source.OIDC,
        issuer=issuer,
        subject=subject if isinstance(subject, str) else "",  # as it is: cleaned, it could be another's
        name=User.normalize_username(_text(_at(claims, own["OIDC_NAME_CLAIM"]))),
        groups=_groups(_at(claims, own["OIDC_GROUPS_CLAIM"])),
        attributes=dict(_attributes(claims)),
    )


def _attributes(claims: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (column, value) of what is told."""
    for column, name in (("first_name", "given_name"), ("last_name", "family_name"), ("email", "email")):
        is_told = name != "email" or claims.get("email_verified") is not False
        if is_told and (text := _text(claims.get(name))):
            yield column, text


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim by its name, or by the way to it, such as `realm_access.roles`."""
    if path in claims:
        return claims[path]
    first, dot, rest = path.partition(".")
    inner = claims.get(first)
    return _at(inner, rest) if dot and isinstance(inner, Mapping) else None


def _groups(found: Any) -> frozenset[str]:
    names = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return frozenset(name for name in names if isinstance(name, str))


def _text(value: Any) -> str:
    """Return text that a database takes; anything else is nothing."""
    return value.encode(errors="replace").decode().replace("\0", "") if isinstance(value, str) else ""
