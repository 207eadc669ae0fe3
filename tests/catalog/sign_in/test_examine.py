"""What doctor says of sign-in."""

import pytest

from catalog.sign_in.examine import examine_sign_in
from tests.services.process import free_port

pytestmark = pytest.mark.django_db


def troubles():
    return [what for what, fix in examine_sign_in() if fix]


def test_without_either_there_is_nothing_to_say():
    assert list(examine_sign_in()) == [("sign-in: by accounts of Snapshotter's own", "")]


@pytest.mark.directory
def test_a_directory_that_answers(by_ldap):
    by_ldap(LDAP_GROUPS="a = Snapshotter viewers; b = Nobody here")
    found = dict(examine_sign_in())
    assert found.pop("LDAP directory: answers") == ""
    assert list(found) == ["sign-in: SNAPSHOTTER_LDAP_GROUPS names the group 'Nobody here', which is not there"]


@pytest.mark.directory
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"LDAP_BIND_PASSWORD": "wrong"}, "INVALID_CREDENTIALS"),
        ({"LDAP_USER_BASE": "ou=nowhere,dc=example,dc=org"}, "NO_SUCH_OBJECT"),
        ({"LDAP_CA_FILE": ""}, "CONNECT_ERROR"),
    ],
)
def test_a_directory_that_does_not_know_us(by_ldap, wrong, says):
    by_ldap(**wrong)
    assert troubles() == [f"LDAP directory: {says}"]


@pytest.mark.directory
def test_a_directory_that_is_away(by_ldap):
    by_ldap(LDAP_URI=f"ldap://127.0.0.1:{free_port()}")
    assert troubles() == ["LDAP directory: SERVER_DOWN"]


def test_a_service_that_answers_or_not(provider, by_oidc):
    assert troubles() == []
    by_oidc(f"http://127.0.0.1:{free_port()}", OIDC_GROUPS="a = Nobody here")
    assert [what.split(":")[0] for what in troubles()] == ["sign-in", "sign-in service"]
