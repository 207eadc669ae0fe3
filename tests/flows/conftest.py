from collections.abc import Iterator

import pytest

from tests.flows.stack import Stack
from tests.services.fixtures import address


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One stack at a time: its processes need both cores, and a second one would only slow the first."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The product on a fresh MySQL database, with two Celery worker processes, beat and gunicorn."""
    import MySQLdb  # only where MySQL is

    folder = tmp_path_factory.mktemp("stack")
    database = f"snapshotter_{folder.parent.name}_{folder.name}".replace("-", "_")[:60]
    user, _, rest = address("MYSQL").removeprefix("mysql://").partition(":")
    password, _, place = rest.partition("@")
    host, _, port = place.split("/")[0].partition(":")
    connection = MySQLdb.connect(host=host, port=int(port), user=user, password=password, autocommit=True)
    connection.cursor().execute(f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    running = Stack(folder, database)
    try:
        running.manage("migrate", "--verbosity=0")
        running.manage("collectstatic", "--noinput", "--verbosity=0")
        running.start()
        yield running
    finally:
        running.stop()
        connection.cursor().execute(f"DROP DATABASE `{database}`")
        connection.close()
