"""What was found, in words: a verdict in a sentence, and what else differs than the definition."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from drift.choices import Kind
from drift.models import DriftItem
from snapshotter.choices import LiveState

_NAMES: Final = {str(kind): kind.label for kind in Kind}
# The worst thing found says it; the order is that of the kinds.
_VERDICTS: Final[dict[str, Promise]] = {
    Kind.DELETED: gettext_lazy(
        "It was deleted in DolphinScheduler. Its versions are kept here, and it can be restored."
    ),
    Kind.RECREATED: gettext_lazy(
        "It was deleted in DolphinScheduler, and somebody made another workflow of its name. Restore it, or bind its key to that one."
    ),
    Kind.MOVED: gettext_lazy("It was moved to another project in DolphinScheduler. Bind its key anew there."),
    Kind.CORRUPT: gettext_lazy(
        "DolphinScheduler has corrupted it: no update of it works any more. Putting the published version back repairs it."
    ),
    Kind.QUARANTINED_LIVE: gettext_lazy(
        "A content that is in quarantine is live: somebody brought it back in DolphinScheduler."
    ),
    Kind.WORKFLOW_OFF: gettext_lazy("It was taken offline in DolphinScheduler: nothing runs by itself any more."),
    Kind.SCHEDULE_OFF: gettext_lazy("Its schedule was taken off in DolphinScheduler: nothing runs by itself any more."),
    Kind.WORKFLOW_ON: gettext_lazy("It was put online in DolphinScheduler, where we left it offline."),
    Kind.SCHEDULE_ON: gettext_lazy("Its schedule was put on in DolphinScheduler, where we left it off."),
    Kind.VERSION_SWITCHED: gettext_lazy(
        "DolphinScheduler was switched to an older version of it than the published one."
    ),
    Kind.CONTENT: gettext_lazy("Its definition was changed in DolphinScheduler: what runs is not what was published."),
    Kind.SCHEDULE: gettext_lazy("Its schedule was changed in DolphinScheduler."),
    Kind.RENAMED: gettext_lazy("It was renamed in DolphinScheduler; what runs is what was published."),
    Kind.LAYOUT: gettext_lazy("Boxes were moved in DolphinScheduler; what runs is what was published."),
}


def kind_names(item: DriftItem) -> list[str]:
    """Return what differs, as short words."""
    return [str(_NAMES.get(kind, kind)) for kind in item.kinds]


def verdict(item: DriftItem) -> str:
    """Return the worst that was found as a sentence, and that a save is behind it where one is."""
    worst = next((kind for kind in item.kinds if kind in _VERDICTS), None)
    said = str(_VERDICTS[worst]) if worst is not None else _("It is not as it was published.")
    if item.live_state == LiveState.NEWER and worst not in (Kind.CONTENT, Kind.QUARANTINED_LIVE):
        said += " " + _("And its definition was saved there since.")
    return said


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the evidence: `left` the published side, `right` what was found; "" where a side says nothing."""

    name: str
    left: str
    right: str
    differs: bool = False


def evidence_rows(item: DriftItem) -> list[Row]:
    """Return both sides, line by line; of name, positions and schedule only what differs."""
    left, right = (item.evidence.get(name) or {} for name in ("published", "live"))
    hashes = [
        _row(_("Name"), left, right, "label_hash", _short),
        _row(_("Positions"), left, right, "layout_hash", _short),
        _row(_("Schedule's content"), left, right, "schedule_hash", _short),
    ]
    rows = [
        _row(_("Workflow"), left, right, "online", _online),
        _row(_("Schedule"), left, right, "schedule_online", _on),
        _row(_("DolphinScheduler version"), left, right, "dolphin_version", _plain),
        _row(_("Content"), left, right, "content_hash", _short),
        *(row for row in hashes if row.differs),
    ]
    code = right.get("code")
    rows.append(Row(_("Code in DolphinScheduler"), "", str(code) if code else ""))
    return [row for row in rows if row.left or row.right]


def problems_of(item: DriftItem) -> list[str]:
    """Return what is corrupt, in English as it was found."""
    return [str(problem) for problem in item.evidence.get("problems") or []]


def _row(name: str, left: dict[str, Any], right: dict[str, Any], key: str, said: Any) -> Row:
    one, two = left.get(key), right.get(key)
    differs = key in left and key in right and one != two
    return Row(name, said(one) if key in left else "", said(two) if key in right else "", differs)


def _online(value: Any) -> str:
    return _("not known") if value is None else _("online") if value else _("offline")


def _on(value: Any) -> str:
    return _("none") if value is None else _("on") if value else _("off")


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _short(value: Any) -> str:
    return str(value or "")[:8]
