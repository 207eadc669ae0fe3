"""A small OpenID Connect provider from PyPI (oidc-provider-mock) as a program of its own: no daemon, so a fixture starts it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import requests

from tests.services.process import Server, connects, free_port


class OidcProvider(Server):
    name = "oidc"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(self.port)]

    def environment(self) -> Mapping[str, str]:
        return {"AUTHLIB_INSECURE_TRANSPORT": "1"}  # loopback

    def answers(self) -> bool:
        return connects(self.port)

    def person(self, subject: str, **claims: Any) -> None:
        """Make somebody known, or known otherwise."""
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def agree(self, address: str, subject: str, **form: str) -> str:
        """Do what the person does in the provider's page at `address`; return where the browser is sent."""
        answer = requests.post(address, data={"sub": subject, **form}, allow_redirects=False, timeout=10)
        answer.raise_for_status()
        return answer.headers["Location"]
