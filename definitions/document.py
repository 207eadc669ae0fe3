"""A workflow definition in the product's own neutral shape."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """One workflow definition, spelled as the newest DolphinScheduler does (SUB_WORKFLOW, workflowDefinitionCode).

    `tasks` and `layout` ({"x": .., "y": ..}) by task code; `relations` as DolphinScheduler's edges, preTaskCode 0 at the roots.
    `layout` None: not stated. `schedule` None: there is none.
    """

    name: str
    settings: Json
    tasks: dict[int, Json]
    relations: list[Json]
    layout: dict[int, Json] | None = None
    schedule: Json | None = None
