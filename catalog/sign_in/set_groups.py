"""Make an account's groups and superuser flag what the directory says, as far as the settings let it."""

from django.contrib.auth.models import Group, User

from audit.actors import Actor
from audit.record import record
from catalog.sign_in.group_rules import GroupRules
from catalog.sign_in.models import Identity
from catalog.sign_in.person import Person


def set_groups(account: User, identity: Identity, person: Person, rules: GroupRules, *, actor: Actor) -> None:
    """Change the membership of groups that the map names, and of those that it gave before.

    Runs in the caller's transaction, which writes the identity.
    """
    before, given = set(account.groups.values_list("name", flat=True)), set(identity.gave_groups)
    after = (before - rules.governed - given) | rules.ours_of(person.groups)
    account.groups.remove(*Group.objects.filter(name__in=before - after))
    account.groups.add(*Group.objects.filter(name__in=after - before))
    now = set(account.groups.values_list("name", flat=True))
    # Given by hand before the map named it: then it stays, should the map name it no more.
    identity.gave_groups = sorted(now & rules.governed & (given | (now - before)))
    if now != before:
        record(
            "account.groups_changed",
            actor=actor,
            target=account,
            reason=f"{person.source}: groups of the directory",
            changes={"groups": (_text(before), _text(now))},
        )


def set_superuser(account: User, identity: Identity, person: Person, rules: GroupRules, *, actor: Actor) -> None:
    """A group governs the flag where a setting names one; where none does (any more), a flag that came from there goes."""
    belongs = bool(rules.superusers & person.groups)
    wanted = belongs if rules.superusers or identity.gave_superuser else account.is_superuser
    if wanted != account.is_superuser:
        record(
            "account.superuser_changed",
            actor=actor,
            target=account,
            reason=f"{person.source}: groups of the directory",
            changes={"is_superuser": (account.is_superuser, wanted)},
        )
        account.is_superuser = wanted
        account.save(update_fields=["is_superuser"])
        identity.gave_superuser = wanted
    identity.gave_superuser &= belongs  # one that was given here by hand is none of theirs


def _text(names: set[str]) -> str:
    return ", ".join(sorted(names))
