"""Prometheus' text, written by its official client out of families that were read a moment ago; no registry, no counter of a process."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4


@dataclass(frozen=True, slots=True)
class Sample:
    """One line. `suffix` is `_bucket`, `_sum` or `_count` of a histogram, else empty."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


def family(name: str, kind: str, text: str, samples: Iterable[Sample]) -> Metric:
    """Return a metric; `kind` is counter, gauge or histogram."""
    found = Metric(name.removesuffix("_total"), text, kind)  # the client writes it back for counters
    for sample in samples:
        found.add_sample(name + sample.suffix, dict(sample.labels), sample.value)
    return found


def gauge(name: str, text: str, value: float | None, **labels: str) -> Metric:
    """Return a gauge of one line; of none where the value is not known."""
    return family(name, "gauge", text, () if value is None else (Sample(value, labels),))


def gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    """Return a gauge of a line for each value of one label."""
    return family(name, "gauge", text, (Sample(value, {label: key}) for key, value in values.items()))


def render(families: Iterable[Metric]) -> str:
    return generate_latest(_Read(families)).decode()


class _Read(Collector):
    """What was read, in the shape in which the client takes it."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families
