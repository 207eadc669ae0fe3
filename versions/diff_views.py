"""The difference of two versions, or of a version and live. GET only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from catalog.pages import actor_of, page, show
from definitions.compare import Kind, masked, summary
from dolphin.errors import DolphinError
from snapshotter.failures import SyncFailed
from snapshotter.masking import digest
from snapshotter.models import Snapshot
from versions.comparison import CAUSES, Side, compare_sides, schedule_unknown, side
from versions.lineage import lineage_difference
from versions.reach import workflow_of
from versions.sentences import sentences
from versions.tasks_diff import tasks_diff


@page
def diff(request: HttpRequest, key: str) -> HttpResponse:
    """Two versions, or a version and live, side by side."""
    found = workflow_of(request, key)
    names = {name: request.GET.get(name) or default for name, default in (("left", "published"), ("right", "live"))}
    numbers = Snapshot.objects.for_workflow(found).latest_first().values_list("version", flat=True)[:200]
    context: dict[str, Any] = {"workflow": found, "numbers": [str(number) for number in numbers], **names}
    try:
        left, right = side(found, names["left"]), side(found, names["right"])
        context |= _compared(left, right)
        context["lineage"] = lineage_difference(found, left, right, actor_of(request))
    except (DolphinError, SyncFailed, *CAUSES) as error:
        context["problem"] = str(error)
    return show(request, "versions/diff.html", _("Compare %(name)s") % {"name": found.name}, **context)


def _compared(left: Side, right: Side) -> dict[str, Any]:
    comparison = masked(compare_sides(left, right), digest=digest)
    listed = sentences(comparison)
    return {
        "left_side": left,
        "right_side": right,
        "comparison": comparison,
        "counts": summary(comparison),
        "sentences": listed,
        "tasks": tasks_diff(comparison),
        "schedule_unknown": schedule_unknown(left) or schedule_unknown(right),
        "hidden": len(comparison.of(Kind.LAYOUT_CHANGED)),
    }
