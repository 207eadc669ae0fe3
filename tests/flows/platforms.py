"""Platforms that publish without end, each its own workflow, and remember what was acknowledged."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.definitions.documents import c1

Json = dict[str, Any]


@dataclass
class Acknowledged:
    """One publish that was answered 200 or 202: its key, version, snapshot and sync, and the script it brings."""

    key: str
    version: int
    snapshot: int
    sync: int
    script: str
    state: str = ""
    error: str = ""
    seconds: float = 0.0  # from the first request to the end that was seen


@dataclass
class Caller:
    """An HTTP client of the product that takes no answer, 5xx and 429 as passing, as the handbook tells platforms to."""

    url: str
    token: str
    project: int
    refused: list[str] = field(default_factory=list)

    def publish(self, workflow: str, key: str, body: Json) -> Json:
        """Send until it is acknowledged."""
        sent = {"project": self.project, "definition": body, "online": "on"}
        return self._until("POST", f"workflows/{workflow}/publish", sent, key)

    def ended(self, sync: int) -> Json:
        """Ask until the sync has ended."""
        while not (found := self._until("GET", f"syncs/{sync}"))["is_finished"]:
            time.sleep(0.3)
        return found

    def _until(self, method: str, path: str, body: Json | None = None, key: str = "") -> Json:
        headers = {"Authorization": f"Bearer {self.token}", **({"Idempotency-Key": key} if key else {})}
        while True:
            try:
                answer = requests.request(
                    method, f"{self.url}/api/v1/{path}", json=body, headers=headers, timeout=(3, 60)
                )
            except requests.RequestException:
                time.sleep(0.5)
                continue
            if answer.status_code in (200, 202):
                return dict(answer.json())
            if answer.status_code < 500 and answer.status_code != 429:
                raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
            self.refused.append(f"{answer.status_code} {_code(answer)}")
            time.sleep(0.5)


def _code(answer: requests.Response) -> str:
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError):
        return "without a code"


class Platform(threading.Thread):
    """Publishes `workflow` again and again until `stop` is set; `problem` is what ended it before."""

    def __init__(self, caller: Caller, workflow: str, task: int, tenant: str) -> None:
        super().__init__(name=workflow, daemon=True)
        self.caller, self.workflow, self.task, self.tenant = caller, workflow, task, tenant
        self.acknowledged: list[Acknowledged] = []
        self.stop = threading.Event()
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.once()
                time.sleep(0.2)
        except Exception as error:  # noqa: BLE001  shown by the test, which can't see a thread's end
            self.problem = error

    def once(self) -> Acknowledged:
        number, began = len(self.acknowledged) + 1, time.monotonic()
        script = f"echo {self.workflow} {number}"
        body = c1({self.task: script}, name=self.workflow)
        body["definitions"]["settings"] = {"tenantCode": self.tenant}
        key = f"{self.workflow}-{number}"
        answer = self.caller.publish(self.workflow, key, body)
        one = Acknowledged(key, answer["snapshot"]["version"], answer["snapshot"]["id"], answer["sync"]["id"], script)
        self.acknowledged.append(one)
        end = self.caller.ended(one.sync)
        one.state, one.error, one.seconds = end["state"], end["error_code"], time.monotonic() - began
        return one
