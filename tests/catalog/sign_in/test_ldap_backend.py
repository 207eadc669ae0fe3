"""Signing in by a real OpenLDAP server."""

import ldap
import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User

from audit.models import AuditEntry
from catalog.permissions import PUBLISH, VIEW, may
from catalog.sign_in.ldap_backend import DirectoryBackend
from catalog.sign_in.models import Identity
from tests.services.fixtures import address

pytestmark = [pytest.mark.directory, pytest.mark.django_db]


def entries(event, name):
    return AuditEntry.objects.filter(event=event, target=name)


def said(answer):
    return answer.context["form"].non_field_errors()[0]


def test_the_first_sign_in_makes_the_account(directory, sign_in, client):
    name = directory.person("anna", givenName="Anna", mail="anna@example.org")
    answer = sign_in(name, next="/workflows/")
    assert (answer.status_code, answer["Location"]) == (302, "/workflows/")
    account = User.objects.get(username=name)
    assert (account.first_name, account.last_name, account.email) == ("Anna", "Li", "anna@example.org")
    assert account.is_staff and not account.is_superuser and not account.has_usable_password()
    assert client.get("/").status_code == 200
    assert entries("account.created", name).get().reason == "ldap: first sign-in"


def test_a_person_may_do_what_the_groups_say_and_loses_it_after_leaving(directory, by_ldap, sign_in, project):
    name = directory.person("bo")
    etl, others = directory.group("etl", name), directory.group("others", name)
    by_ldap(
        LDAP_GROUPS=f"{etl} = Snapshotter publishers; cn={others}, ou=groups,dc=example,dc=org = Snapshotter viewers"
    )
    sign_in(name)
    account = User.objects.get(username=name)
    assert set(account.groups.values_list("name", flat=True)) == {"Snapshotter publishers", "Snapshotter viewers"}
    assert may(account, PUBLISH, project)
    account.groups.add(Group.objects.create(name=directory.name("by hand")))
    directory.members(etl, directory.person("somebody"))
    sign_in(name)
    account = User.objects.get(username=name)
    assert not may(account, PUBLISH, project) and may(account, VIEW, project)
    assert account.groups.filter(name=directory.name("by hand")).exists()
    gained, lost = entries("account.groups_changed", name).order_by("id")
    assert gained.changes["groups"] == ["", "Snapshotter publishers, Snapshotter viewers"]
    assert "Snapshotter publishers" not in lost.changes["groups"][1]
    sign_in(name)
    assert entries("account.groups_changed", name).count() == 2


def test_a_group_can_not_call_itself_by_the_dn_of_another(directory, by_ldap, sign_in):
    name = directory.person("bea")
    real = f"cn={directory.group('real', directory.person('bob'))},ou=groups,dc=example,dc=org"
    escaped = real.replace(",", "\\,").replace("=", "\\=")
    directory.add(
        f"cn={escaped},ou=groups,dc=example,dc=org",
        "groupOfNames",
        cn=real,
        member=f"cn={name},ou=people,dc=example,dc=org",
    )
    by_ldap(LDAP_GROUPS=f"{real} = Snapshotter managers")
    assert sign_in(name).status_code == 302
    assert not User.objects.get(username=name).groups.exists()


@pytest.mark.parametrize(
    "spelling", ["cn = {},ou=groups , dc=example,dc=org", "CN=\\65tl{},OU=Groups,DC=example,DC=org"]
)
def test_a_dn_may_be_spelt_in_many_ways(directory, by_ldap, sign_in, spelling):
    name = directory.person("ben")
    group = directory.group("etl", name)
    by_ldap(LDAP_REQUIRED_GROUP=spelling.format(group.removeprefix("etl") if "65" in spelling else group))
    assert sign_in(name).status_code == 302


def test_a_wrong_password_is_counted_and_in_any_case_of_the_name(directory, sign_in):
    name = directory.person("carl")
    for number in range(10):
        answer = sign_in(name if number % 2 else name.upper(), "wrong")
    assert answer.status_code == 429
    assert sign_in(name).status_code == 429
    assert AccessAttempt.objects.get(username=name).failures_since_start >= 10


def test_an_empty_password_is_never_tried(directory, sign_in):
    """This server, as many, answers a bind without a password with success."""
    name = directory.person("dora")
    nobody = ldap.initialize(address("SLAPD"))
    nobody.simple_bind_s(f"cn={name},ou=people,dc=example,dc=org", "")
    assert sign_in(name, "").status_code == 200
    assert DirectoryBackend().authenticate(None, username=name, password="") is None
    assert not User.objects.filter(username=name).exists()


@pytest.mark.parametrize("name", ["*", "a*", "x)(uid=*", "a,ou=people", "\u00adanna", "a\\2a", "x" * 300])
def test_no_name_is_a_filter(directory, sign_in, name):
    directory.person("a")
    assert sign_in(name).status_code == 200
    assert not Identity.objects.exists()


def test_another_case_is_the_same_account(directory, sign_in):
    name = directory.person("Eva")
    assert sign_in(name).status_code == 302
    assert sign_in(name.upper()).status_code == 302
    assert [account.username for account in User.objects.all()] == [name.lower()]


