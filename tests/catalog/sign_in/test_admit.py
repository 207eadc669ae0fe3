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
from catalog.sign_in.errors import DirectoryUnavailable, SignInRefused
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
@pytest.mark.parametrize("subject", ["", "x" * 256, "1 ", " 1", "\u00a01", "a\0b", "\ud800"])
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


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\u017fvc-ci", "\uff53vc-etl", "\u017fystem", "SVC-etl", "\ufdfa", "an\u00a0na"])
def test_a_name_is_judged_as_it_would_be_kept(name):
    """Letters of another shape become plain ones (NFKC), and one may become several words."""
    with pytest.raises(SignInRefused):
        admit(person(name), actor=SYSTEM)
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("there", "name"),
    [
        ("boss", "bo\u017fs"),
        ("\u00c4nna", "\u00e4nna"),
        ("\u00e4nna", "A\u0308NNA"),
        ("\u0416anna", "\u0436ANNA"),
        ("\u13a0nna", "\uab70nna"),
        ("\u674e\u96f7", "\u674e\u96f7"),
    ],
    ids=ascii,
)
def test_no_second_account_of_a_name_whatever_its_letters(there, name):
    User.objects.create_user(there, password="our own")
    with pytest.raises(SignInRefused, match="not known to be yours"):
        admit(person(name), actor=SYSTEM)
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_what_the_map_gave_goes_when_it_names_it_no_more(settings):
    own = settings.SNAPSHOTTER
    settings.SNAPSHOTTER = {**own, "LDAP_GROUPS": "a = Snapshotter viewers; a = Snapshotter auditors"}
    by_hand = User.objects.create_user("bo")
    Identity.objects.create(user=by_hand, source=Source.LDAP, subject="id of bo")
    by_hand.groups.set(Group.objects.filter(name="Snapshotter auditors"))
    for name in ("anna", "bo"):
        assert admit(person(name, "a"), actor=SYSTEM).groups.count() == 2
    settings.SNAPSHOTTER = {**own, "LDAP_GROUPS": ""}
    assert not admit(person("anna", "a"), actor=SYSTEM).groups.exists()
    assert admit(person("bo", "a"), actor=SYSTEM).groups.get().name == "Snapshotter auditors"
    assert AuditEntry.objects.filter(event="account.groups_changed", target="anna").count() == 2


@pytest.mark.django_db
def test_a_superuser_made_here_stays_one_when_the_setting_goes(settings):
    own = settings.SNAPSHOTTER
    account = admit(person("anna"), actor=SYSTEM)
    User.objects.filter(pk=account.pk).update(is_superuser=True)
    settings.SNAPSHOTTER = {**own, "LDAP_SUPERUSER_GROUP": "a"}
    assert admit(person("anna", "a"), actor=SYSTEM).is_superuser
    settings.SNAPSHOTTER = {**own, "LDAP_SUPERUSER_GROUP": ""}
    assert admit(person("anna", "a"), actor=SYSTEM).is_superuser


@pytest.mark.django_db
def test_a_map_that_can_not_be_read_is_trouble_and_no_crash(settings, caplog):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "LDAP_GROUPS": "a"}
    with pytest.raises(DirectoryUnavailable):
        admit(person("anna"), actor=SYSTEM)
    assert "no pair of the form" in caplog.text


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
