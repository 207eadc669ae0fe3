"""The contract suite's server: the sandbox, and each real DolphinScheduler that is running. When they differ, the real one is right."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from dolphin.client import DolphinClient
from dolphin.sandbox import Sandbox
from tests.services.raw_dolphin import RawDolphin

REAL = {
    "311": ("dolphin_311", pytest.mark.dolphin),
    "311 on MySQL": ("dolphin_311_mysql", pytest.mark.dolphin_mysql),
    "205": ("dolphin_205", pytest.mark.dolphin_old),
}


@dataclass
class Server:
    """A DolphinScheduler with a project of its own: raw calls, and the product's client."""

    name: str
    raw: RawDolphin
    project: int
    client: DolphinClient
    sandbox: Sandbox | None = None

    @property
    def is_old(self) -> bool:
        return self.name == "205"

    def path(self, rest: str = "") -> str:
        return f"/projects/{self.project}/process-definition{rest}"

    def schedules(self, rest: str = "") -> str:
        return f"/projects/{self.project}/schedules{rest}"


@pytest.fixture(params=["sandbox", *(pytest.param(name, marks=mark) for name, (_, mark) in REAL.items())])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "sandbox":
        with Sandbox() as sandbox:
            yield replace(_server("sandbox", RawDolphin(sandbox.url, sandbox.token)), sandbox=sandbox)
    else:
        yield _server(request.param, request.getfixturevalue(REAL[request.param][0]))


def _server(name: str, raw: RawDolphin) -> Server:
    with DolphinClient(raw.url, raw.token) as client:
        return Server(name, raw, raw.create_project(), client)
