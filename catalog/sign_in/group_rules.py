"""Which groups of a directory mean which of ours: the settings `*_GROUPS`, `*_REQUIRED_GROUP` and `*_SUPERUSER_GROUP`.

A map reads `theirs = ours; theirs = ours`. The last `=` of a pair parts it, so that theirs may be a DN.
"""

from dataclasses import dataclass

from django.conf import settings

from catalog.sign_in.choices import Source


@dataclass(frozen=True, slots=True)
class GroupRules:
    """`given`: (theirs, ours). `required`: in one of these, or not let in; empty: everybody is. `superusers`: empty: not governed."""

    given: tuple[tuple[str, str], ...]
    required: frozenset[str]
    superusers: frozenset[str]

    @property
    def governed(self) -> frozenset[str]:
        """Ours that are made to equal theirs; all others stay as administrators want them."""
        return frozenset(ours for _theirs, ours in self.given)

    def admits(self, groups: frozenset[str]) -> bool:
        return not self.required or bool(self.required & groups)

    def ours_of(self, groups: frozenset[str]) -> frozenset[str]:
        return frozenset(ours for theirs, ours in self.given if theirs in groups)


def rules_of(source: Source) -> GroupRules:
    """Return the rules of the settings. Raises ValueError where a map can't be read."""
    own, start = settings.SNAPSHOTTER, source.upper()
    return GroupRules(
        given=tuple((comparable(source, theirs), ours) for theirs, ours in pairs(own[f"{start}_GROUPS"])),
        required=frozenset(comparable(source, name) for name in listed(own[f"{start}_REQUIRED_GROUP"])),
        superusers=frozenset(comparable(source, name) for name in listed(own[f"{start}_SUPERUSER_GROUP"])),
    )


def pairs(text: str) -> list[tuple[str, str]]:
    """Read `a = b; c = d`. Raises ValueError."""
    found = []
    for piece in listed(text):
        left, equals, right = (part.strip() for part in piece.rpartition("="))
        if not (left and equals and right):
            raise ValueError(f"{piece!r} is no pair of the form theirs = ours")
        found.append((left, right))
    return found


def listed(text: str) -> list[str]:
    """Read `a; b`."""
    return [piece.strip() for piece in text.split(";") if piece.strip()]


def comparable(source: Source, group: str) -> str:
    """Return a group's name or DN as it is compared: LDAP knows no case and spells a DN in many ways, a claim is as it is."""
    if source != Source.LDAP:
        return group
    if "=" not in group:
        return group.strip(" ").lower()
    from catalog.sign_in.ldap_dn import plain_dn  # an optional package

    return plain_dn(group)


def named(template: str) -> str:
    """Return a filter or DN with a name in its place. Raises ValueError, KeyError or TypeError for a stray %."""
    return template % {"user": "anna"}
