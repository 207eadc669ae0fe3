"""Settings of sign-in by a directory (LDAP) or a sign-in service (OIDC): parts of `settings.SNAPSHOTTER`. Empty ones switch a source off.

Both packages are optional (`requirements-ldap.txt`, `requirements-oidc.txt`): a source that is asked for without its package is left out
here, so that the service starts, and told by the checks.
"""

from importlib.util import find_spec
from typing import Any

import environ


def sign_in_settings(env: environ.Env) -> dict[str, Any]:
    """Read them from the environment. Secrets are taken as they stand: `env` would read a leading `$` as another setting's name."""
    return {
        **_ldap(env),
        **_oidc(env),
        # Seconds after which somebody who signed in by LDAP or OIDC does so again; until then nobody asks there.
        "SIGN_IN_SESSION": env.int("SNAPSHOTTER_SIGN_IN_SESSION", default=28_800),
        # How many sign-ins of one process wait for the directory or service at once; by default a quarter of the web's threads.
        "SIGN_IN_AT_ONCE": env.int(
            "SNAPSHOTTER_SIGN_IN_AT_ONCE", default=max(2, env.int("WEB_THREADS", default=8) // 4)
        ),
    }


def _ldap(env: environ.Env) -> dict[str, Any]:
    return {
        "LDAP_URI": env.str("SNAPSHOTTER_LDAP_URI", default=""),
        "LDAP_STARTTLS": env.bool("SNAPSHOTTER_LDAP_STARTTLS", default=True),  # of ldap://; ldaps:// has TLS anyway
        "LDAP_CA_FILE": env.str("SNAPSHOTTER_LDAP_CA_FILE", default=env.str("SNAPSHOTTER_CA_BUNDLE", default="")),
        "LDAP_TIMEOUT": env.float("SNAPSHOTTER_LDAP_TIMEOUT", default=5.0),  # seconds, to connect and for each answer
        "LDAP_BIND_DN": env.str("SNAPSHOTTER_LDAP_BIND_DN", default=""),
        "LDAP_BIND_PASSWORD": env.ENVIRON.get("SNAPSHOTTER_LDAP_BIND_PASSWORD", ""),
        "LDAP_USER_BASE": env.str("SNAPSHOTTER_LDAP_USER_BASE", default=""),
        "LDAP_USER_FILTER": env.str("SNAPSHOTTER_LDAP_USER_FILTER", default="(uid=%(user)s)"),
        "LDAP_USER_DN_TEMPLATE": env.str("SNAPSHOTTER_LDAP_USER_DN_TEMPLATE", default=""),
        "LDAP_GROUP_BASE": env.str("SNAPSHOTTER_LDAP_GROUP_BASE", default=""),
        "LDAP_GROUP_TYPE": env.str("SNAPSHOTTER_LDAP_GROUP_TYPE", default="groupOfNames"),
        # Attributes: what never changes of an entry, its user name, and what else is kept of a person.
        "LDAP_ID_ATTRIBUTE": env.str("SNAPSHOTTER_LDAP_ID_ATTRIBUTE", default="entryUUID"),
        "LDAP_NAME_ATTRIBUTE": env.str("SNAPSHOTTER_LDAP_NAME_ATTRIBUTE", default="uid"),
        "LDAP_ATTRIBUTES": env.str(
            "SNAPSHOTTER_LDAP_ATTRIBUTES", default="first_name = givenName; last_name = sn; email = mail"
        ),
        "LDAP_GROUPS": env.str("SNAPSHOTTER_LDAP_GROUPS", default=""),
        "LDAP_REQUIRED_GROUP": env.str("SNAPSHOTTER_LDAP_REQUIRED_GROUP", default=""),
        "LDAP_SUPERUSER_GROUP": env.str("SNAPSHOTTER_LDAP_SUPERUSER_GROUP", default=""),
    }


def _oidc(env: environ.Env) -> dict[str, Any]:
    return {
        "OIDC_ISSUER": env.str("SNAPSHOTTER_OIDC_ISSUER", default=""),
        "OIDC_CLIENT_ID": env.str("SNAPSHOTTER_OIDC_CLIENT_ID", default=""),
        "OIDC_CLIENT_SECRET": env.ENVIRON.get("SNAPSHOTTER_OIDC_CLIENT_SECRET", ""),
        # Where there is no discovery document; all of the first three, or none.
        "OIDC_AUTHORIZATION_ENDPOINT": env.str("SNAPSHOTTER_OIDC_AUTHORIZATION_ENDPOINT", default=""),
        "OIDC_TOKEN_ENDPOINT": env.str("SNAPSHOTTER_OIDC_TOKEN_ENDPOINT", default=""),
        "OIDC_JWKS_ENDPOINT": env.str("SNAPSHOTTER_OIDC_JWKS_ENDPOINT", default=""),
        "OIDC_USERINFO_ENDPOINT": env.str("SNAPSHOTTER_OIDC_USERINFO_ENDPOINT", default=""),
        "OIDC_SCOPES": env.str("SNAPSHOTTER_OIDC_SCOPES", default="openid profile email"),
        "OIDC_ALGORITHM": env.str("SNAPSHOTTER_OIDC_ALGORITHM", default="RS256"),
        "OIDC_NAME_CLAIM": env.str("SNAPSHOTTER_OIDC_NAME_CLAIM", default="preferred_username"),
        "OIDC_GROUPS_CLAIM": env.str("SNAPSHOTTER_OIDC_GROUPS_CLAIM", default="groups"),
        "OIDC_LABEL": env.str("SNAPSHOTTER_OIDC_LABEL", default="OpenID Connect"),  # "Sign in with ..."
        "OIDC_TIMEOUT": env.float("SNAPSHOTTER_OIDC_TIMEOUT", default=5.0),  # seconds, to connect and for each answer
        # Seconds after which the service is asked again about somebody who is signed in; 0: not before the session ends.
        "OIDC_RECHECK": env.int("SNAPSHOTTER_OIDC_RECHECK", default=0),
        "OIDC_GROUPS": env.str("SNAPSHOTTER_OIDC_GROUPS", default=""),
        "OIDC_REQUIRED_GROUP": env.str("SNAPSHOTTER_OIDC_REQUIRED_GROUP", default=""),
        "OIDC_SUPERUSER_GROUP": env.str("SNAPSHOTTER_OIDC_SUPERUSER_GROUP", default=""),
    }


PACKAGES = {"LDAP_URI": "django_auth_ldap", "OIDC_ISSUER": "mozilla_django_oidc"}  # setting -> what it needs


def lacks_package(setting: str) -> bool:
    return find_spec(PACKAGES[setting]) is None


def sign_in_backends(own: dict[str, Any]) -> list[str]:
    """Return the authentication backends of the sources that are switched on and installed."""
    backends = {
        "LDAP_URI": "catalog.sign_in.ldap_backend.DirectoryBackend",
        "OIDC_ISSUER": "catalog.sign_in.oidc_backend.ProviderBackend",
    }
    return [backend for setting, backend in backends.items() if own[setting] and not lacks_package(setting)]


def sign_in_middleware(own: dict[str, Any]) -> list[str]:
    """Return what asks the sign-in service again about sessions, where that is wished for."""
    wished = own["OIDC_ISSUER"] and own["OIDC_RECHECK"] and not lacks_package("OIDC_ISSUER")
    return ["catalog.sign_in.oidc_middleware.AskAgain"] if wished else []
