"""Changes as sentences, in the reader's language. Letters stand beside colours, so that colour is never needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from definitions.compare import Change, Comparison, Kind

ADDED, REMOVED, MODIFIED, SETTING = "A", "D", "M", "S"

FIELD_NAMES = {
    "name": gettext_lazy("name"),
    "description": gettext_lazy("description"),
    "flag": gettext_lazy("run flag"),
    "taskPriority": gettext_lazy("priority"),
    "workerGroup": gettext_lazy("worker group"),
    "environmentCode": gettext_lazy("environment"),
    "failRetryTimes": gettext_lazy("retries"),
    "failRetryInterval": gettext_lazy("retry interval (minutes)"),
    "timeoutFlag": gettext_lazy("time-out alarm"),
    "timeoutNotifyStrategy": gettext_lazy("time-out action"),
    "timeout": gettext_lazy("time-out (minutes)"),
    "delayTime": gettext_lazy("delay (minutes)"),
    "taskGroupId": gettext_lazy("task group"),
    "taskGroupPriority": gettext_lazy("priority in the task group"),
    "cpuQuota": gettext_lazy("CPU quota"),
    "memoryMax": gettext_lazy("memory limit"),
    "taskExecuteType": gettext_lazy("execution type"),
    "taskType": gettext_lazy("type"),
    "executionType": gettext_lazy("execution of runs"),
    "tenantCode": gettext_lazy("tenant"),
    "crontab": gettext_lazy("cron"),
    "timezoneId": gettext_lazy("time zone"),
    "startTime": gettext_lazy("start"),
    "endTime": gettext_lazy("end"),
    "taskParams.rawScript": gettext_lazy("script"),
    "taskParams.sql": gettext_lazy("SQL"),
    "taskParams.localParams": gettext_lazy("parameters"),
    "taskParams.resourceList": gettext_lazy("resources"),
}
_LONG = 60  # characters a value may have inside a sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """`anchor` is the id of the place on the page that shows more, "" where there is none."""

    mark: str
    text: str
    anchor: str = ""


def sentences(comparison: Comparison, *, with_layout: bool = False) -> list[Sentence]:
    """Return one sentence a change; all changes of one task stand in one."""
    tasks: dict[int, list[Change]] = {}
    for change in comparison.of(Kind.TASK_MODIFIED, Kind.TASK_RENAMED):
        tasks.setdefault(change.task or 0, []).append(change)
    found = [_sentence(change) for change in comparison.changes if change.kind in _ALONE]
    found[len(comparison.of(Kind.LABEL_CHANGED)) : 0] = [_task(code, changes) for code, changes in tasks.items()]
    moved = comparison.of(Kind.LAYOUT_CHANGED)
    if with_layout and moved:
        text = ngettext("%(count)s box moved", "%(count)s boxes moved", len(moved)) % {"count": len(moved)}
        found.append(Sentence(SETTING, text))
    return found


def field_name(field: str) -> str:
    """Return what people call a field."""
    return str(FIELD_NAMES.get(field, field.removeprefix("taskParams.")))


def _task(code: int, changes: Iterable[Change]) -> Sentence:
    changes = list(changes)
    parts = ", ".join(_part(change) for change in changes)
    return Sentence(
        MODIFIED, _("Task %(name)s: %(changes)s") % {"name": changes[0].name, "changes": parts}, f"task-{code}"
    )


def _part(change: Change) -> str:
    name = field_name(change.field)
    if change.kind == Kind.TASK_RENAMED:
        return _("renamed from %(before)s") % {"before": change.before}
    if isinstance(change.before, str) and isinstance(change.after, str) and "\n" in change.before + change.after:
        before, after = change.before.splitlines(), change.after.splitlines()
        gone, come = len(set(before) - set(after)), len(set(after) - set(before))
        return _("%(field)s changed (+%(come)s −%(gone)s)") % {"field": name, "come": come, "gone": gone}
    return _("%(field)s %(before)s → %(after)s") % {
        "field": name,
        "before": _short(change.before),
        "after": _short(change.after),
    }


def _sentence(change: Change) -> Sentence:
    mark, text = _ALONE[change.kind]
    values = {
        "name": change.name or change.field.partition(".")[2] or change.field,
        "field": field_name(change.field),
        "before": _short(change.before),
        "after": _short(change.after),
        "type": (change.after or change.before or {}).get("taskType", "")
        if isinstance(change.after or change.before, dict)
        else "",
        "cron": (change.after or change.before or {}).get("crontab", "")
        if isinstance(change.after or change.before, dict)
        else "",
    }
    anchor = f"task-{change.task}" if change.kind in (Kind.TASK_ADDED, Kind.TASK_REMOVED) else ""
    return Sentence(mark, str(text) % values, anchor)


_ALONE = {
    Kind.LABEL_CHANGED: (MODIFIED, gettext_lazy("Renamed from %(before)s to %(after)s")),
    Kind.SETTING_CHANGED: (SETTING, gettext_lazy("Setting %(field)s: %(before)s → %(after)s")),
    Kind.PARAMETER_ADDED: (ADDED, gettext_lazy("Parameter %(name)s added")),
    Kind.PARAMETER_REMOVED: (REMOVED, gettext_lazy("Parameter %(name)s removed")),
    Kind.PARAMETER_CHANGED: (MODIFIED, gettext_lazy("Parameter %(name)s changed")),
    Kind.TASK_ADDED: (ADDED, gettext_lazy("Task %(name)s added (%(type)s)")),
    Kind.TASK_REMOVED: (REMOVED, gettext_lazy("Task %(name)s removed (%(type)s)")),
    Kind.RELATION_ADDED: (ADDED, gettext_lazy("Dependency %(name)s added")),
    Kind.RELATION_REMOVED: (REMOVED, gettext_lazy("Dependency %(name)s removed")),
    Kind.SCHEDULE_ADDED: (ADDED, gettext_lazy("Schedule added: %(cron)s")),
    Kind.SCHEDULE_REMOVED: (REMOVED, gettext_lazy("Schedule removed: %(cron)s")),
    Kind.SCHEDULE_CHANGED: (MODIFIED, gettext_lazy("Schedule %(field)s: %(before)s → %(after)s")),
}


def _short(value: Any) -> str:
    """Return a value short enough for a sentence."""
    if value is None or value == "":
        return _("none")
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    text = " ".join(str(value).split())
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
