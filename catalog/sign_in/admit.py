"""Let somebody in for whom a directory or sign-in service vouches: find or make the account, and set what the directory governs."""

import hashlib
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.record import record, record_refusal
from catalog.sign_in.errors import DirectoryUnavailable, SignInRefused
from catalog.sign_in.group_rules import GroupRules, rules_of
from catalog.sign_in.models import Identity
from catalog.sign_in.names import MOST, accounts_called, as_kept, is_ours, is_user_name
from catalog.sign_in.person import Person
from catalog.sign_in.set_groups import set_groups, set_superuser

logger = logging.getLogger(__name__)

WAITS: Final = timedelta(days=7)  # for which a linked account waits for its owner
_LONGEST = {"first_name": 150, "last_name": 150, "email": 254}  # Django's columns
NO_GROUP = _(
    "You are known, but in none of the groups that may use Snapshotter. Whoever keeps these groups can add you."
)
DISABLED = _("Your account in Snapshotter is disabled. An administrator can enable it again.")
TAKEN = _(
    "Snapshotter has an account of your name that is not known to be yours. An administrator can link it with you, or rename it."
)
NO_NAME = _(
    "Your name there can't be a user name here: it takes letters, digits and @ . + - _, at most 150, and none that begins with svc-."
)
NO_SUBJECT = _(
    "It was not told who you are: what never changes of a person is missing. An administrator can mend the settings."
)


def admit(person: Person, *, actor: Actor) -> User:
    """Return the account, made where there is none. One transaction, no network; a refused attempt is an entry of the trail.

    Raises SignInRefused; DirectoryUnavailable where the settings can't be read. A name alone never reaches an account: it must
    have been made by, or linked with, this very person.
    """
    person = replace(person, name=as_kept(person.name))
    rules = _rules(person)
    try:
        return _let_in(person, _checked(person, rules, actor), rules, actor)
    except IntegrityError:  # somebody signs in twice at once: now the other one's rows are there
        return _let_in(person, _checked(person, rules, actor), rules, actor)


def _rules(person: Person) -> GroupRules:
    try:
        return rules_of(person.source)
    except ValueError as error:
        logger.warning("nobody signs in by %s before its settings are mended: %s", person.source, error)
        raise DirectoryUnavailable from error


def refuse(
    person: Person, said: str | Promise, reason: str, *, actor: Actor, account: User | None = None
) -> SignInRefused:
    """Write down that somebody was not let in; return the error to raise. `said` is for the person, `reason` for the trail."""
    target = account or User(pk=0, username=person.name[:MOST] or "?")  # no account has the id 0
    record_refusal("sign_in.refused", actor=actor, target=target, reason=f"{person.source}: {reason}")
    return SignInRefused(said)


def _identity(person: Person) -> Identity | None:
    """Return the identity that is this person, or that waits for them under their name."""
    known = Identity.objects.select_related("user").filter(source=person.source, issuer=person.issuer)
    found = known.filter(subject=person.subject).first()
    since = timezone.now() - WAITS
    waiting = Identity.objects.select_related("user").filter(source=person.source, subject=None, created_at__gte=since)
    return found or waiting.filter(user__in=accounts_called(person.name)).first()


def _checked(person: Person, rules: GroupRules, actor: Actor) -> Identity | None:
    """Return the person's identity, None where an account may be made. Raises SignInRefused."""
    if not _is_subject(person.subject):
        raise refuse(person, NO_SUBJECT, "no id came with the person", actor=actor)
    # In this order: an account of the name that is there came with its identity, if it is this person's.
    namesake = accounts_called(person.name).first()
    identity = _identity(person)
    account = identity.user if identity else None
    if not rules.admits(person.groups):
        if identity is not None:
            _end_sessions(identity.user)
        raise refuse(person, NO_GROUP, "in none of the required groups", actor=actor, account=account)
    if account is None:
        _check_name(person, namesake, actor)
    elif is_ours(account.username):
        raise refuse(person, TAKEN, "a service account never signs in", actor=actor, account=account)
    elif not account.is_active:
        raise refuse(person, DISABLED, "the account is disabled", actor=actor, account=account)
    return identity


def _is_subject(text: str) -> bool:
    """Whether the database keeps it apart from any other: MySQL's collation leaves out blanks at the end, and takes no lone surrogate."""
    return 0 < len(text) <= 255 and text.isprintable() and text == text.strip()


def _check_name(person: Person, namesake: User | None, actor: Actor) -> None:
    if not is_user_name(person.name) or is_ours(person.name):
        raise refuse(person, NO_NAME, "the name can't be an account's", actor=actor)
    if namesake is not None:
        raise refuse(person, TAKEN, "the name is that of an account not linked with it", actor=actor, account=namesake)


def _let_in(person: Person, identity: Identity | None, rules: GroupRules, actor: Actor) -> User:
    with transaction.atomic():
        identity = identity or _make(person, actor)
        account = identity.user
        set_groups(account, identity, person, rules, actor=actor)
        set_superuser(account, identity, person, rules, actor=actor)
        account.is_staff = True  # the pages are for staff; what one may do there is the groups' to say
        for name, value in person.attributes.items():
            setattr(account, name, value[: _LONGEST[name]])
        account.save(update_fields=["is_staff", *person.attributes])
        _keep(identity, person, actor)
    return account


def _keep(identity: Identity, person: Person, actor: Actor) -> None:
    """Write the identity. One that waited is taken by the first who comes: the second finds it taken, and begins anew."""
    if identity.pk is not None and identity.subject is None:
        if not Identity.objects.filter(pk=identity.pk, subject=None).update(subject=person.subject):
            raise IntegrityError("the waiting identity was taken meanwhile")
        who = {"issuer": person.issuer, "subject_sha256": hashlib.sha256(person.subject.encode()).hexdigest()}
        reason = f"{person.source}: the first sign-in by this name"
        record("account.taken", actor=actor, target=identity.user, reason=reason, detail=who)
    identity.issuer, identity.subject, identity.seen_at = person.issuer, person.subject, timezone.now()
    identity.save()


def _make(person: Person, actor: Actor) -> Identity:
    account = User.objects.create_user(person.name)  # without a password
    record("account.created", actor=actor, target=account, reason=f"{person.source}: first sign-in")
    return Identity(user=account, source=person.source)


def _end_sessions(account: User) -> None:
    """Another unusable password is another session hash. An own password stays: whoever set it wanted another way in."""
    if not account.has_usable_password():
        account.set_unusable_password()
        account.save(update_fields=["password"])
