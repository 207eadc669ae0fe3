"""Ten minutes of publishing while MySQL, Redis, DolphinScheduler, the workers, beat and the web are stopped one by one.

Nothing that was acknowledged is lost or done twice, the health page says what is wrong, and all goes on by itself.
"""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.flows.platforms import Caller, Platform
from tests.flows.stack import Stack
from tests.services.dolphin311 import Dolphin311
from tests.services.mysql import MySQL
from tests.services.process import wait_until
from tests.services.raw_dolphin import RawDolphin
from tests.services.seed import TENANT

pytestmark = [pytest.mark.dolphin_mysql, pytest.mark.soak]
MINUTES = 10
STEADY = 20  # seconds of undisturbed publishing before each outage
SILENCE = 120  # seconds until workers without a round are called so
ROWS = """
import json
from snapshotter.models import Snapshot
rows = Snapshot.objects.order_by("workflow", "version").values_list("workflow__key", "version", "id", "status")
print(json.dumps(list(rows)))
"""


@dataclass
class House:
    """All that can be stopped: two MySQL servers, ours and DolphinScheduler's, and the product's processes."""

    mysql: MySQL
    dolphin: Dolphin311
    stack: Stack

    @property
    def raw(self) -> RawDolphin:
        return RawDolphin(self.dolphin.url, self.dolphin.token, TENANT)

    def health(self) -> dict[str, str]:
        try:
            return dict(requests.get(f"{self.stack.url}/readyz", timeout=10).json())
        except (requests.RequestException, ValueError):
            return {"status": "no answer"}

    def running(self) -> set[str]:
        return {one.name for one in self.stack.programs if one.process is not None and one.process.poll() is None}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """In a folder of its own: pytest's are closed to other accounts, under one of which the databases run."""
    with tempfile.TemporaryDirectory(prefix="snapshotter-house-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        ours, theirs = MySQL(folder / "ours"), MySQL(folder / "theirs")
        dolphin = Dolphin311(folder / "dolphin", theirs)
        stack = Stack(folder / "stack", ours.url())
        stack.environment["SNAPSHOTTER_INSPECT_EVERY"] = "60"
        try:
            for server in (ours, theirs, dolphin):
                server.start()
            stack.set_up()
            stack.start()
            yield House(ours, dolphin, stack)
        finally:
            stack.stop()
            for server in (dolphin, theirs, ours):
                server.stop()


@dataclass
class Outage:
    """What goes away how, for how many seconds at least, and which part of /readyz says so (empty: none of ours is hurt)."""

    name: str
    seconds: float
    end: Callable[[], None]
    begin: Callable[[], object]
    says: str
    status: str

    def is_said_by(self, health: dict[str, str]) -> bool:
        return health["status"] == self.status and (not self.says or self.says in health)


def outages(house: House) -> list[Outage]:
    stack = house.stack
    workers = [stack.program("worker1"), stack.program("worker2")]
    beat, web = stack.program("beat"), stack.program("web")

    def kill_workers() -> None:
        for one in workers:
            one.kill()

    def begin_workers() -> None:
        for one in workers:
            one.again()

    return [
        Outage("Redis", 20, stack.redis.stop, stack.redis.again, "broker", "degraded"),
        Outage("the workers (killed)", SILENCE + 15, kill_workers, begin_workers, "worker", "degraded"),
        Outage("MySQL (killed)", 20, house.mysql.kill, house.mysql.again, "database", "unavailable"),
        Outage("DolphinScheduler (killed)", 20, house.dolphin.kill, house.dolphin.again, "", "ok"),
        Outage("beat", SILENCE + 15, beat.stop, beat.again, "worker", "degraded"),
        Outage("the web", 5, web.stop, web.again, "", "no answer"),
    ]


def go_through(house: House, outage: Outage, probe: Platform) -> float:
    """Return the seconds from its return until a publish by somebody who waited had succeeded and health is right."""
    time.sleep(STEADY)
    outage.end()
    ended = time.monotonic()
    wait_until(lambda: outage.is_said_by(house.health()), outage.seconds + 15)
    time.sleep(max(0.0, outage.seconds - (time.monotonic() - ended)))
    outage.begin()
    back = time.monotonic()
    assert probe.once().state == "succeeded"
    wait_until(lambda: house.health()["status"] == "ok", 60)
    return time.monotonic() - back


def test_nothing_is_lost_or_doubled(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    began, raw, stack = time.monotonic(), house.raw, house.stack
    project = stack.govern(raw)
    token = stack.manage("service_account", "platform", "--project", str(project)).strip()
    caller = Caller(stack.url, token, project)
    platforms = [Platform(caller, f"steady{code}", code, raw.tenant) for code in raw.task_codes(project, 4)]
    (code,) = raw.task_codes(project, 1)
    probe = Platform(caller, "probe", code, raw.tenant)
    for platform in platforms:
        platform.start()
    wait_until(lambda: house.health()["status"] == "ok", 60)
    back = {}
    for outage in outages(house):
        back[outage.name] = go_through(house, outage, probe)
    time.sleep(max(0.0, MINUTES * 60 - (time.monotonic() - began)))
    for platform in platforms:
        platform.stop.set()
    for platform in platforms:
        platform.join(400)  # an unanswered write settles, a lease runs out
        assert (platform.problem, platform.is_alive()) == (None, False), platform.name
    everybody = [*platforms, probe]
    with capsys.disabled():
        print(summary(everybody, caller, back))  # noqa: T201  figures for the docs
    assert {one.state for platform in everybody for one in platform.acknowledged} == {"succeeded"}
    assert house.running() == {"worker1", "worker2", "beat", "web"}
    assert_ours(stack, everybody)
    assert_theirs(house, project, everybody)


def assert_ours(stack: Stack, platforms: list[Platform]) -> None:
    """Each acknowledged publish is one version, in order, and there is no other."""
    rows = json.loads(stack.shell(ROWS))
    for platform in platforms:
        mine = [(version, pk) for key, version, pk, _ in rows if key == platform.workflow]
        assert mine == [(one.version, one.snapshot) for one in platform.acknowledged]
        assert [version for version, _ in mine] == list(range(1, len(mine) + 1))
    assert len(rows) == sum(len(platform.acknowledged) for platform in platforms)
    stack.manage("verify_snapshots")
    stack.manage("verify_audit")
    stack.manage("inspect")  # ends with 1 where anything drifted


def assert_theirs(house: House, project: int, platforms: list[Platform]) -> None:
    """DolphinScheduler counts a version a publish, and holds what came last."""
    raw = house.raw
    listed = raw.data("GET", f"/projects/{project}/process-definition", pageNo=1, pageSize=50, searchVal="")
    found = {row["name"]: row for row in listed["totalList"]}
    assert found.keys() == {platform.workflow for platform in platforms}
    for platform in platforms:
        held = raw.definition(project, found[platform.workflow]["code"])
        (task,) = held["taskDefinitionList"]
        assert task["taskParams"]["rawScript"] == platform.acknowledged[-1].script
        assert held["processDefinition"]["version"] == len(platform.acknowledged)
        assert held["processDefinition"]["releaseState"] == "ONLINE"


def summary(platforms: list[Platform], caller: Caller, back: dict[str, float]) -> str:
    every = sorted(one.seconds for platform in platforms for one in platform.acknowledged)
    lines = [f"{len(every)} publishes, median {every[len(every) // 2]:.2f} s, slowest {every[-1]:.0f} s"]
    lines += [f"answered {text}: {count}" for text, count in Counter(caller.refused).items()]
    return "\n".join(["", *lines, *(f"{name}: back after {seconds:.1f} s" for name, seconds in back.items())])
