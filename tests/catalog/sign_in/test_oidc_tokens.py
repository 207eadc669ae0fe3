"""Tokens that are broken, foreign or forged. The provider is played by the test, which holds its key."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import responses
from axes.models import AccessAttempt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import User

ISSUER = "https://id.example.org/realm"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
DISCOVERY = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
    "userinfo_endpoint": f"{ISSUER}/me",
}
pytestmark = pytest.mark.django_db


def public(key, **more):
    return {**jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "1", **more}


@pytest.fixture
def service(by_oidc):
    by_oidc(ISSUER)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as answers:
        answers.get(f"{ISSUER}/.well-known/openid-configuration", json=DISCOVERY)
        answers.get(f"{ISSUER}/keys", json={"keys": [public(OTHER, kid="0"), public(KEY)]})
        answers.get(f"{ISSUER}/me", json={"sub": "1", "preferred_username": "anna"})
        yield answers


@pytest.fixture
def come_back(client, service):
    """Begin, and come back with a token of these claims; None leaves a claim out. Return where the browser is sent."""

    def go(key=KEY, algorithm="RS256", headers=None, **claims):
        client.logout()
        asked = parse_qs(urlsplit(client.get("/oidc/authenticate/")["Location"]).query)
        now = int(time.time())
        usual = {
            "iss": ISSUER,
            "aud": "snapshotter",
            "sub": "1",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"][0],
        }
        made = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        token = jwt.encode(made, key, algorithm=algorithm, headers={"kid": "1"} if headers is None else headers)
        service.upsert(responses.POST, f"{ISSUER}/token", json={"access_token": "a", "id_token": token})
        return client.get("/oidc/callback/", {"code": "c", "state": asked["state"][0]})["Location"]

    return go


def test_a_right_one(come_back, service):
    assert come_back() == "/"
    assert User.objects.get().username == "anna"
    asked = next(call.request for call in service.calls if call.request.url == f"{ISSUER}/token")
    assert "code_verifier=" in asked.body and "client_secret=secret+of+the+client" in asked.body


NOW = int(time.time())
DAY = 86_400


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"},
        {"aud": None},
        {"aud": ["snapshotter", "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"nonce": "replayed"},
        {"nonce": None},
        {"exp": NOW - DAY},
        {"exp": None},
        {"iat": NOW + DAY},
        {"sub": None},
        {"sub": "1\0"},
        {"sub": "1 "},
        {"sub": "2"},
        {"key": OTHER},
        {"headers": {"kid": "unknown"}},
        {"headers": {}},
        {"key": None, "algorithm": "none"},
        {"key": "secret of the client, long enough for this", "algorithm": "HS256"},
        {"algorithm": "RS512"},
    ],
    ids="-".join,  # the claims' names: every process of a run must give a case the same id
)
def test_a_wrong_one_lets_nobody_in(come_back, client, wrong, caplog):
    assert come_back(**wrong) == "/login/"
    assert not User.objects.exists() and not AccessAttempt.objects.exists()
    assert client.get("/").status_code == 302
    assert "secret of the client" not in caplog.text and "eyJ" not in caplog.text


def test_a_clock_that_is_a_little_ahead_or_behind(come_back):
    assert come_back(iat=int(time.time()) + 30) == "/"
    assert come_back(exp=int(time.time()) - 5) == "/"


@pytest.mark.parametrize("part", ["token", "keys", "me", ".well-known/openid-configuration"])
@pytest.mark.parametrize(
    "answer", [{"body": "<html>Sorry</html>"}, {"status": 500}, {"json": []}, {"json": {}}], ids=str
)
def test_an_answer_that_is_none(come_back, client, service, part, answer):
    method = responses.POST if part == "token" else responses.GET
    if part == ".well-known/openid-configuration":
        service.upsert(method, f"{ISSUER}/{part}", **answer)
        assert client.get("/oidc/authenticate/")["Location"] == "/login/"
    else:
        come_back()
        client.logout()
        User.objects.all().delete()
        asked = parse_qs(urlsplit(client.get("/oidc/authenticate/")["Location"]).query)
        service.upsert(method, f"{ISSUER}/{part}", **answer)
        assert client.get("/oidc/callback/", {"code": "c", "state": asked["state"][0]})["Location"] == "/login/"
    assert not User.objects.exists()


def test_a_document_of_somebody_else_is_not_believed(client, service):
    service.upsert(
        responses.GET,
        f"{ISSUER}/.well-known/openid-configuration",
        json={**DISCOVERY, "issuer": "https://evil.example"},
    )
    assert client.get("/oidc/authenticate/")["Location"] == "/login/"


def test_addresses_of_the_settings_need_no_discovery(by_oidc, come_back, service):
    addresses = {"AUTHORIZATION": "auth", "TOKEN": "token", "JWKS": "keys"}
    by_oidc(ISSUER, **{f"OIDC_{name}_ENDPOINT": f"{ISSUER}/{path}" for name, path in addresses.items()})
    service.remove(responses.GET, f"{ISSUER}/.well-known/openid-configuration")
    assert come_back(preferred_username="bo") == "/"
    assert User.objects.get().username == "bo"


def test_a_service_that_takes_the_secret_in_a_header_alone(come_back, service):
    only = {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
    service.upsert(responses.GET, f"{ISSUER}/.well-known/openid-configuration", json={**DISCOVERY, **only})
    assert come_back() == "/"
    asked = next(call.request for call in service.calls if call.request.url == f"{ISSUER}/token")
    assert asked.headers["Authorization"].startswith("Basic ") and "client_secret=" not in asked.body


def test_the_discovery_document_is_asked_for_once(come_back, service):
    come_back()
    come_back()
    assert len([call for call in service.calls if "well-known" in call.request.url]) == 1


def test_groups_that_were_too_many_to_be_told(come_back):
    """As Entra ID does it above 200: nobody loses rights for that in silence."""
    assert come_back(_claim_names={"groups": "src1"}) == "/login/"
    assert not User.objects.exists()


def test_groups_deep_in_the_claims(by_oidc, come_back):
    by_oidc(ISSUER, OIDC_GROUPS_CLAIM="realm_access.roles", OIDC_GROUPS="etl = Snapshotter viewers")
    come_back(realm_access={"roles": ["etl", 7]})
    assert User.objects.get().groups.get().name == "Snapshotter viewers"
