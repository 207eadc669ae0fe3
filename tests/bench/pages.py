"""Goals 6 to 8: every list at three sizes of the same database server, through Django's client, in turns."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.test import Client, override_settings

from audit.keyset import listed
from catalog.models import Workflow
from tests.bench import load
from tests.bench.addresses import ROOT, Facts, Page, facts, forgotten, known
from tests.bench.lists import pages
from tests.bench.statements import Asked, listening
from tests.bench.stores import Store
from tests.bench.timing import Result, elapsed, side_by_side

PATIENCE = 12.0  # seconds for all rounds of one page
QUERIES = 15
SLACK = 50_000  # rows read: what is bounded may be looked through, such as the newest 10,000 for a text; no more than a twentieth of all
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Measured:
    """One page, one person, one size. Times in milliseconds."""

    times: list[float] = field(default_factory=list)
    asked: Asked = field(default_factory=Asked)
    status: int = 0
    size: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[max(0, round(len(self.times) * 0.95) - 1)]


@dataclass(frozen=True)
class Line:
    """A page on a server: what was measured by size, the smallest first."""

    server: str
    page: Page
    person: str
    by_size: dict[int, Measured]
    faults: tuple[str, ...]

    @property
    def smallest(self) -> Measured:
        return self.by_size[min(self.by_size)]

    @property
    def largest(self) -> Measured:
        return self.by_size[max(self.by_size)]

    def result(self) -> Result:
        """Goal 7."""
        rows = f"rows read {self.smallest.asked.rows:,} to {self.largest.asked.rows:,}, {len(self.largest.asked.statements)} queries"
        who = "" if self.person == ROOT else " (reader)"
        what = f"{self.server} {self.page}{who}"
        return Result("7", what, self.largest.p50, self.smallest.p50, 2.0, note=f"({rows})", faults=self.faults)


class Loaded:
    """A loaded database and people who are signed in there."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clients: dict[str, Client] = {}
        with store.used():
            self.facts: Facts = facts()

    def get(self, page: Page, person: str) -> tuple[int, int]:
        """Open a page; return the status and the bytes of the answer."""
        answer = self._client(person).get(page.address(self.facts))
        body = answer.content if not answer.streaming else b"".join(answer)
        return answer.status_code, len(body)

    def _client(self, person: str) -> Client:
        if person not in self.clients:
            self.clients[person] = Client()
            self.clients[person].force_login(User.objects.get(username=person), backend=_BACKEND)
        return self.clients[person]


def prepare(url: str, sizes: tuple[int, ...], *, keep: bool) -> dict[int, Store]:
    """Make the databases: the largest is filled, the others are cut from it. What an earlier run kept is used again."""
    stores = {size: Store(url, f"snapshotter_bench_{size}") for size in sizes}
    if keep and all(store.exists() for store in stores.values()):
        return {size: store.migrate() for size, store in stores.items()}
    largest = stores[max(sizes)].create().migrate()
    load.fill(largest, max(sizes))
    for size in sorted(sizes)[:-1]:
        load.cut(stores[size].create().copy_tables(largest), largest, size, max(sizes))
    return stores


def measure(stores: dict[int, Store], wanted: Callable[[Page], bool], *, rounds: int) -> Iterator[Line]:
    """Yield each page for each person."""
    loaded = {size: Loaded(store) for size, store in sorted(stores.items())}
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        there = known()
        for page in filter(wanted, pages()):
            for person in page.people if page.name in there else ():
                yield _line(page, person, loaded, rounds)


def _line(page: Page, person: str, loaded: dict[int, Loaded], rounds: int) -> Line:
    by_size = {size: _look(page, person, place) for size, place in loaded.items()}
    faults = list(_faults(page, by_size, loaded))
    deadline = time.monotonic() + PATIENCE
    for number in range(rounds):
        if number > 2 and time.monotonic() > deadline:
            break
        for size, place in loaded.items():
            with place.store.used():
                by_size[size].times.append(elapsed(lambda at=place: at.get(page, person)))
    return Line(next(iter(loaded.values())).store.server_name, page, person, by_size, tuple(dict.fromkeys(faults)))


def _faults(page: Page, by_size: dict[int, Measured], loaded: dict[int, Loaded]) -> Iterator[str]:
    """What misses goal 7 whatever the clock says."""
    smallest, largest = by_size[min(by_size)].asked, by_size[max(by_size)].asked
    with loaded[max(loaded)].store.used():
        yield from largest.faults()
        yield from largest.scans()
    yield from (f"answered {found.status}" for found in by_size.values() if found.status not in page.statuses)
    if len(largest.statements) > QUERIES:
        yield f"{len(largest.statements)} queries"
    if largest.rows > 2 * smallest.rows + SLACK:
        yield f"{largest.rows:,} rows read, of {smallest.rows:,} at the smallest size"


def _look(page: Page, person: str, place: Loaded) -> Measured:
    """Open it twice: what is cached for ever is cached then."""
    found = Measured()
    with place.store.used():
        place.get(page, person)
        with listening() as found.asked:
            found.status, found.size = place.get(page, person)
    return found


def deepest(lines: list[Line]) -> Iterator[Result]:
    """Goal 6: the old end of each list beside its first page, at the largest size."""
    firsts = {(line.server, line.page.name, line.person): line for line in reversed(lines) if not line.page.deep}
    for line in lines:
        first = firsts.get((line.server, line.page.name, line.person))
        if line.page.deep and first is not None:
            what = f"{line.server} {line.page}, beside its first page"
            yield Result("6", what, line.largest.p50, first.largest.p50, 2.0)


def fleet(store: Store) -> Result:
    """Goal 8: a page of the fleet's list, found, read and counted, beside the same rows read by their primary keys."""
    with store.used():
        actor = User.objects.get(username=ROOT)
        rows = Workflow.objects.listed_for(actor).prefetch_related("project__instance", "state__published")
        place = {"after": Workflow.objects.order_by("key").values_list("key", flat=True)[2_000]}
        keys = [row.pk for row in listed(place, rows, by=("key",))]
        ours, anchor = side_by_side(
            lambda: listed(place, rows, by=("key",)), lambda: list(rows.filter(pk__in=keys).order_by()), rounds=40
        )
        return Result("8", f"{store.server_name} fleet page, beside a read by primary keys", ours, anchor, 2.0)


def unplaced() -> list[str]:
    return forgotten(pages())
