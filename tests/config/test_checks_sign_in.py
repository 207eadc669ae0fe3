"""Settings of sign-in that could not work, or are not safe, are named."""

import ast
import re
from pathlib import Path

import pytest

from catalog.sign_in.ldap_config import GROUP_TYPES as CLASSES
from config import checks, checks_sign_in, sign_in_settings
from config.checks_sign_in import GROUP_TYPES, check_sign_in
from config.sign_in_settings import sign_in_backends, sign_in_middleware
from tests.config.test_checks import check
from tests.meta.test_layers import PACKAGES, modules

LDAP = {"LDAP_URI": "ldaps://dc1.example.org ldaps://dc2.example.org", "LDAP_USER_BASE": "ou=people,dc=example,dc=org"}
OIDC = {"OIDC_ISSUER": "https://id.example.org", "OIDC_CLIENT_ID": "snapshotter", "OIDC_CLIENT_SECRET": "secret"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, set()),
        ({"LDAP_URI": "dc1.example.org"}, {"E031"}),
        ({"LDAP_URI": "ldap://a ldaps://b"}, {"E031"}),
        ({"LDAP_URI": "ldap://a", "LDAP_STARTTLS": False}, {"W030"}),
        ({"LDAP_URI": "ldap://a"}, set()),
        ({"LDAP_CA_FILE": "/nowhere/ca.pem"}, {"E032"}),
        ({"LDAP_BIND_DN": "cn=x"}, {"E033"}),
        ({"LDAP_USER_BASE": ""}, {"E034"}),
        ({"LDAP_USER_FILTER": "(uid=anna)"}, {"E034"}),
        ({"LDAP_USER_DN_TEMPLATE": "uid=anna"}, {"E034"}),
        ({"LDAP_USER_FILTER": "(&(ou=100%)(uid=%(user)s))"}, {"E044"}),
        ({"LDAP_USER_FILTER": "(&(ou=100%%)(uid=%(user)s))"}, set()),
        ({"LDAP_USER_DN_TEMPLATE": "uid=%(user)s,ou=%(team)s"}, {"E044"}),
        ({"LDAP_USER_BASE": "", "LDAP_USER_DN_TEMPLATE": "uid=%(user)s,ou=people"}, set()),
        ({"LDAP_GROUP_TYPE": "team"}, {"E035"}),
        ({"LDAP_REQUIRED_GROUP": "etl"}, {"E036"}),
        ({"LDAP_ATTRIBUTES": "is_superuser = boss"}, {"E037"}),
        ({"LDAP_ATTRIBUTES": "mail"}, {"E037"}),
        ({"LDAP_GROUP_BASE": "ou=groups", "LDAP_GROUPS": "etl"}, {"E038"}),
        ({"LDAP_GROUP_BASE": "ou=groups", "LDAP_GROUPS": "cn=etl,ou=groups = ours; b = c;"}, set()),
        ({"OIDC_CLIENT_SECRET": ""}, {"E039"}),
        ({"OIDC_ALGORITHM": "none"}, {"E040"}),
        ({"OIDC_ALGORITHM": "HS256"}, {"E040"}),
        ({"OIDC_SCOPES": "profile"}, {"E041"}),
        ({"OIDC_TOKEN_ENDPOINT": "https://id.example.org/token"}, {"E042"}),
        ({"OIDC_ISSUER": "http://id.example.org"}, {"W031"}),
        ({"OIDC_GROUPS": "= ours"}, {"E038"}),
        ({"LDAP_TIMEOUT": 0.0}, {"E043"}),
        ({"SIGN_IN_SESSION": -1}, {"E043"}),
        ({"SIGN_IN_AT_ONCE": 0}, {"E045"}),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(settings, changes, says):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, **LDAP, **OIDC, **changes}
    assert {message.id for message in check_sign_in()} == {f"snapshotter.{number}" for number in says}


def test_what_is_switched_off_is_not_judged(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "LDAP_GROUP_TYPE": "team", "OIDC_ALGORITHM": "none"}
    assert check_sign_in() == []


def test_the_types_of_groups_are_those_there_are():
    assert tuple(CLASSES) == GROUP_TYPES


def test_without_its_package_a_source_is_left_out_and_told(settings, monkeypatch):
    """As on a host where only requirements.txt is installed."""
    own = {**settings.SNAPSHOTTER, **LDAP, **OIDC, "OIDC_RECHECK": 900}
    assert len(sign_in_backends(own)) == 2 and len(sign_in_middleware(own)) == 1
    monkeypatch.setattr(sign_in_settings, "find_spec", lambda name: None)
    assert sign_in_backends(own) == sign_in_middleware(own) == []
    settings.SNAPSHOTTER = own
    hints = [message.hint for message in check_sign_in() if message.id == "snapshotter.E030"]
    assert ["requirements-ldap.txt" in hints[0], "requirements-oidc.txt" in hints[1]] == [True, True]


def test_the_real_settings_with_both_switched_on():
    changes = {f"SNAPSHOTTER_{name}": value for name, value in {**LDAP, **OIDC, "OIDC_RECHECK": "900"}.items()}
    done = check(**changes, SNAPSHOTTER_LDAP_BIND_DN="cn=x", SNAPSHOTTER_LDAP_BIND_PASSWORD="$ecret")
    assert (done.returncode, done.stderr) == (0, "")


def test_each_complaint_has_a_number_of_its_own():
    sources = [Path(module.__file__).read_text() for module in (checks, checks_sign_in)]
    numbers = [set(re.findall(r'id="(snapshotter\.\w+)"', source)) for source in sources]
    assert not numbers[0] & numbers[1]


def test_only_what_is_loaded_on_demand_needs_the_packages():
    """Modules `ldap_*` and `oidc_*` of sign-in import them at the top, and nobody imports those at the top but each other."""
    optional = {"ldap", "django_auth_ldap", "mozilla_django_oidc", "jwt"}
    own = re.compile(r"catalog\.sign_in\.(ldap|oidc)_")
    for package in PACKAGES:
        for path in modules(package):
            if not path.name.startswith(("ldap_", "oidc_")):
                found = {name for name in at_the_top(path) if name.split(".")[0] in optional or own.match(name)}
                assert not found, f"{path} imports {found}"


def at_the_top(path):
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
