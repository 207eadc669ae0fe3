"""How a rollback ended, piece by piece: what was asked for, what was live before, and what is live now. Reads only.

Pieces are the tasks, dependencies and settings, name and positions, the schedule, and whether workflow and schedule are on. Content is
told by its hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from definitions.canonical import Canonical
from dolphin.plan import State
from rollback.choices import Act
from rollback.models import RollbackRequest
from rollback.proposal import UNREADABLE
from snapshotter.masking import masked_value
from snapshotter.models import Snapshot
from snapshotter.store import StoredContent, document_of, get_content, sha256
from snapshotter.target import from_json
from versions.live import Live, live_of

LISTED: Final = 200  # pieces that differ


@dataclass(frozen=True, slots=True)
class Piece:
    """Hashes, or on and off in words; "" where a side has no such piece. `is_as`: asked, before, both or neither."""

    name: str
    asked: str
    before: str
    live: str
    is_as: str


@dataclass(frozen=True, slots=True)
class Proof:
    """`pieces` are those that are not the same on all sides; `same` counts the others; `problem` why live can't be told.

    `asked` and `live` are content hashes; `is_equal` speaks of every piece.
    """

    asked: str
    live: str = ""
    pieces: tuple[Piece, ...] = ()
    same: int = 0
    left_out: int = 0
    is_equal: bool = False
    problem: str = ""


def proof_of(request: RollbackRequest) -> Proof:
    """Hold the pieces of what was asked for, of what was before and of what is live now against each other."""
    asked = request.sync.snapshot if request.sync and request.sync.snapshot else request.target
    try:
        return _proof(request, asked, live_of(request.workflow))
    except UNREADABLE as error:
        return Proof(asked.content_hash, problem=str(error))


def _proof(request: RollbackRequest, asked: Snapshot, shown_live: Live) -> Proof:
    base, live = request.base, shown_live.canonical
    wanted, shown = _stored(asked), _live(live)
    former = _stored(base) if base is not None else {}
    names = _names(asked, base, live)
    if (
        asked.pk != request.target_id or request.act == Act.PUT_BACK
    ):  # its own draft has the name and positions as they were chosen
        wanted |= _dress(asked.label_hash, asked.layout_hash)
        former |= _dress(base.label_hash, base.layout_hash) if base is not None else {}
        shown |= _dress(live.label_hash, live.layout_hash)
        names |= {"name": _("name"), "layout": _("layout")}
    if (
        request.sync is not None and request.sync.after is not None
    ):  # else nothing was begun: what "kept" means was not told yet
        wanted |= _states(from_json(request.sync.after).state)
        former |= _states(from_json(request.sync.before).state)
        shown |= _live_states(shown_live)
        names |= {"schedule": _("schedule"), "online": _("workflow on or off"), "schedule_on": _("schedule on or off")}
    found = [_piece(names.get(key, key), wanted.get(key, ""), former.get(key, ""), shown.get(key, "")) for key in names]
    unlike = [row for row in found if not row.asked == row.before == row.live]
    pieces = tuple(unlike[:LISTED])
    return Proof(
        asked.content_hash,
        live.content_hash,
        pieces,
        same=len(found) - len(unlike),
        left_out=len(unlike) - len(pieces),
        is_equal=all(row.asked == row.live for row in found),
    )


def _piece(name: str, asked: str, before: str, live: str) -> Piece:
    as_asked, as_before = live == asked, live == before
    is_as = "both" if as_asked and as_before else "asked" if as_asked else "before" if as_before else "neither"
    return Piece(name, asked, before, live, is_as)


def _stored(snapshot: Snapshot) -> dict[str, str]:
    content: StoredContent = get_content(snapshot.content_hash)
    return _hashes(content.settings_json, content.relations_json, content.tasks)


def _live(live: Canonical) -> dict[str, str]:
    return _hashes(live.settings_json, live.relations_json, live.task_json)


def _dress(label: str, layout: str) -> dict[str, str]:
    return {"name": label, "layout": layout}


def _states(state: State) -> dict[str, str]:
    if state.code is None and state.fingerprint is None:
        return {}  # it was gone
    plan = state.schedule
    return _switches(state.online, plan.fingerprint if plan else "", plan.online if plan else None)


def _live_states(live: Live) -> dict[str, str]:
    has_schedule = live.canonical.document.schedule is not None
    return _switches(live.online, live.canonical.schedule_hash if has_schedule else "", live.schedule_online)


def _switches(online: bool, schedule: str, schedule_on: bool | None) -> dict[str, str]:
    return {
        "online": _("Online") if online else _("Offline"),
        "schedule": schedule,
        "schedule_on": "" if schedule_on is None else _("on") if schedule_on else _("off"),
    }


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
