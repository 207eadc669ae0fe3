"""How a rollback ended, piece by piece: what was asked for, what was live before, and what is live now, by hash. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from definitions.canonical import Canonical
from rollback.models import RollbackRequest
from rollback.proposal import UNREADABLE
from snapshotter.masking import masked_value
from snapshotter.models import Snapshot
from snapshotter.store import StoredContent, document_of, get_content, sha256
from versions.live import live_of

LISTED: Final = 200  # pieces that differ


@dataclass(frozen=True, slots=True)
class Piece:
    """Hashes, "" where a side has no such task. `is_as`: asked, before, both or neither."""

    name: str
    asked: str
    before: str
    live: str
    is_as: str


@dataclass(frozen=True, slots=True)
class Proof:
    """`pieces` are those that are not the same on all sides; `same` counts the others; `problem` why live can't be told."""

    asked: str
    live: str = ""
    pieces: tuple[Piece, ...] = ()
    same: int = 0
    left_out: int = 0
    problem: str = ""

    @property
    def is_equal(self) -> bool:
        return bool(self.live) and self.asked == self.live


def proof_of(request: RollbackRequest) -> Proof:
    """Hold the pieces of what was asked for, of what was before and of what is live now against each other."""
    asked = request.sync.snapshot if request.sync and request.sync.snapshot else request.target
    try:
        live = live_of(request.workflow).canonical
        return _proof(asked, request.base, live)
    except UNREADABLE as error:
        return Proof(asked.content_hash, problem=str(error))


def _proof(asked: Snapshot, base: Snapshot | None, live: Canonical) -> Proof:
    wanted, shown = _stored(asked), _live(live)
    former = _stored(base) if base is not None else {}
    names = _names(asked, base, live)
    found = [_piece(names.get(key, key), wanted.get(key, ""), former.get(key, ""), shown.get(key, "")) for key in names]
    unlike = [row for row in found if not row.asked == row.before == row.live]
    pieces = tuple(unlike[:LISTED])
    return Proof(asked.content_hash, live.content_hash, pieces, len(found) - len(unlike), len(unlike) - len(pieces))


def _piece(name: str, asked: str, before: str, live: str) -> Piece:
    as_asked, as_before = live == asked, live == before
    is_as = "both" if as_asked and as_before else "asked" if as_asked else "before" if as_before else "neither"
    return Piece(name, asked, before, live, is_as)


def _stored(snapshot: Snapshot) -> dict[str, str]:
    content: StoredContent = get_content(snapshot.content_hash)
    return _hashes(content.settings_json, content.relations_json, content.tasks)


def _live(live: Canonical) -> dict[str, str]:
    return _hashes(live.settings_json, live.relations_json, live.task_json)


def _hashes(settings: bytes, relations: bytes, tasks: Mapping[int, bytes]) -> dict[str, str]:
    return {
        "settings": sha256(settings),
        "relations": sha256(relations),
        **{str(code): sha256(task) for code, task in tasks.items()},
    }


def _names(asked: Snapshot, base: Snapshot | None, live: Canonical) -> dict[str, str]:
    """Return {key: name} of all pieces of all sides; the asked version's name of a task where it has one."""
    names = {"settings": _("settings"), "relations": _("dependencies")}
    documents = [live.document, *([document_of(base)] if base else []), document_of(asked)]
    for document in documents:
        names |= {str(code): masked_value(str(task.get("name", ""))) for code, task in document.tasks.items()}
    return names
