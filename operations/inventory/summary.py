"""An inventory in figures."""

from collections import Counter
from dataclasses import dataclass

from operations.choices import Level
from operations.inventory.risk_words import LEVELS, titles
from operations.models import InventoryRow, OperationRun


@dataclass(frozen=True, slots=True)
class Summary:
    """`risks` are (code, text, level, number of workflows), gravest and most frequent first."""

    workflows: int
    online: int
    scheduled: int
    covered: int
    temporary: int
    tasks: int
    blocked: int
    risks: list[tuple[str, str, Level, int]]

    @property
    def percent(self) -> int:
        """Coverage of what is not temporary, rounded down: 100 means all."""
        wanted = self.workflows - self.temporary
        return self.covered * 100 // wanted if wanted else 0


def summarise(run: OperationRun) -> Summary:
    """Count in one query."""
    columns = ("exists", "online", "schedule_online", "snapshots", "temporary", "task_count", "level", "risks")
    rows = list(InventoryRow.objects.filter(item__run=run).values_list(*columns, named=True))
    names = dict(titles())
    found = Counter(risk["code"] for row in rows for risk in row.risks)
    risks = [(code, names[code], LEVELS[code], count) for code, count in found.items()]
    return Summary(
        workflows=len(rows),
        online=sum(row.online is True for row in rows),
        scheduled=sum(row.schedule_online is True for row in rows),
        covered=sum(row.snapshots > 0 for row in rows),
        temporary=sum(row.temporary for row in rows),
        tasks=sum(row.task_count or 0 for row in rows),
        blocked=sum(row.level == Level.BLOCKS for row in rows),
        risks=sorted(risks, key=lambda risk: (-risk[2], -risk[3])),
    )
