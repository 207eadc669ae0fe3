"""The difference of two versions, or of a version and live: tabs that are links, so that every view of it has an address. GET only."""

from dataclasses import dataclass
from typing import Any, Final, Self

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.errors import NotFound
from catalog.models import Workflow
from catalog.pages import actor_of, page, show
from catalog.say import say
from definitions.changes import SCHEDULE_KINDS
from definitions.compare import Comparison, Kind, masked
from definitions.noise import split
from dolphin.errors import DolphinError
from snapshotter.failures import SyncFailed
from snapshotter.masking import digest
from versions.changed_parts import changed_tasks, of_tasks, other_than_tasks
from versions.comparison import CAUSES, Side, compare_sides, compare_whole, schedule_unknown, sides
from versions.exports.export import export
from versions.graph.graph import graphs_of
from versions.lineage.difference import lineage_difference
from versions.pickers import Choice, choices, presets
from versions.reach import workflow_of
from versions.settings_diff import schedules, setting_rows
from versions.slices import Slice, slice_of
from versions.slots import acts_of
from versions.tasks_diff import tasks_diff
from versions.told import told
from versions.wording.edges import edges
from versions.wording.moved_boxes import moved_boxes
from versions.wording.names import changed_names, names_for

TABS: Final[dict[str, Promise]] = {
    "summary": gettext_lazy("Summary"),
    "graph": gettext_lazy("Graph"),
    "tasks": gettext_lazy("Tasks"),
    "settings": gettext_lazy("Settings and schedule"),
    "lineage": gettext_lazy("Lineage"),
}
FORMATS: Final[dict[str, Promise]] = {
    "markdown": gettext_lazy("Markdown"),
    "json": gettext_lazy("JSON: typed changes"),
    "jsondiff": gettext_lazy("JSON: jsondiff, symmetric"),
    "unified": gettext_lazy("Text: unified diff"),
}
TASKS: Final = 50  # changed tasks a page


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it doesn't know is as if it were not there."""

    workflow: Workflow
    left: str
    right: str
    tab: str
    unified: bool
    with_layout: bool

    @classmethod
    def of(cls, request: HttpRequest, workflow: Workflow) -> Self:
        get = request.GET.get
        tab = get("tab", "")
        return cls(
            workflow,
            get("left") or "published",
            get("right") or "live",
            tab if tab in TABS else "summary",
            get("mode") == "unified",
            get("layout") == "1",
        )


@page
def diff(request: HttpRequest, key: str) -> HttpResponse:
    """Two versions, or a version and live, side by side."""
    found = workflow_of(request, key)
    asked = Asked.of(request, found)
    offered = choices(found, asked.left, asked.right)
    context: dict[str, Any] = {"workflow": found, "asked": asked, "choices": offered, "formats": FORMATS.items()}
    try:
        context |= _compared(request, asked, offered)
    except (DolphinError, SyncFailed, *CAUSES) as error:
        context["problem"] = str(error)
    except NotFound as error:
        if not _of_live(error):
            raise
        context |= {"problem": str(error), "is_gone": found.workflow_code is not None}
    return show(request, "versions/diff.html", _("Compare %(name)s") % {"name": found.name}, **context)


