"""Prometheus' text format 0.0.4: families in, text out. `promtool check metrics` judges what comes out in the tests.

The official client holds counters of a process and a registry of them; of all that we would use the writing alone, which is this.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    """One line. `suffix` is `_bucket`, `_sum` or `_count` of a histogram, else empty."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: `kind` is counter, gauge or histogram."""

    name: str
    kind: str
    help: str
    samples: tuple[Sample, ...]


def gauge(name: str, text: str, value: float | None, **labels: str) -> Family:
    """Return a gauge of one line; of none where the value is not known."""
    return Family(name, "gauge", text, () if value is None else (Sample(value, labels),))


def gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Family:
    """Return a gauge of a line for each value of one label."""
    return Family(name, "gauge", text, tuple(Sample(value, {label: key}) for key, value in values.items()))


def render(families: Iterable[Family]) -> str:
    return "".join(line + "\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help.replace(chr(92), chr(92) * 2).replace(chr(10), ' ')}"
    yield f"# TYPE {family.name} {family.kind}"
    for sample in family.samples:
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
        yield f"{family.name}{sample.suffix}{'{' + labels + '}' if labels else ''} {number(sample.value)}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def number(value: float) -> str:
    """Return a value as Prometheus reads it; whole numbers without a fraction."""
    if value == float("inf"):
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(value)
