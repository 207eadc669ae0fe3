"""The load of goals 6 to 8: 5,000 workflows and up to a million versions, made by the database itself.

Python only says whose version the n-th one is; rows are made by INSERT ... SELECT. Smaller sizes are the first rows of the largest, in
databases of their own on the same server, so that all sizes are measured in turns.
"""

import random
from collections.abc import Iterator

from snapshotter.models import WorkflowState
from tests.bench import catalogue, other_rows, version_rows
from tests.bench.stores import Store
from tests.bench.version_rows import STEP

HOT = 50  # every fiftieth version is of the first workflow, and half of the earliest: 3,000 of 10,000, more than 30,000 of a million
EARLY = 10_000
_CHUNK = 100_000
_LINES = 5_000
_LARGE = ("workflow_definition_snapshot", "audit_entry", "workflow_sync", "webhook_delivery", "axes_accesslog")


def fill(store: Store, size: int) -> None:
    """Make a database of so many versions, with everything else in proportion."""
    with store.used():
        hashes, blobs = catalogue.fill()
        store.execute("DELETE FROM audit_entry")  # of the catalogue: the trail's ids are to be the versions'
        _arrange(store, size, hashes)
        store.execute(f"SET @start = UTC_TIMESTAMP() - INTERVAL {size * STEP} SECOND")
        with store.without_indexes(_LARGE):
            for first in range(1, size + 1, _CHUNK):
                last = min(first + _CHUNK - 1, size)
                for statement in (*version_rows.statements(first, last, *blobs), *other_rows.statements(first, last)):
                    store.execute(statement)
            for statement in other_rows.runs(size):
                store.execute(statement)
        store.execute("DROP TABLE bench_row, bench_content")
        _finish(store)


def cut(store: Store, source: Store, size: int, whole: int) -> None:
    """Fill an empty copy of a load of `whole` versions with what it was when it had `size`, as if that were today."""
    with store.used():
        with store.without_indexes(_LARGE):
            for table in store.tables():
                rows = f"SELECT * FROM `{source.name}`.`{table}` {other_rows.part(table, size)}"
                store.execute(f"INSERT INTO `{table}` {rows}")
                moved = other_rows.shift(table, (whole - size) * STEP)
                if moved:
                    store.execute(moved)
        _finish(store)


def _arrange(store: Store, size: int, hashes: list[str]) -> None:
    """Say of each version: workflow, number, the id of an earlier one, and dice."""
    store.execute(
        "CREATE TABLE bench_row (id INT PRIMARY KEY, w INT NOT NULL, v INT NOT NULL, back INT, r INT NOT NULL)"
    )
    store.execute("CREATE TABLE bench_content (c INT PRIMARY KEY, content_hash CHAR(64) NOT NULL)")
    values = ", ".join(f"({number}, '{digest}')" for number, digest in enumerate(hashes))
    store.execute(f"INSERT INTO bench_content VALUES {values}")
    batch: list[str] = []
    for line in _arranged(size):
        batch.append(line)
        if len(batch) == _LINES:
            store.execute(f"INSERT INTO bench_row VALUES {','.join(batch)}")
            batch.clear()
    if batch:
        store.execute(f"INSERT INTO bench_row VALUES {','.join(batch)}")


def _arranged(size: int) -> Iterator[str]:
    """Each workflow has one version first; then a few have many, most have some."""
    rng = random.Random(1)
    versions = [0] * catalogue.WORKFLOWS
    back: list[int | str] = ["NULL"] * catalogue.WORKFLOWS
    for number in range(size):
        hot = number % (2 if number < EARLY else HOT) == 0
        tail = 0 if hot else int(catalogue.WORKFLOWS * rng.random() ** 2)
        workflow = number if number < catalogue.WORKFLOWS else tail
        versions[workflow] += 1
        yield f"({number + 1},{workflow},{versions[workflow]},{back[workflow]},{rng.randrange(1_000_000)})"
        if rng.random() < 0.5:
            back[workflow] = number + 1


def _finish(store: Store) -> None:
    """Point each workflow at its newest version, and let the server look at what it holds."""
    newest = (
        "SELECT workflow_key, MAX(version) AS last, MAX(CASE WHEN status = 'published' THEN id END) AS published, "
        "MAX(CASE WHEN status = 'failed' THEN version END) AS failed "
        "FROM workflow_definition_snapshot GROUP BY workflow_key"
    )
    state = WorkflowState._meta.db_table
    store.execute(
        f"UPDATE {state} s JOIN dolphin_workflow w ON w.id = s.workflow_id JOIN ({newest}) n ON n.workflow_key = w.workflow_key "
        "SET s.last_version = n.last, s.published_id = n.published, s.failed_version = n.failed, "
        "s.lock_id = CASE WHEN s.workflow_id IN (11, 22, 33) THEN s.workflow_id END"
    )
    for table in store.tables():
        store.execute(f"ANALYZE TABLE `{table}`")