@page
def download(request: HttpRequest, key: str) -> HttpResponse:
    """The difference as a file, secrets masked; where it can't be made now, the reason as text, which nothing takes for a difference."""
    found = workflow_of(request, key)
    asked = Asked.of(request, found)
    try:
        left, right = sides(found, asked.left, asked.right)
        comparison = compare_sides(left, right)
        file = export(left, right, comparison, request.GET.get("format", "json"), with_layout=asked.with_layout)
    except (DolphinError, SyncFailed, NotFound, *CAUSES) as error:
        if isinstance(error, NotFound) and not _of_live(error):
            raise
        return HttpResponse(say(str(error)), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(file.body, content_type=file.content_type, headers={"Content-Disposition": file.disposition})


def _of_live(error: NotFound) -> bool:
    """Whether it is DolphinScheduler that does not have the workflow: that is a finding to show, not a wrong address."""
    return error.extra.get("version") == "live"


def _compared(request: HttpRequest, asked: Asked, offered: list[Choice]) -> dict[str, Any]:
    left, right = sides(asked.workflow, asked.left, asked.right)
    # The graph needs both whole: comparing them is then cheaper than by their pieces.
    comparison = (compare_whole if asked.tab == "graph" else compare_sides)(left, right)
    shown, hidden = split(comparison, with_layout=asked.with_layout)
    counts = _counts(shown)
    return {
        "left_side": left,
        "right_side": right,
        "presets": presets(offered, left.snapshot, right.snapshot),
        "is_identical": comparison.is_identical,
        "hidden": len(hidden.changes),
        "moved": len(comparison.of(Kind.LAYOUT_CHANGED)),
        "total": counts["summary"],
        "tabs": [(name, label, counts.get(name)) for name, label in TABS.items()],
        "gone_off": _gone_off(asked.workflow, left, right),
        "buttons": _buttons(request, asked.workflow, left, right),
        "schedule_unknown": schedule_unknown(left) or schedule_unknown(right),
        **_BUILD[asked.tab](request, left, right, shown, asked),
    }


def _gone_off(workflow: Workflow, left: Side, right: Side) -> list[str]:
    """Name what was left on and is off in DolphinScheduler now, where a side is live."""
    live = left.live or right.live
    return workflow.state.gone_off(online=live.online, schedule_online=live.schedule_online) if live else []


def _buttons(request: HttpRequest, workflow: Workflow, left: Side, right: Side) -> list[str]:
    """Return what apps above offer for the older side."""
    versions = [side.snapshot for side in (left, right) if side.snapshot is not None]
    older = min(versions, key=lambda version: version.version, default=None)
    return acts_of(workflow, actor_of(request), older)[older.pk] if older is not None else []


def _counts(comparison: Comparison) -> dict[str, int]:
    """Return what each tab tells, as people count: a task once, every other change once, moved boxes together."""
    tasks, relations = len(changed_tasks(comparison)), len(edges(comparison))
    settings = len(other_than_tasks(comparison).changes)
    every = tasks + relations + settings + bool(moved_boxes(comparison))
    return {"summary": every, "graph": tasks + relations, "tasks": tasks, "settings": settings}


def _summary(request: HttpRequest, _left: Side, right: Side, comparison: Comparison, asked: Asked) -> dict[str, Any]:
    said = told(comparison, lambda: right.document, reader=actor_of(request), with_layout=asked.with_layout)
    return {
        "sentences": said.sentences,
        "tasks_left_out": said.tasks_left_out,
        "others_left_out": said.others_left_out,
    }


def _tasks(request: HttpRequest, _left: Side, right: Side, comparison: Comparison, asked: Asked) -> dict[str, Any]:
    part: Slice = slice_of(request, changed_tasks(comparison), TASKS)
    shown = of_tasks(comparison, part.items)
    here = right.document.tasks
    types = {code: str(here[code].get("taskType", "")) for code in part.items if code in here}
    only = int(request.GET["task"]) if request.GET.get("only") and part.holds(request.GET.get("task", "")) else None
    names = changed_names(shown) | names_for(shown, right.document, reader=actor_of(request))
    tasks = tasks_diff(masked(shown, digest=digest), unified=asked.unified, names=names, types=types, only=only)
    return {"part": part, "tasks": tasks, "only": only}


def _settings(_request: HttpRequest, left: Side, right: Side, comparison: Comparison, _asked: Asked) -> dict[str, Any]:
    rows = setting_rows(masked(other_than_tasks(comparison), digest=digest))
    unknown = {"left_unknown": schedule_unknown(left), "right_unknown": schedule_unknown(right)}
    has_moved = bool(comparison.of(*SCHEDULE_KINDS)) or schedule_unknown(left) != schedule_unknown(right)
    both = schedules(left.schedule, right.schedule if has_moved else left.schedule)
    return {"rows": rows, "schedules": both, **unknown}


def _graph(request: HttpRequest, left: Side, right: Side, comparison: Comparison, _asked: Asked) -> dict[str, Any]:
    whole = request.GET.get("graph") == "all"
    before, after = graphs_of(left.document, right.document, comparison, whole=whole)
    return {"before": before, "after": after, "whole": whole}


def _lineage(request: HttpRequest, left: Side, right: Side, comparison: Comparison, asked: Asked) -> dict[str, Any]:
    names = changed_names(comparison)
    return {"lineage": lineage_difference(asked.workflow, left, right, actor_of(request), names=names)}


_BUILD: Final = {
    "summary": _summary,
    "graph": _graph,
    "tasks": _tasks,
    "settings": _settings,
    "lineage": _lineage,
}
