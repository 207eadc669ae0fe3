"""A real directory with entries of the test's own, and the settings that name it."""

import os
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import ldap
import ldap.modlist
import pytest
from django.core.cache import cache
from ldap.controls.simple import ManageDSAITControl

from tests.services.fixtures import address
from tests.services.oidc_provider import OidcProvider
from tests.services.slapd import BIND_DN, BIND_PASSWORD, ROOT_DN, ROOT_PASSWORD, SUFFIX

PEOPLE, GROUPS = f"ou=people,{SUFFIX}", f"ou=groups,{SUFFIX}"
PASSWORD = "right there"
OIDC_BACKEND = "catalog.sign_in.oidc_backend.ProviderBackend"
LDAP_BACKEND = "catalog.sign_in.ldap_backend.DirectoryBackend"


def ldap_settings(**more: Any) -> dict[str, Any]:
    return {
        "LDAP_URI": address("SLAPD"),
        "LDAP_CA_FILE": os.environ.get("SNAPSHOTTER_TEST_SLAPD_CA", ""),
        "LDAP_BIND_DN": BIND_DN,
        "LDAP_BIND_PASSWORD": BIND_PASSWORD,
        "LDAP_USER_BASE": PEOPLE,
        "LDAP_GROUP_BASE": GROUPS,
        "LDAP_TIMEOUT": 60.0,  # a busy machine is no directory that is away
        **more,
    }


@pytest.fixture
def by_ldap(settings: Any) -> Callable[..., None]:
    """Switch LDAP on, with further settings without their SNAPSHOTTER_."""

    def switch(**more: Any) -> None:
        settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, **ldap_settings(**more)}
        first, *others = [name for name in settings.AUTHENTICATION_BACKENDS if name != LDAP_BACKEND]
        settings.AUTHENTICATION_BACKENDS = [first, others[0], LDAP_BACKEND, *others[1:]]

    switch()
    return switch


class Directory:
    """Entries whose names no other test has."""

    def __init__(self) -> None:
        self.link = ldap.initialize(address("SLAPD"))
        self.link.simple_bind_s(ROOT_DN, ROOT_PASSWORD)
        self.made: list[str] = []
        self.tail = uuid.uuid4().hex[:8]

    def name(self, start: str) -> str:
        return f"{start}-{self.tail}"

    def person(self, start: str, **more: str) -> str:
        """Add a person with the password PASSWORD; return the user name."""
        name = self.name(start)
        values = {"uid": name, "cn": name, "sn": "Li", "userPassword": PASSWORD, **more}
        self.add(f"cn={name},{PEOPLE}", "inetOrgPerson", **values)
        return name

    def group(self, start: str, *members: str, kind: str = "groupOfNames") -> str:
        """Add a group; return its name."""
        name = self.name(start)
        self.add(f"cn={name},{GROUPS}", kind, cn=name, member=[f"cn={member},{PEOPLE}" for member in members])
        return name

    def add(self, dn: str, *kinds: str, **values: Any) -> None:
        lists = {key: value if isinstance(value, list) else [value] for key, value in values.items()}
        entry = {key: [item.encode() for item in value] for key, value in lists.items()}
        self.link.add_s(dn, ldap.modlist.addModlist({"objectClass": [kind.encode() for kind in kinds], **entry}))
        self.made.append(dn)

    def members(self, group: str, *members: str) -> None:
        self.change(f"cn={group},{GROUPS}", "member", *(f"cn={member},{PEOPLE}" for member in members))

    def change(self, dn: str, attribute: str, *values: str) -> None:
        self.link.modify_s(dn, [(ldap.MOD_REPLACE, attribute, [value.encode() for value in values])])

    def delete(self, name: str) -> None:
        dn = f"cn={name},{PEOPLE}"
        self.link.delete_s(dn)
        self.made.remove(dn)

    def close(self) -> None:
        for dn in self.made:
            self.link.delete_ext_s(dn, serverctrls=[ManageDSAITControl()])  # a referral is an entry, too
        self.link.unbind_s()


@pytest.fixture
def directory(by_ldap: Callable[..., None]) -> Iterator[Directory]:
    found = Directory()
    yield found
    found.close()


@pytest.fixture
def sign_in(client: Any) -> Callable[..., Any]:
    """Send the form of the sign-in page; the answer is a redirect for who is in."""

    def send(name: str, password: str = PASSWORD, **more: Any) -> Any:
        return client.post("/login/", {"username": name, "password": password, **more})

    return send


@pytest.fixture
def tls_uri() -> str:
    return os.environ["SNAPSHOTTER_TEST_SLAPD_TLS"]


@pytest.fixture(scope="session")
def running_provider(tmp_path_factory: Any) -> Iterator[OidcProvider]:
    server = OidcProvider(tmp_path_factory.mktemp("oidc")).start()
    yield server
    server.stop()


def oidc_settings(issuer: str, **more: Any) -> dict[str, Any]:
    return {
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": "snapshotter",
        "OIDC_CLIENT_SECRET": "secret of the client",
        "OIDC_LABEL": "Example & Sons",
        "OIDC_TIMEOUT": 60.0,
        **more,
    }


@pytest.fixture
def by_oidc(settings: Any) -> Iterator[Callable[..., None]]:
    """Switch OIDC on at an issuer, with further settings without their SNAPSHOTTER_."""

    def switch(issuer: str, **more: Any) -> None:
        settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, **oidc_settings(issuer, **more)}
        first, *others = [name for name in settings.AUTHENTICATION_BACKENDS if name != OIDC_BACKEND]
        settings.AUTHENTICATION_BACKENDS = [first, others[0], OIDC_BACKEND, *others[1:]]

    yield switch
    cache.clear()


@pytest.fixture
def provider(running_provider: OidcProvider, by_oidc: Callable[..., None]) -> OidcProvider:
    by_oidc(running_provider.url)
    return running_provider


@pytest.fixture
def dance(client: Any, provider: OidcProvider) -> Callable[..., Any]:
    """Sign in at the provider as somebody, out here before; return the answer to the browser that comes back."""

    def go(subject: str, next_page: str = "", **form: str) -> Any:
        client.logout()
        away = client.get("/oidc/authenticate/", {"next": next_page} if next_page else {})
        return client.get(provider.agree(away["Location"], subject, **form))

    return go
