"""Metrics as a Prometheus on this host reads them."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from operations import heartbeat
from operations.embedded.seal import one_round
from tests.operations.metrics.reading import Metrics


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What a process remembers would be of another test's database."""
    cache.clear()
    heartbeat.forget()
    yield
    cache.clear()
    heartbeat.forget()


@pytest.fixture
def scrape(client: Client) -> Callable[[], Metrics]:
    def read() -> Metrics:
        answer = client.get("/metrics")
        assert answer.status_code == 200, answer.content
        return Metrics(answer.content.decode())

    return read


@pytest.fixture
def counted() -> Callable[[], None]:
    """Seal and count until nothing is left."""

    def go() -> None:
        while one_round():
            pass

    return go
