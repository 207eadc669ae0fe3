"""A directory that is away, hangs, or can't be trusted: nobody's password is wrong, and accounts of our own sign in."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User

from catalog.sign_in import few
from tests.catalog.sign_in.conftest import PASSWORD
from tests.services.process import free_port
from tests.services.slapd import certificates

pytestmark = [pytest.mark.directory, pytest.mark.django_db]
AWAY = "The directory does not answer"


@pytest.fixture
def mute():
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def trouble(answer):
    return answer.context["form"].non_field_errors()[0]


def test_away_is_said_and_counts_as_nobodys_failure(by_ldap, sign_in, root):
    by_ldap(LDAP_URI=f"ldap://127.0.0.1:{free_port()}")
    assert AWAY in trouble(sign_in("anna"))
    assert not AccessAttempt.objects.exists()
    assert sign_in("root", "right password").status_code == 302


def test_while_it_is_away_own_passwords_are_not_guessed_freely(by_ldap, sign_in, root):
    by_ldap(LDAP_URI=f"ldap://127.0.0.1:{free_port()}")
    assert AWAY not in trouble(sign_in("root", "wrong"))
    sign_in("ROOT", "wrong")
    assert AccessAttempt.objects.get(username="root").failures_since_start == 2


@pytest.mark.parametrize(("scheme", "tls"), [("ldap", True), ("ldap", False), ("ldaps", True)])
def test_hanging_ends_by_itself(by_ldap, sign_in, mute, scheme, tls):
    by_ldap(LDAP_URI=f"{scheme}://127.0.0.1:{mute}", LDAP_TIMEOUT=0.2, LDAP_STARTTLS=tls)
    assert AWAY in trouble(sign_in("anna"))


YES = bytes.fromhex("300c02010178070a010004000400")
YES_IN_LONG = bytes.fromhex("308400000010020101788400000007") + YES[7:]  # as Active Directory writes lengths


@pytest.mark.parametrize("answer", [YES, YES_IN_LONG, YES[:5], b""], ids=bytes.hex)
def test_tls_that_never_begins_ends_by_itself(by_ldap, sign_in, answer):
    """A yes to StartTLS, and silence then: OpenLDAP's library would wait for ever."""

    def serve():
        link, _ = server.accept()
        with link:
            link.recv(100)
            link.sendall(answer)
            while link.recv(4096):
                pass

    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        by_ldap(LDAP_URI=f"ldap://127.0.0.1:{server.getsockname()[1]}", LDAP_TIMEOUT=0.3)
        done = pool.submit(serve)
        assert AWAY in trouble(sign_in("anna"))
        done.result()


@pytest.mark.parametrize("over_tls", [True, False])
def test_without_a_file_those_are_trusted_whom_the_system_trusts(
    directory, by_ldap, sign_in, settings, monkeypatch, tls_uri, over_tls
):
    monkeypatch.setenv("SSL_CERT_FILE", settings.SNAPSHOTTER["LDAP_CA_FILE"])
    by_ldap(LDAP_CA_FILE="", **({"LDAP_URI": tls_uri} if over_tls else {}))
    assert sign_in(directory.person("anna")).status_code == 302


def test_who_comes_while_others_wait_is_told_at_once(directory, sign_in, settings, monkeypatch):
    """A directory that hangs holds few of the process's threads."""
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(few, "_places", lambda: places)
    name = directory.person("anna")
    with places:
        assert AWAY in trouble(sign_in(name))
    assert sign_in(name).status_code == 302
    assert sign_in(name).status_code == 302, "the place is given back"


@pytest.mark.parametrize(
    "wrong",
    [
        {"LDAP_USER_FILTER": "(&(ou=100%)(uid=%(user)s))"},
        {"LDAP_USER_FILTER": "(uid=%(name)s)"},
        {"LDAP_USER_DN_TEMPLATE": "uid=%(user)s,ou=50%,dc=x"},
        {"LDAP_ATTRIBUTES": "mail"},
        {"LDAP_GROUPS": "etl"},
    ],
    ids=str,
)
def test_settings_that_can_not_be_read_are_no_crash(directory, by_ldap, sign_in, wrong):
    by_ldap(**wrong)
    assert AWAY in trouble(sign_in(directory.person("anna")))


def test_the_second_of_two_servers_is_asked(directory, by_ldap, settings, sign_in):
    by_ldap(LDAP_URI=f"ldap://127.0.0.1:{free_port()} {settings.SNAPSHOTTER['LDAP_URI']}")
    assert sign_in(directory.person("anna")).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"LDAP_BIND_PASSWORD": "wrong"},
        {"LDAP_USER_BASE": "ou=nowhere,dc=example,dc=org"},
        {"LDAP_GROUP_BASE": "ou=nowhere,dc=example,dc=org"},
    ],
)
def test_settings_that_are_wrong_are_no_wrong_password(directory, by_ldap, sign_in, wrong, caplog):
    by_ldap(**wrong)
    assert AWAY in trouble(sign_in(directory.person("anna")))
    assert not User.objects.exists() and not AccessAttempt.objects.exists()
    assert PASSWORD not in caplog.text and "password of the service" not in caplog.text


def test_a_referral_is_not_followed(directory, by_ldap, sign_in):
    by_ldap(LDAP_TIMEOUT=5.0)
    name = directory.name("elsewhere")
    place = f"cn={name},ou=people,dc=example,dc=org"
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        address = f"ldap://127.0.0.1:{elsewhere.getsockname()[1]}/{place}"
        directory.add(place, "referral", "extensibleObject", cn=name, ref=address)
        assert sign_in(directory.person("anna")).status_code == 302
        elsewhere.setblocking(False)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


@pytest.mark.parametrize("over_tls", [True, False])
def test_a_certificate_of_somebody_else_is_refused(directory, by_ldap, sign_in, tls_uri, tmp_path, over_tls):
    certificates(tmp_path)
    by_ldap(LDAP_CA_FILE=str(tmp_path / "ca.pem"), **({"LDAP_URI": tls_uri} if over_tls else {}))
    assert AWAY in trouble(sign_in(directory.person("anna")))


def test_no_password_is_logged(directory, sign_in, caplog):
    caplog.set_level("DEBUG")
    sign_in(directory.person("anna"))
    sign_in(directory.person("bo"), "a wrong one")
    assert "anna" in caplog.text
    assert not [secret for secret in (PASSWORD, "a wrong one", "password of the service") if secret in caplog.text]


def test_without_the_settings_nothing_is_different(client, settings, root):
    assert not [name for name in settings.AUTHENTICATION_BACKENDS if "sign_in" in name]
    assert client.post("/login/", {"username": "anna", "password": "x"}).status_code == 200