def test_two_entries_of_one_name_let_nobody_in(directory, sign_in, caplog):
    name = directory.person("finn")
    directory.add(
        f"cn=second-{name},ou=people,dc=example,dc=org", "inetOrgPerson", cn=f"second-{name}", uid=name, sn="x"
    )
    assert sign_in(name).status_code == 200
    assert "2 entries of the directory answer" in caplog.text
    assert not User.objects.exists()


@pytest.mark.parametrize("made", ["create_superuser", "create_user"])
def test_an_account_of_ours_is_not_taken_over(directory, sign_in, made):
    name = directory.person("gina")
    getattr(User.objects, made)(name.upper(), password="our own")
    answer = sign_in(name)
    assert "not known to be yours" in said(answer)
    assert entries("sign_in.refused", name.upper()).get().reason.startswith("ldap: ")
    assert not Identity.objects.exists()
    assert sign_in(name.upper(), "our own").status_code == (302 if made == "create_superuser" else 200)


def test_a_service_account_never_signs_in(directory, sign_in):
    directory.add(
        "cn=svc-etl,ou=people,dc=example,dc=org",
        "inetOrgPerson",
        cn="svc-etl",
        uid="svc-etl",
        sn="x",
        userPassword="right there",
    )
    assert "svc-" in said(sign_in("svc-etl"))
    assert not User.objects.exists()
    User.objects.create(username="svc-etl")
    sign_in("svc-etl")
    assert not Identity.objects.exists()


def test_who_gets_a_left_name_does_not_get_the_account(directory, sign_in):
    name = directory.person("hugo")
    sign_in(name)
    directory.delete(name)
    directory.person("hugo")
    assert "not known to be yours" in said(sign_in(name))


def test_who_is_in_no_required_group_is_refused_and_loses_the_session(directory, by_ldap, sign_in, client):
    name, other = directory.person("iris"), directory.person("jan")
    users = directory.group("users", name)
    by_ldap(LDAP_REQUIRED_GROUP=users)
    assert sign_in(name).status_code == 302
    assert client.get("/").status_code == 200
    directory.members(users, other)
    assert "none of the groups" in said(sign_in(name))
    assert client.get("/").status_code == 302
    assert entries("sign_in.refused", name).count() == 1
    assert not AccessAttempt.objects.exists()


def test_nobody_outside_the_required_group_gets_an_account(directory, by_ldap, sign_in):
    name = directory.person("kim")
    by_ldap(LDAP_REQUIRED_GROUP=directory.group("users", directory.person("lea")))
    sign_in(name)
    assert not User.objects.exists()
    assert entries("sign_in.refused", name).get().object_pk == "0"


def test_a_superuser_is_made_and_unmade_by_its_own_setting_alone(directory, by_ldap, sign_in):
    name, other = directory.person("mia"), directory.person("nils")
    admins = directory.group("admins", name)
    sign_in(name)
    assert not User.objects.get(username=name).is_superuser
    by_ldap(LDAP_SUPERUSER_GROUP=admins)
    sign_in(name)
    assert User.objects.get(username=name).is_superuser
    by_ldap(LDAP_SUPERUSER_GROUP="")
    sign_in(name)
    assert not User.objects.get(username=name).is_superuser
    by_ldap(LDAP_SUPERUSER_GROUP=admins)
    sign_in(name)
    directory.members(admins, other)
    sign_in(name)
    assert not User.objects.get(username=name).is_superuser
    assert entries("account.superuser_changed", name).count() == 4


def test_whoever_was_disabled_here_stays_out(directory, sign_in, client):
    name = directory.person("ole")
    sign_in(name)
    User.objects.filter(username=name).update(is_active=False)
    assert client.get("/").status_code == 302
    assert "disabled" in said(sign_in(name))


def test_found_by_a_template_without_an_account_of_the_service(directory, by_ldap, sign_in):
    name = directory.person("pia")
    group = directory.group("etl", name)
    by_ldap(
        **{
            "LDAP_USER_DN_TEMPLATE": "cn=%(user)s,ou=people,dc=example,dc=org",
            "LDAP_BIND_DN": "",
            "LDAP_BIND_PASSWORD": "",
        },
        LDAP_GROUPS=f"{group} = Snapshotter viewers",
    )
    assert sign_in(name, "wrong").status_code == 200
    assert sign_in(name).status_code == 302
    assert User.objects.get(username=name).groups.get().name == "Snapshotter viewers"


def test_ldaps_and_posix_groups(directory, by_ldap, sign_in, tls_uri):
    name = directory.person("qi")
    group = directory.name("posix")
    directory.add(f"cn={group},ou=groups,dc=example,dc=org", "posixGroup", cn=group, gidNumber="700", memberUid=name)
    by_ldap(LDAP_URI=tls_uri, LDAP_GROUP_TYPE="posixGroup", LDAP_GROUPS=f"{group} = Snapshotter viewers")
    assert sign_in(name).status_code == 302
    assert User.objects.get(username=name).groups.get().name == "Snapshotter viewers"


def test_a_session_ends_at_its_hour(directory, settings, sign_in, client):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "SIGN_IN_SESSION": 600}
    sign_in(directory.person("rosa"))
    assert 500 < client.session.get_expiry_age() <= 600
