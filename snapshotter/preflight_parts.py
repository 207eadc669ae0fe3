"""What preflight looks at, and what it says."""

from dataclasses import dataclass, field
from typing import Any, Final

from definitions.canonical import expand
from definitions.document import Document
from definitions.secrets import mask_text
from definitions.strict_json import dumps
from dolphin.observe import Observation
from snapshotter.choices import ScheduleChoice
from snapshotter.models import Sync
from snapshotter.preflight_words import english
from snapshotter.store import document_of

Json = dict[str, Any]
_SHORT: Final = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is stable (docs/errors.md) and has its words in preflight_words; `values` fill them. A warning does not block."""

    code: str
    values: dict[str, str | int] = field(default_factory=dict)
    is_blocking: bool = True

    @property
    def text(self) -> str:
        return english(self.code, self.values)

    def as_json(self) -> Json:
        return {"code": self.code, "text": mask_text(self.text), "values": self.values}


@dataclass(frozen=True, slots=True)
class Change:
    """What a publish brings that is not live: `tasks` that are new or differ, as written JSON beside; settings that differ.

    `schedule` None: no schedule is written. `is_new`: the workflow is created.
    """

    wanted: Document
    tasks: dict[int, Json]
    texts: dict[int, bytes]
    settings: Json
    is_new: bool
    is_renamed: bool
    layout_differs: bool
    schedule: Json | None
    kept_schedule: Json | None
    code: int | None

    def name_of(self, task: int) -> str:
        return str(self.wanted.tasks[task].get("name", task))[:_SHORT]


def change_of(sync: Sync, live: Observation) -> Change:
    snapshot = sync.snapshot
    assert snapshot is not None  # noqa: S101  a publish has its draft from the start
    wanted = document_of(snapshot)
    shown = live.canonical.document if live.canonical else None
    held = shown.tasks if shown else {}
    differ = {code: task for code, task in wanted.tasks.items() if held.get(code) != task}
    return Change(
        wanted=wanted,
        tasks=differ,
        texts={code: dumps(task) for code, task in differ.items()},
        settings=_settings(wanted, shown),
        is_new=shown is None,
        is_renamed=shown is None or shown.name != wanted.name,
        layout_differs=shown is None or shown.layout != wanted.layout,
        schedule=_written(sync, wanted, shown),
        kept_schedule=shown.schedule if shown else None,
        code=live.state.code,
    )


def _settings(wanted: Document, shown: Document | None) -> Json:
    """Return the settings that differ, defaults put back."""
    full = expand(wanted).settings
    before = expand(shown).settings if shown else {}
    return {key: value for key, value in full.items() if key not in before or before[key] != value}


def _written(sync: Sync, wanted: Document, shown: Document | None) -> Json | None:
    """Return the schedule that will be written, None where the live one stays."""
    live = shown.schedule if shown else None
    if sync.schedule == ScheduleChoice.FROM_DEFINITION or live is None:
        return wanted.schedule if wanted.schedule != live else None
    return None
