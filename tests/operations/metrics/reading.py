"""Reading Prometheus' text in tests, by rules of our own: {(name, labels): value}."""

import re

_LINE = re.compile(r"([a-z_]+)(?:\{(.*)\})? (\S+)\Z")
_LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def read(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            match = _LINE.match(line)
            assert match, line
            name, labels, value = match.groups()
            key = (name, frozenset(_LABEL.findall(labels or "")))
            assert key not in found, f"twice: {line}"
            found[key] = float(value)
    return found


class Metrics:
    def __init__(self, text: str) -> None:
        self.text, self.values = text, read(text)

    def __call__(self, name: str, **labels: str) -> float | None:
        """Return the value of exactly this line; None: there is none."""
        return self.values.get((name, frozenset(labels.items())))

    @property
    def families(self) -> set[str]:
        return set(re.findall(r"^# TYPE (\S+) ", self.text, re.M))
