"""The tasks of one version, ready for the page: each a card with its script apart, secrets masked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from definitions.document import Document, Json
from definitions.fields import TASK_DEFAULTS
from definitions.strict_json import dumps
from snapshotter.masking import masked_value
from versions.scripts.colours import Share, coloured
from versions.scripts.line_pieces import Line
from versions.wording.sentences import field_name
from versions.wording.values import shown

LINES: Final = 400  # of a script; the rest is in the download
_SCRIPTS: Final = ("rawScript", "sql")


@dataclass(frozen=True, slots=True)
class TaskCard:
    """`lines` are the script's first ones in colours, `more_lines` says how many are left out; `params` and `fields` are what else it says.

    `defaults` are the fields that are as DolphinScheduler makes them.
    """

    code: int
    name: str
    type: str
    script_name: str
    script_label: str
    lines: list[Line]
    more_lines: int
    params: str
    fields: list[tuple[str, str]]
    defaults: list[tuple[str, str]]


def task_cards(document: Document, codes: Iterable[int]) -> list[TaskCard]:
    """Return the cards of these tasks."""
    share = Share()
    return [_card(code, masked_value(document.tasks[code]), share) for code in codes]


def tasks_with(document: Document, needle: str) -> list[int]:
    """Return the codes of the tasks whose name, code or masked definition holds the text, case ignored; all for "".

    Only what a reader is shown is searched: a guess at a secret finds nothing.
    """
    wanted = needle.casefold()
    return [code for code, task in document.tasks.items() if not wanted or wanted in _searched(code, task)]


def task_file(document: Document, code: int) -> Json:
    """Return one whole task for a download, secrets masked."""
    masked: Json = masked_value({"code": code, **document.tasks[code]})
    return masked


def _searched(code: int, task: Json) -> str:
    shown = masked_value(task)
    texts = [str(value) for value in (shown.get("taskParams") or {}).values() if isinstance(value, str)]
    return "\n".join([str(code), *texts, dumps(shown).decode()]).casefold()


def _card(code: int, task: Json, share: Share) -> TaskCard:
    fields = dict(task)
    params = dict(fields.pop("taskParams", None) or {})
    name = next((key for key in _SCRIPTS if isinstance(params.get(key), str) and params[key]), "")
    lines = params.pop(name, "").split("\n") if name else []
    script = "\n".join(lines[:LINES])
    task_type = str(fields.pop("taskType", ""))
    return TaskCard(
        code,
        str(fields.pop("name", "")),
        task_type,
        name,
        field_name(f"taskParams.{name}"),
        coloured(script, task_type, f"taskParams.{name}", share=share),
        max(0, len(lines) - LINES),
        json.dumps(params, ensure_ascii=False, indent=2),
        [(field_name(key), shown(key, value)) for key, value in fields.items()],
        [(field_name(key), shown(key, value)) for key, value in TASK_DEFAULTS.items() if key not in task],
    )
