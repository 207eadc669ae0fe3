"""`python -m tests.bench.capacity`, beside the servers of `python -m tests.services run`: what a deployment carries.

Publishes a minute, the seconds from a request to its proof, and memory, with one, two and four worker processes of Celery; all on one
machine, DolphinScheduler and both databases included. Figures, no goals: they say what a machine of this size does at least.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.flows.platforms import Caller, Platform
from tests.flows.stack import Stack, fresh_database
from tests.services import seed
from tests.services.fixtures import address
from tests.services.raw_dolphin import RawDolphin

PROCESSES = (1, 2, 4)
STORED = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SET SESSION information_schema_stats_expiry = 0")
    cursor.execute("SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()")
    print(cursor.fetchone()[0])
"""
PLATFORMS = 8


@dataclass(frozen=True)
class Carried:
    """`seconds` from request to proof, one a publish; `memory` in MB by program, what they share counted once.

    `growth` of the database in bytes a publish.
    """

    processes: int
    minutes: float
    seconds: tuple[float, ...]
    memory: dict[str, float]
    growth: float

    def line(self) -> str:
        ranked = sorted(self.seconds)
        slow = ranked[round(len(ranked) * 0.95) - 1]
        memory = ", ".join(f"{name} {size:.0f}" for name, size in self.memory.items())
        figures = (f"{len(ranked) / self.minutes:.0f}", f"{statistics.median(ranked):.2f}", f"{slow:.2f}", memory)
        return f"| {self.processes} | {' | '.join(figures)} | {self.growth / 1000:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capacity", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each is measured")
    options = parser.parse_args()
    raw = RawDolphin(address("DOLPHIN311MYSQL"), seed.TOKEN, seed.TENANT)
    print(
        "| worker processes | publishes a minute | median s | 95 % s | memory, MB | kB a publish |\n|---|---|---|---|---|---|"
    )
    for processes in PROCESSES:
        print(measure(raw, processes, options.seconds).line(), flush=True)


def measure(raw: RawDolphin, processes: int, seconds: float) -> Carried:
    name = f"snapshotter_capacity_{processes}"
    with tempfile.TemporaryDirectory(prefix="snapshotter-capacity-") as folder, fresh_database(name) as database:
        stack = Stack(Path(folder), database, workers=1, concurrency=processes)
        try:
            stack.set_up()
            stack.start()
            return _measure(stack, raw, processes, seconds)
        finally:
            stack.stop()


def _measure(stack: Stack, raw: RawDolphin, processes: int, seconds: float) -> Carried:
    project = stack.govern(raw)
    token = stack.manage("service_account", "platform", "--project", str(project)).strip()
    caller = Caller(stack.url, token, project)
    platforms = [Platform(caller, f"load{code}", code, raw.tenant) for code in raw.task_codes(project, PLATFORMS)]
    for platform in platforms:
        platform.once()  # the first creates the workflow
        platform.start()
    began, before = time.monotonic(), stored(stack)
    time.sleep(seconds)
    memory = {one.name: resident(one.process.pid) for one in stack.programs if one.process is not None}
    for platform in platforms:
        platform.stop.set()
    for platform in platforms:
        platform.join()
    minutes = (time.monotonic() - began) / 60
    taken = tuple(one.seconds for platform in platforms for one in platform.acknowledged[1:])
    return Carried(processes, minutes, taken, memory, (stored(stack) - before) / len(taken))


def stored(stack: Stack) -> int:
    """Return the bytes of the stack's database, indexes included, as MySQL tells them now."""
    return int(stack.shell(STORED))


def resident(group: int) -> float:
    """Return the MB of all processes of a group, what they share counted once (proportional set size)."""
    return sum(_proportional(int(folder.name)) for folder in Path("/proc").glob("[0-9]*") if _group_of(folder) == group)


def _group_of(folder: Path) -> int | None:
    try:
        return int(folder.joinpath("stat").read_text().rpartition(")")[2].split()[2])
    except (OSError, ValueError):
        return None  # it has ended meanwhile


def _proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
