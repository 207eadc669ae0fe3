"""What `doctor` says of sign-in: whether directory and service answer, and whether the groups of ours are there."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import Group

from catalog.sign_in.choices import Source
from catalog.sign_in.errors import DirectoryUnavailable
from catalog.sign_in.group_rules import pairs
from catalog.sign_in.provider import provider

_SETTINGS = {Source.LDAP: "LDAP_URI", Source.OIDC: "OIDC_ISSUER"}


def examine_sign_in() -> Iterator[tuple[str, str]]:
    """Yield (what was found, the fix), "" where all is well. Calls each of them once."""
    used = [source for source, name in _SETTINGS.items() if settings.SNAPSHOTTER[name]]
    if not used:
        yield "sign-in: by accounts of Snapshotter's own", ""
    for source in used:
        yield from _groups(source)
        if any(backend.startswith(f"catalog.sign_in.{source}_") for backend in settings.AUTHENTICATION_BACKENDS):
            yield from _LOOKS[source]()


def _groups(source: Source) -> Iterator[tuple[str, str]]:
    name = f"SNAPSHOTTER_{source.upper()}_GROUPS"
    try:
        governed = {ours for _theirs, ours in pairs(settings.SNAPSHOTTER[f"{source.upper()}_GROUPS"])}
    except ValueError:
        return  # said by the look at the settings
    there = set(Group.objects.filter(name__in=governed).values_list("name", flat=True))
    for group in sorted(governed - there):
        yield f"sign-in: {name} names the group {group!r}, which is not there", f"make the group, or mend {name}"


def _directory() -> Iterator[tuple[str, str]]:
    from catalog.sign_in.ldap_look import look  # an optional package

    yield look()


def _service() -> Iterator[tuple[str, str]]:
    try:
        found = provider()
    except DirectoryUnavailable:
        yield (
            "sign-in service: does not answer, or not as one",
            "check SNAPSHOTTER_OIDC_ISSUER, its certificate and the log",
        )
    else:
        yield f"sign-in service: {found.issuer} answers", ""


_LOOKS = {Source.LDAP: _directory, Source.OIDC: _service}
