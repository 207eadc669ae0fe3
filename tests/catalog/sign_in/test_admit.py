"""Letting somebody in for whom a directory vouches: twice at once, and what the map does not name."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.utils import translation

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.say import say
from catalog.sign_in import admit as admit_module
from catalog.sign_in.admit import admit
from catalog.sign_in.choices import Source
from catalog.sign_in.errors import SignInRefused
from catalog.sign_in.models import Identity
from catalog.sign_in.person import Person
from catalog.words import SIGN_IN


def person(name, *groups, **more):
    return Person(
        **{"source": Source.LDAP, "subject": f"id of {name}", "name": name, "groups": frozenset(groups), **more}
    )


@pytest.mark.django_db
def test_a_group_of_ours_that_is_not_there_stops_nobody(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "LDAP_GROUPS": "a = Nobody here; a = Snapshotter viewers"}
    account = admit(person("anna", "a"), actor=SYSTEM)
    assert account.groups.get().name == "Snapshotter viewers"


@pytest.mark.django_db
def test_what_administrators_gave_stays(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "LDAP_GROUPS": "a = Snapshotter viewers"}
    account = admit(person("anna"), actor=SYSTEM)
    account.groups.set(Group.objects.filter(name__in=["Snapshotter viewers", "Snapshotter auditors"]))
    User.objects.filter(pk=account.pk).update(is_superuser=True)
    account = admit(person("anna"), actor=SYSTEM)
    assert account.groups.get().name == "Snapshotter auditors"
    assert account.is_superuser
    assert AuditEntry.objects.filter(event="account.superuser_changed").count() == 0


@pytest.mark.django_db
def test_long_texts_are_cut_and_nobody_is_refused_for_them():
    account = admit(person("anna", attributes={"first_name": "x" * 500, "email": "y" * 500}), actor=SYSTEM)
    account.refresh_from_db()
    assert (len(account.first_name), len(account.email)) == (150, 254)


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["", "x" * 256])
def test_who_is_nobody_certain_is_refused(subject):
    with pytest.raises(SignInRefused):
        admit(person("anna", subject=subject), actor=SYSTEM)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_trail_has_the_reason_and_no_claim():
    with pytest.raises(SignInRefused):
        admit(person("<b>anna</b>", attributes={"email": "anna@example.org"}), actor=SYSTEM)
    entry = AuditEntry.objects.get(event="sign_in.refused")
    assert (entry.target, entry.outcome, entry.reason) == (
        "<b>anna</b>",
        "refused",
        "ldap: the name can't be an account's",
    )
    assert "example.org" not in str(entry.additional_data)


@pytest.mark.parametrize("sentence", SIGN_IN)
def test_reasons_are_said_in_chinese(sentence):
    """And the code has no other."""
    source = "".join(path.read_text() for path in Path(admit_module.__file__).parent.glob("*.py"))
    assert sentence in source
    with translation.override("zh-hans"):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in say(f"ldap: {sentence}"))


@pytest.mark.mysql
@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_twice_at_once_makes_one_account():
    start = threading.Barrier(4)

    def go(_number):
        try:
            start.wait()
            return admit(person("anna"), actor=SYSTEM).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        accounts = set(pool.map(go, range(4)))
    assert accounts == {User.objects.get().pk}
    assert Identity.objects.count() == 1
