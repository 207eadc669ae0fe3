"""Redis, as Debian packs it, without a file on disk."""

from collections.abc import Sequence
from pathlib import Path

from tests.services.process import Server, connects, free_port


class Redis(Server):
    name = "redis"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> Sequence[str]:
        return ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def answers(self) -> bool:
        return connects(self.port)
