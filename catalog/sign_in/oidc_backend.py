"""Signing in by an OpenID Connect service, through mozilla-django-oidc: it does the dance, `admit` what is to be done here.

The package verifies the signature and the nonce. For whom a token was made, by whom, and that the answer about the person is about the
same one, is verified here: it leaves that to its users.
"""

from typing import Any, Final

import jwt
import requests
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from audit.actors import SYSTEM
from catalog.sign_in.admit import admit
from catalog.sign_in.claims import person_of
from catalog.sign_in.few import one_of_few
from catalog.sign_in.oidc_settings import oidc_setting
from catalog.sign_in.person import Person
from catalog.sign_in.provider import AWAY, options, provider, unavailable
from catalog.sign_in.session import account_of

SKEW: Final = 60  # seconds by which its clock may differ from ours
# What a broken, foreign or forged answer ends in, whoever stumbles over it.
_BROKEN: Final = (
    *(requests.RequestException, jwt.PyJWTError, SuspiciousOperation),
    *(ValueError, KeyError, TypeError, AttributeError),
)


class ProviderBackend(OIDCAuthenticationBackend):
    get_settings = staticmethod(oidc_setting)
    OIDC_RP_IDP_SIGN_KEY = None  # the service publishes its keys

    def __init__(self) -> None:
        """Read nothing yet: Django builds a backend for every question, and addresses may have to be asked for."""
        self.UserModel = User

    @property
    def OIDC_OP_TOKEN_ENDPOINT(self) -> str:
        return provider().token

    @property
    def OIDC_OP_JWKS_ENDPOINT(self) -> str:
        return provider().jwks

    @property
    def OIDC_RP_CLIENT_ID(self) -> str:
        return str(settings.SNAPSHOTTER["OIDC_CLIENT_ID"])

    @property
    def OIDC_RP_CLIENT_SECRET(self) -> str:
        return str(settings.SNAPSHOTTER["OIDC_CLIENT_SECRET"])

    @property
    def OIDC_RP_SIGN_ALGO(self) -> str:
        return str(settings.SNAPSHOTTER["OIDC_ALGORITHM"])

    def authenticate(self, request: HttpRequest, *, nonce: str, code_verifier: str | None = None) -> User:
        """Return the account of who comes back with a code. Called with these arguments by the callback alone: a form has no nonce.

        Raises SignInRefused, DirectoryUnavailable. Never returns None: the package does for an answer that is none, django-axes
        would count it as a wrong password of nobody, and ten of them lock out everybody of the address.
        """
        try:
            with one_of_few(AWAY):
                person = super().authenticate(request, nonce=nonce, code_verifier=code_verifier)
            if person is None:
                raise ValueError("nobody is told of")
        except _BROKEN as error:
            raise unavailable(error) from error
        return admit(person, actor=SYSTEM)

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> Person:
        """Return the person: the account is found when nobody is asked any more."""
        return person_of(self.get_userinfo(access_token, id_token, payload), provider().issuer)

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the token's claims and what else is told of the person. Raises ValueError where that is somebody else."""
        if not provider().userinfo:
            return payload
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = requests.get(provider().userinfo, headers=headers, **options())  # noqa: S113  among them
        answer.raise_for_status()
        told = answer.json()
        if told["sub"] != payload["sub"]:
            raise ValueError("the service told of somebody else than the token's person")
        return {**payload, **told}

    def retrieve_matching_jwk(self, token: str) -> jwt.PyJWK:
        """Return the key that the token names; where it names none, the only one that fits its algorithm."""
        answer = requests.get(self.OIDC_OP_JWKS_ENDPOINT, **options())  # noqa: S113  among them
        answer.raise_for_status()
        named, keys = jwt.get_unverified_header(token).get("kid"), answer.json()["keys"]
        found = [key for key in keys if self._fits(key) and (named is None or key.get("kid") == named)]
        if len(found) != 1:
            raise SuspiciousOperation(f"{len(found)} of the service's {len(keys)} keys fit the token")
        return jwt.PyJWK(found[0], algorithm=self.OIDC_RP_SIGN_ALGO)

    def _fits(self, key: dict[str, Any]) -> bool:
        algorithm = self.OIDC_RP_SIGN_ALGO
        kind = "RSA" if algorithm.startswith("RS") else "EC"
        wanted = {"kty": kind, "alg": algorithm, "use": "sig"}
        return all(key.get(name, value) == value for name, value in wanted.items())

    def get_user(self, user_id: int) -> User | None:
        return account_of(user_id)

    def _verify_jws(self, payload: str, key: jwt.PyJWK) -> Any:
        """Return the claims of a token that this service signed for us, with the algorithm of the settings and no other."""
        claims = jwt.decode(
            payload,
            key,
            algorithms=[self.OIDC_RP_SIGN_ALGO],
            audience=self.OIDC_RP_CLIENT_ID,
            issuer=provider().issuer,
            leeway=SKEW,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        if claims.get("azp", self.OIDC_RP_CLIENT_ID) != self.OIDC_RP_CLIENT_ID:
            raise ValueError("the token was made for another client, which may pass it on to us")
        return claims
