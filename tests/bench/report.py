"""The figures as Markdown tables, for docs/performance.md."""

from collections.abc import Iterable, Iterator

from tests.bench.addresses import ROOT
from tests.bench.large import Told
from tests.bench.pages import Line
from tests.bench.timing import Result


def markdown(results: Iterable[Result], lines: Iterable[Line], told: Iterable[Told]) -> str:
    """Return the sections one after another; an empty one is left out."""
    parts = [list(_goals(results)), list(_pages(lines)), list(_large(told))]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _goals(results: Iterable[Result]) -> Iterator[str]:
    rows = [
        f"| {row.number} | {row.what} | {row.ours:.2f} | {row.anchor:.2f} | {row.unit} | {row.ratio:.2f} | "
        f"{'≥' if row.at_least else '≤'} {row.goal:g} | {'met' if row.met else 'missed'} |"
        for row in results
    ]
    if rows:
        yield "| goal | what | ours | beside | unit | ratio | goal | |"
        yield "|---|---|--:|--:|---|--:|--:|---|"
        yield from rows


def _pages(lines: Iterable[Line]) -> Iterator[str]:
    by_server: dict[str, list[Line]] = {}
    for line in lines:
        by_server.setdefault(line.server, []).append(line)
    for server, of_it in by_server.items():
        sizes = sorted(of_it[0].by_size)
        yield f"### {server}"
        yield ""
        yield f"| page | as | queries | {' | '.join(f'p50 at {size:,}' for size in sizes)} | p95 | ratio | rows read | KB | |"
        yield f"|---|---|--:|{'--:|' * len(sizes)}--:|--:|--:|--:|---|"
        yield from map(_page, of_it)
        yield ""


def _page(line: Line) -> str:
    times = " | ".join(f"{line.by_size[size].p50:.0f}" for size in sorted(line.by_size))
    last = line.largest
    who = "superuser" if line.person == ROOT else "reader"
    verdict = "met" if line.result().met else "; ".join(("missed", *line.faults))
    rows = f"{line.smallest.asked.rows:,} → {last.asked.rows:,}"
    figures = f"{last.p95:.0f} | {line.result().ratio:.2f} | {rows} | {last.size / 1000:.0f}"
    return f"| {line.page} | {who} | {len(last.asked.statements)} | {times} | {figures} | {verdict} |"


def _large(told: Iterable[Told]) -> Iterator[str]:
    rows = list(told)
    if rows:
        yield "### Large definitions"
        yield ""
        yield "| what | of | definition, MB | memory, MB | process, MB | answer, MB | ms | |"
        yield "|---|---|--:|--:|--:|--:|--:|---|"
    for row in rows:
        verdict = "met" if all(result.met for result in row.results()) else "missed"
        sizes = f"{row.definition:.1f} | {row.grown:.0f} | {row.peak:.0f} | {row.answer:.2f} | {row.milliseconds:.0f}"
        yield f"| {row.asked.name} | {row.case} | {sizes} | {verdict} |"
