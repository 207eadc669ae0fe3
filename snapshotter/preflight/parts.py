"""What preflight looks at, and what it says."""

import json
from dataclasses import dataclass, field, replace
from typing import Any, Final

from definitions.canonical import Canonical, expand
from definitions.document import Document
from definitions.recode import NO_ALIASES, Aliases
from definitions.secrets import mask_text
from definitions.strict_json import dumps
from dolphin.observe import Observation
from snapshotter.choices import ScheduleChoice
from snapshotter.models import Snapshot, Sync
from snapshotter.preflight.words import english
from snapshotter.store import document_of, get_blob, unlike

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
    """What a publish brings that is not live: `tasks` that are new or differ, their canonical JSON beside; settings that differ.

    `wanted` is whole only where nothing comparable is live. `is_new`: the workflow is created. `schedule` None: no schedule is written.
    `aliases`: what a workflow that was made anew names itself by.
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
    aliases: Aliases = NO_ALIASES

    def name_of(self, task: int) -> str:
        return str(self.wanted.tasks[task].get("name", task))[:_SHORT]


def change_of(sync: Sync, live: Observation, aliases: Aliases) -> Change:
    assert sync.snapshot is not None  # noqa: S101  a publish has its draft from the start
    found = change_between(sync.snapshot, live.canonical, live.state.code, schedule=sync.schedule)
    return replace(found, aliases=aliases)


def change_between(snapshot: Snapshot, shown: Canonical | None, code: int | None, *, schedule: str) -> Change:
    """Return what bringing live (`shown`, known by its code) to a snapshot changes; `schedule` is a ScheduleChoice."""
    if shown is None:  # not there, or not readable: then all of it is looked at
        return _whole(document_of(snapshot), code, schedule)
    settings_json, texts = unlike(snapshot.content_hash, shown)
    settings = {} if settings_json is None else json.loads(settings_json)
    layout_differs = snapshot.layout_hash != shown.layout_hash
    wanted = Document(
        name=snapshot.label,
        settings=settings,
        tasks={code: json.loads(text) for code, text in texts.items()},
        relations=[],
        layout=_layout(snapshot) if layout_differs else None,
    )
    kept = shown.document.schedule
    return Change(
        wanted=wanted,
        tasks=wanted.tasks,
        texts=texts,
        settings={} if settings_json is None else _differing(wanted, shown.document),
        is_new=False,
        is_renamed=snapshot.label_hash != shown.label_hash,
        layout_differs=layout_differs,
        schedule=_written(snapshot, shown, schedule),
        kept_schedule=kept,
        code=code,
    )


def _whole(wanted: Document, code: int | None, schedule: str) -> Change:
    is_new = code is None
    return Change(
        wanted=wanted,
        tasks=wanted.tasks,
        texts={task: dumps(row) for task, row in wanted.tasks.items()},
        settings=expand(wanted).settings,
        is_new=is_new,
        is_renamed=True,
        layout_differs=True,
        schedule=wanted.schedule if is_new or schedule == ScheduleChoice.FROM_DEFINITION else None,
        kept_schedule=None,
        code=code,
    )


def _differing(wanted: Document, shown: Document) -> Json:
    """Return the settings that differ, defaults put back."""
    before = expand(replace(shown, tasks={}, relations=[])).settings
    return {key: value for key, value in expand(wanted).settings.items() if before.get(key) != value}


def _layout(snapshot: Snapshot) -> dict[int, Json]:
    layout: Json = json.loads(get_blob(snapshot.layout_id)) or {}
    return {int(code): place for code, place in layout.items()}


def _written(snapshot: Snapshot, shown: Canonical, choice: str) -> Json | None:
    """Return the schedule that will be written, None where the live one stays."""
    stays = choice != ScheduleChoice.FROM_DEFINITION and shown.document.schedule is not None
    if stays or snapshot.schedule_id is None or snapshot.schedule_hash == shown.schedule_hash:
        return None
    schedule: Json | None = json.loads(get_blob(snapshot.schedule_id))
    return schedule
