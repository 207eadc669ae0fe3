"""An account that is there already is given to somebody of a directory: by an operator, and never by itself."""

import hashlib

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed, NotFound
from catalog.sign_in.admit import WAITS, admit
from catalog.sign_in.choices import Source
from catalog.sign_in.errors import SignInRefused
from catalog.sign_in.link_account import link_account
from catalog.sign_in.models import Identity
from catalog.sign_in.person import Person

pytestmark = pytest.mark.django_db


def anna(subject="1", **more):
    return Person(
        **{
            "source": Source.OIDC,
            "issuer": "https://id",
            "subject": subject,
            "name": "anna",
            "groups": frozenset(),
            **more,
        }
    )


@pytest.fixture
def account():
    return User.objects.create_superuser("Anna", password="our own")


def test_the_next_of_this_name_gets_it_and_nobody_after(account):
    with pytest.raises(SignInRefused):
        admit(anna(), actor=SYSTEM)
    call_command("link_account", "Anna", source="oidc")
    assert admit(anna(), actor=SYSTEM) == account
    with pytest.raises(SignInRefused):
        admit(anna("2"), actor=SYSTEM)
    account.refresh_from_db()
    assert account.is_superuser and not account.has_usable_password()
    assert AuditEntry.objects.get(event="account.linked", target="Anna").actor_name == "system"


def test_who_took_it_is_in_the_trail(account):
    link_account("Anna", source=Source.OIDC, actor=SYSTEM)
    admit(anna("an id of a person"), actor=SYSTEM)
    admit(anna("an id of a person"), actor=SYSTEM)
    entry = AuditEntry.objects.get(event="account.taken", target="Anna")
    digest = hashlib.sha256(b"an id of a person").hexdigest()
    assert entry.additional_data == {"issuer": "https://id", "subject_sha256": digest}
    assert "an id" not in f"{entry.reason} {entry.changes}"


def test_it_does_not_wait_for_ever(account):
    link_account("Anna", source=Source.OIDC, actor=SYSTEM)
    Identity.objects.update(created_at=timezone.now() - WAITS)
    with pytest.raises(SignInRefused):
        admit(anna(), actor=SYSTEM)
    link_account("Anna", source=Source.OIDC, actor=SYSTEM)
    assert admit(anna(), actor=SYSTEM) == account


def test_the_other_source_is_linked_by_itself(account):
    link_account("Anna", source=Source.OIDC, actor=SYSTEM)
    with pytest.raises(SignInRefused):
        admit(anna(source=Source.LDAP, issuer=""), actor=SYSTEM)
    link_account("Anna", source=Source.LDAP, actor=SYSTEM)
    assert admit(anna(source=Source.LDAP, issuer=""), actor=SYSTEM) == account == admit(anna(), actor=SYSTEM)


def test_linked_again_after_the_entry_was_made_anew(account):
    link_account("Anna", source=Source.OIDC, actor=SYSTEM)
    admit(anna(), actor=SYSTEM)
    link_account("Anna", source=Source.OIDC, actor=SYSTEM)
    assert admit(anna("2", issuer="https://new"), actor=SYSTEM) == account
    assert Identity.objects.get().issuer == "https://new"


def test_a_superuser_alone_links(account, root, outsider):
    with pytest.raises(NotAllowed):
        link_account("Anna", source=Source.LDAP, actor=outsider)
    assert AuditEntry.objects.filter(event="account.link_refused", actor_name="outsider").exists()
    assert not Identity.objects.exists()
    link_account("Anna", source=Source.LDAP, actor=root)


def test_neither_a_service_account_nor_nobody(account):
    User.objects.create(username="svc-etl")
    with pytest.raises(InvalidRequest):
        link_account("svc-etl", source=Source.LDAP, actor=SYSTEM)
    with pytest.raises(NotFound):
        link_account("anna", source=Source.LDAP, actor=SYSTEM)
    with pytest.raises(CommandError):
        call_command("link_account", "nobody", source="ldap")
