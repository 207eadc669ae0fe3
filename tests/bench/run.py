"""The parts of a bench run, by name; what they found is kept for the report."""

import os
from collections.abc import Iterator

from django.db import connection

from tests.bench import hooks, inspecting, large, pages, publishing, pure, report, rolling_back, storage
from tests.bench.timing import Result
from tests.services import seed
from tests.services.raw_dolphin import RawDolphin


class Bench:
    """`servers` are addresses of databases by name, `sizes` numbers of versions, `page` a part of a page's name.

    `keep` leaves the loaded databases there, for the next run.
    """

    def __init__(
        self, servers: dict[str, str], sizes: tuple[int, ...], *, page: str = "", keep: bool = False, rounds: int = 15
    ) -> None:
        self.servers = servers
        self.sizes = sizes
        self.page = page
        self.keep = keep
        self.rounds = rounds
        self.results: list[Result] = []
        self.lines: list[pages.Line] = []
        self.told: list[large.Told] = []

    def run(self, part: str) -> Iterator[Result]:
        match part:
            case "pure":
                yield from self._kept(pure.results())
            case "pages":
                for url in self.servers.values():
                    yield from self._pages(url)
            case "large":
                for told in large.measure(next(iter(self.servers.values()))):
                    self.told.append(told)
                    yield from told.results()
            case _:
                yield from self._kept(self._with_database(part))

    def markdown(self) -> str:
        return report.markdown(self.results, self.lines, self.told)

    def _kept(self, results: Iterator[Result]) -> Iterator[Result]:
        for result in results:
            self.results.append(result)
            yield result

    def _with_database(self, part: str) -> Iterator[Result]:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)  # an interrupted run may have left one
        match part:
            case "storage":
                yield from storage.results()
            case "hooks":
                yield from hooks.results()
            case "publishing":
                yield from publishing.results(_dolphins())
            case "rollback":
                yield from rolling_back.results(_dolphins())
            case "inspection":
                yield from inspecting.results(_dolphins())
            case _:
                raise ValueError(f"there is no part {part}")
        connection.creation.destroy_test_db("", verbosity=0)

    def _pages(self, url: str) -> Iterator[Result]:
        """Goal 7 page by page, then 6 and 8 out of the same databases."""
        stores = pages.prepare(url, self.sizes, keep=self.keep)
        found: list[pages.Line] = []
        for line in pages.measure(stores, lambda page: self.page in str(page), rounds=self.rounds):
            found.append(line)
            yield line.result()
        self.lines += found
        yield from self._kept(pages.deepest(found))
        yield from self._kept(iter([pages.fleet(stores[max(stores)])]))
        for name in pages.unplaced():
            yield Result("7", f"{name} is not measured, or is no address any more", 1, 1, 0, "")
        for store in stores.values():
            if not self.keep:
                store.drop()


def _dolphins() -> dict[str, RawDolphin]:
    names = {"MySQL": "DOLPHIN311MYSQL", "H2": "DOLPHIN311"}
    return {
        name: RawDolphin(os.environ[f"SNAPSHOTTER_TEST_{variable}"], seed.TOKEN, seed.TENANT)
        for name, variable in names.items()
        if f"SNAPSHOTTER_TEST_{variable}" in os.environ
    }
