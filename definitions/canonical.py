"""Canonical form, scheme c1: one definition, one sequence of bytes, one hash, whichever release wrote it.

Enters: a Document as read from any flavour. Leaves: its normal form, the bytes of each part and their hashes.
The scheme never changes once released; another scheme gets another name and module.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from definitions import fields, normalise
from definitions.document import Document, Json
from definitions.errors import InvalidDefinition
from definitions.limits import DEFAULT_LIMITS, Limits
from definitions.strict_json import dumps
from definitions.validate import validate

SCHEME: Final = "c1"
_C1_KEYS: Final = frozenset({"scheme", "name", "definitions", "relations", "layout", "schedule"})


@dataclass(frozen=True)
class Canonical:
    """Bytes are canonical JSON; hashes are sha256, 64 hex digits. `schedule_json` is b"null" where there is none."""

    scheme: str
    document: Document
    settings_json: bytes
    task_json: dict[int, bytes]
    relations_json: bytes
    layout_json: bytes
    schedule_json: bytes

    @cached_property
    def definitions_json(self) -> bytes:
        tasks = b",".join(b'"%d":%s' % item for item in self.task_json.items())
        return b'{"settings":%s,"tasks":{%s}}' % (self.settings_json, tasks)

    @cached_property
    def content_hash(self) -> str:
        return _sha256(self.definitions_json + b"\n" + self.relations_json)

    @cached_property
    def label_hash(self) -> str:
        return _sha256(self.document.name.encode())

    @cached_property
    def layout_hash(self) -> str:
        return _sha256(self.layout_json)

    @cached_property
    def schedule_hash(self) -> str:
        return _sha256(self.schedule_json)

    @cached_property
    def fingerprint(self) -> str:
        """Stands for all that one write of a workflow sets: content, name and layout."""
        return fingerprint(self.content_hash, self.label_hash, self.layout_hash)

    @property
    def size(self) -> int:
        return len(self.definitions_json) + len(self.relations_json)


def fingerprint(content_hash: str, label_hash: str, layout_hash: str) -> str:
    """Return what stands for the three together."""
    return _sha256(f"{content_hash} {label_hash} {layout_hash}".encode())


def canonicalise(document: Document, limits: Limits = DEFAULT_LIMITS, *, check: bool = True) -> Canonical:
    """Bring a document to scheme c1. Raises the errors of `definitions.errors`.

    `check` False is for what DolphinScheduler already holds: it takes blank names and loose tasks, so they must be readable.
    """
    normal, relations = _normalised(document)
    if check:
        validate(normal, limits)
    dumps(normal.name)  # refuses what UTF-8 can't hold
    return Canonical(
        scheme=SCHEME,
        document=normal,
        settings_json=dumps(normal.settings),
        task_json={code: dumps(task) for code, task in normal.tasks.items()},
        relations_json=b"[%s]" % b",".join(relations),
        layout_json=dumps({str(code): place for code, place in (normal.layout or {}).items()}),
        schedule_json=dumps(normal.schedule),
    )


def _normalised(document: Document) -> tuple[Document, list[bytes]]:
    """Return the document with one spelling and without defaults, and the bytes of its relations, by which they are ordered."""
    tasks = {
        code: normalise.task(task, path=f"definitions.tasks.{code}") for code, task in sorted(document.tasks.items())
    }
    layout = document.layout or {}
    relations = [normalise.relation(row, path=f"relations.{at}") for at, row in enumerate(document.relations)]
    pairs = [(relation_bytes(relation), relation) for relation in relations]
    pairs.sort(key=lambda pair: pair[0])
    normal = Document(
        name=document.name,
        settings=normalise.settings(document.settings),
        tasks=tasks,
        relations=[relation for _, relation in pairs],
        layout={code: normalise.position(layout[code]) for code in sorted(layout) if code in tasks},
        schedule=normalise.schedule(document.schedule) if document.schedule is not None else None,
    )
    return normal, [data for data, _ in pairs]


def relation_bytes(relation: Json) -> bytes:
    """Return what `dumps` gives, the bytes edges are ordered by, without its cost for the plain edges that nearly all are."""
    post, pre = relation["postTaskCode"], relation["preTaskCode"]
    if len(relation) == 2 and type(post) is int and type(pre) is int:
        return b'{"postTaskCode":%d,"preTaskCode":%d}' % (post, pre)
    return dumps(relation)


def expand(document: Document) -> Document:
    """Put the omitted defaults back: what a writer to DolphinScheduler must send."""
    return Document(
        name=document.name,
        settings={**fields.SETTINGS_DEFAULTS, **document.settings},
        tasks={code: {**fields.TASK_DEFAULTS, **task} for code, task in document.tasks.items()},
        relations=[{**fields.RELATION_DEFAULTS, **relation} for relation in document.relations],
        layout=document.layout,
        schedule=None if document.schedule is None else {**fields.SCHEDULE_DEFAULTS, **document.schedule},
    )


def to_c1(document: Document) -> Json:
    """Return the document as the JSON object that `from_c1` reads."""
    return {
        "scheme": SCHEME,
        "name": document.name,
        "definitions": {
            "settings": document.settings,
            "tasks": {str(code): task for code, task in document.tasks.items()},
        },
        "relations": document.relations,
        "layout": None if document.layout is None else {str(code): place for code, place in document.layout.items()},
        "schedule": document.schedule,
    }


def from_c1(value: Json) -> Document:
    """Read a body in c1 form. Unknown keys are refused by name. Raises InvalidDefinition."""
    unknown = sorted(set(value) - _C1_KEYS)
    if unknown:
        raise InvalidDefinition(f"unknown key {unknown[0][:100]!r}; c1 has {', '.join(sorted(_C1_KEYS))}")
    if value.get("scheme") != SCHEME:
        raise InvalidDefinition(f"scheme must be {SCHEME!r}", path="scheme")
    definitions = _object(value.get("definitions"), "definitions")
    relations = value.get("relations")
    if not isinstance(relations, list):
        raise InvalidDefinition("must be a list", path="relations")
    layout = value.get("layout")
    return Document(
        name=value.get("name", ""),
        settings=_object(definitions.get("settings", {}), "definitions.settings"),
        tasks=_by_code(definitions.get("tasks"), "definitions.tasks"),
        relations=[_object(relation, f"relations.{number}") for number, relation in enumerate(relations)],
        layout=None if layout is None else _by_code(layout, "layout"),
        schedule=None if value.get("schedule") is None else _object(value["schedule"], "schedule"),
    )


def _by_code(value: Any, path: str) -> dict[int, Json]:
    by_code: dict[int, Json] = {}
    for key, item in _object(value, path).items():
        if not key.isascii() or not key.isdigit() or len(key) > 19 or key != str(int(key)):
            raise InvalidDefinition(f"{key[:40]!r} is no task code", path=path)
        by_code[int(key)] = _object(item, f"{path}.{key}")
    return by_code


def _object(value: Any, path: str) -> Json:
    if not isinstance(value, dict):
        raise InvalidDefinition("must be a JSON object", path=path)
    return value


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
