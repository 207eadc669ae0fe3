"""System checks of sign-in by LDAP and OIDC: only of what is switched on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from catalog.sign_in.group_rules import named, pairs
from config.sign_in_settings import lacks_package

GROUP_TYPES: Final = (
    *("groupOfNames", "nestedGroupOfNames", "groupOfUniqueNames", "nestedGroupOfUniqueNames"),
    *("posixGroup", "activeDirectory", "nestedActiveDirectory"),
)
# Signed with a key that the service alone has. HS256 would make our secret that key, and "none" anybody's.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
COLUMNS: Final = ("first_name", "last_name", "email")
_USER: Final = "%(user)s"


@register(Tags.security)
def check_sign_in(**_: Any) -> list[CheckMessage]:
    """Judge the settings of the sources that are switched on."""
    own = settings.SNAPSHOTTER
    found: list[CheckMessage] = []
    if own["LDAP_URI"]:
        found += [
            *_package("LDAP_URI", "ldap"),
            *_servers(),
            *_people(),
            *_templates(),
            *_directory_groups(),
            *_attributes(),
            *_map("LDAP"),
        ]
    if own["OIDC_ISSUER"]:
        found += [*_package("OIDC_ISSUER", "oidc"), *_service(), *_endpoints(), *_map("OIDC")]
    return [*found, *_times()]


def _package(setting: str, name: str) -> Iterator[CheckMessage]:
    if lacks_package(setting):
        yield Error(
            f"SNAPSHOTTER_{setting} is set, and the package it needs is not installed: nobody signs in this way.",
            hint=f"pip install -r requirements-{name}.txt, or leave the setting empty.",
            id="snapshotter.E030",
        )


def _servers() -> Iterator[CheckMessage]:
    own = settings.SNAPSHOTTER
    schemes = {urlsplit(uri).scheme for uri in own["LDAP_URI"].split()}
    if not (schemes <= {"ldap", "ldaps"} and len(schemes) == 1):
        hint = "Addresses with blanks between them, all ldap:// (with STARTTLS) or all ldaps://."
        yield Error("SNAPSHOTTER_LDAP_URI can't be read.", hint=hint, id="snapshotter.E031")
    if schemes == {"ldap"} and not own["LDAP_STARTTLS"]:
        yield Warning(
            "SNAPSHOTTER_LDAP_STARTTLS is off: passwords go over the network as they are.",
            hint="Switch it on, or use ldaps://. Off only where the directory stands on this host.",
            id="snapshotter.W030",
        )
    if own["LDAP_CA_FILE"] and not Path(own["LDAP_CA_FILE"]).is_file():
        hint = "A file of certificates; empty: the system's."
        yield Error("SNAPSHOTTER_LDAP_CA_FILE is not there.", hint=hint, id="snapshotter.E032")
    if own["LDAP_BIND_DN"] and not own["LDAP_BIND_PASSWORD"]:
        yield Error(
            "SNAPSHOTTER_LDAP_BIND_DN has no password: directories take such a bind for an anonymous one.",
            hint="Set SNAPSHOTTER_LDAP_BIND_PASSWORD, or leave both empty.",
            id="snapshotter.E033",
        )


def _people() -> Iterator[CheckMessage]:
    own = settings.SNAPSHOTTER
    by_search = own["LDAP_USER_BASE"] and _USER in own["LDAP_USER_FILTER"]
    by_template = _USER in own["LDAP_USER_DN_TEMPLATE"]
    if not (by_template or (by_search and not own["LDAP_USER_DN_TEMPLATE"])):
        yield Error(
            "Nobody can be found in the directory.",
            hint=f"Set SNAPSHOTTER_LDAP_USER_BASE and a filter, or SNAPSHOTTER_LDAP_USER_DN_TEMPLATE, with {_USER} in it.",
            id="snapshotter.E034",
        )


def _templates() -> Iterator[CheckMessage]:
    for name in ("LDAP_USER_FILTER", "LDAP_USER_DN_TEMPLATE"):
        try:
            named(settings.SNAPSHOTTER[name])
        except (ValueError, KeyError, TypeError) as error:
            hint = f"{_USER} stands for the name; any other % is written %%."
            yield Error(f"SNAPSHOTTER_{name} can't be read: {error}.", hint=hint, id="snapshotter.E044")


def _directory_groups() -> Iterator[CheckMessage]:
    own = settings.SNAPSHOTTER
    if own["LDAP_GROUP_TYPE"] not in GROUP_TYPES:
        hint = f"One of {', '.join(GROUP_TYPES)}."
        yield Error(f"SNAPSHOTTER_LDAP_GROUP_TYPE is {own['LDAP_GROUP_TYPE']!r}.", hint=hint, id="snapshotter.E035")
    asked = [name for name in ("GROUPS", "REQUIRED_GROUP", "SUPERUSER_GROUP") if own[f"LDAP_{name}"]]
    if asked and not own["LDAP_GROUP_BASE"]:
        yield Error(
            f"SNAPSHOTTER_LDAP_{asked[0]} is set, and no place where groups are: everybody would be in none.",
            hint="Set SNAPSHOTTER_LDAP_GROUP_BASE.",
            id="snapshotter.E036",
        )


def _attributes() -> Iterator[CheckMessage]:
    text = settings.SNAPSHOTTER["LDAP_ATTRIBUTES"]
    try:
        wrong = {column for column, _attribute in pairs(text)} - set(COLUMNS)
    except ValueError:
        wrong = {text}
    if wrong:
        hint = f"Pairs such as email = mail; columns are {', '.join(COLUMNS)}."
        yield Error("SNAPSHOTTER_LDAP_ATTRIBUTES can't be read.", hint=hint, id="snapshotter.E037")


def _map(start: str) -> Iterator[CheckMessage]:
    try:
        pairs(settings.SNAPSHOTTER[f"{start}_GROUPS"])
    except ValueError as error:
        hint = "Pairs with semicolons between them: their group = our group; another = ours."
        yield Error(f"SNAPSHOTTER_{start}_GROUPS can't be read: {error}.", hint=hint, id="snapshotter.E038")


def _service() -> Iterator[CheckMessage]:
    own = settings.SNAPSHOTTER
    for name in ("CLIENT_ID", "CLIENT_SECRET", "NAME_CLAIM"):
        if not own[f"OIDC_{name}"]:
            hint = "The service gives it when Snapshotter is registered there."
            yield Error(f"SNAPSHOTTER_OIDC_{name} is empty.", hint=hint, id="snapshotter.E039")
    if own["OIDC_ALGORITHM"] not in ALGORITHMS:
        hint = f"One of {', '.join(ALGORITHMS)}."
        yield Error(f"SNAPSHOTTER_OIDC_ALGORITHM is {own['OIDC_ALGORITHM']!r}.", hint=hint, id="snapshotter.E040")
    if "openid" not in own["OIDC_SCOPES"].split():
        yield Error("SNAPSHOTTER_OIDC_SCOPES lacks openid.", hint="openid profile email", id="snapshotter.E041")


def _endpoints() -> Iterator[CheckMessage]:
    own = settings.SNAPSHOTTER
    needed = [own[f"OIDC_{name}_ENDPOINT"] for name in ("AUTHORIZATION", "TOKEN", "JWKS")]
    if any(needed) and not all(needed):
        yield Error(
            "Some of the sign-in service's addresses are set, and not all.",
            hint="SNAPSHOTTER_OIDC_AUTHORIZATION_ENDPOINT, _TOKEN_ENDPOINT and _JWKS_ENDPOINT; or none, to have them discovered.",
            id="snapshotter.E042",
        )
    if any(not address.startswith("https://") for address in (own["OIDC_ISSUER"], *filter(None, needed))):
        yield Warning(
            "The sign-in service is asked without TLS: whoever stands in between can sign in as anybody.",
            hint="Use https:// addresses. http:// only where the service stands on this host.",
            id="snapshotter.W031",
        )


def _times() -> Iterator[CheckMessage]:
    own = settings.SNAPSHOTTER
    if own["SIGN_IN_AT_ONCE"] < 1:
        yield Error("SNAPSHOTTER_SIGN_IN_AT_ONCE is below 1: nobody signs in.", hint="2", id="snapshotter.E045")
    for name, least in (("LDAP_TIMEOUT", 0.1), ("OIDC_TIMEOUT", 0.1), ("SIGN_IN_SESSION", 0), ("OIDC_RECHECK", 0)):
        if own[name] < least:
            yield Error(f"SNAPSHOTTER_{name} is below {least}.", hint="Seconds.", id="snapshotter.E043")
