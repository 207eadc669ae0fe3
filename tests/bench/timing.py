"""Timing two things side by side: interleaved, so that a busy machine slows both; the median of the rounds."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """`ours` and `anchor` in `unit`; `goal` is what the ratio is held to, `at_least` turns it round."""

    number: str
    what: str
    ours: float
    anchor: float
    goal: float
    unit: str = "ms"
    at_least: bool = False
    note: str = ""
    faults: tuple[str, ...] = ()  # what misses the goal whatever the ratio

    @property
    def ratio(self) -> float:
        return self.ours / self.anchor

    @property
    def met(self) -> bool:
        within = self.ratio >= self.goal if self.at_least else self.ratio <= self.goal
        return within and not self.faults

    def line(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "met" if self.met else "MISSED"
        return (
            f"{self.number:>3}  {self.what:58} {self.ours:10.2f} / {self.anchor:10.2f} {self.unit:4} = {self.ratio:6.2f} "
            f"(goal {sign} {self.goal:g}) {verdict} {self.note} {'; '.join(self.faults)}"
        ).rstrip()


def side_by_side(ours: Callable[[], object], anchor: Callable[[], object], *, rounds: int = 15) -> tuple[float, float]:
    """Return the two medians, in milliseconds."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for run, taken in zip((ours, anchor), times, strict=True):
            taken.append(elapsed(run))
    return statistics.median(times[0]), statistics.median(times[1])


def elapsed(run: Callable[[], object]) -> float:
    """Return milliseconds."""
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000
