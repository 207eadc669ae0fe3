"""Values as people read them: DolphinScheduler's constants in the words of its pages, durations with units, codes by name where known."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from definitions.compare import Change, same
from definitions.strict_json import dumps
from versions.wording.plain_text import LONG, cut, cut_pair, one_line

Names = Mapping[int, str]  # of tasks, workflows, environments and projects, by code
NO_NAMES: Final[Names] = {}

_PRIORITIES: Final = {
    "HIGHEST": gettext_lazy("highest"),
    "HIGH": gettext_lazy("high"),
    "MEDIUM": gettext_lazy("medium"),
    "LOW": gettext_lazy("low"),
    "LOWEST": gettext_lazy("lowest"),
}
_YES_NO: Final = {"YES": gettext_lazy("yes"), "NO": gettext_lazy("no")}
WORDS: Final = {
    "flag": {"YES": gettext_lazy("runs"), "NO": gettext_lazy("disabled")},
    "isCache": _YES_NO,
    "taskPriority": _PRIORITIES,
    "workflowInstancePriority": _PRIORITIES,
    "timeoutFlag": {"OPEN": gettext_lazy("on"), "CLOSE": gettext_lazy("off")},
    "timeoutNotifyStrategy": {
        "WARN": gettext_lazy("alert"),
        "FAILED": gettext_lazy("fail"),
        "WARNFAILED": gettext_lazy("alert and fail"),
    },
    "executionType": {
        "PARALLEL": gettext_lazy("parallel"),
        "SERIAL_WAIT": gettext_lazy("serial, wait"),
        "SERIAL_DISCARD": gettext_lazy("serial, discard"),
        "SERIAL_PRIORITY": gettext_lazy("serial, newest first"),
    },
    "taskExecuteType": {"BATCH": gettext_lazy("batch"), "STREAM": gettext_lazy("stream")},
    "failureStrategy": {"CONTINUE": gettext_lazy("continue"), "END": gettext_lazy("end the run")},
    "warningType": {
        "NONE": gettext_lazy("never"),
        "SUCCESS": gettext_lazy("on success"),
        "FAILURE": gettext_lazy("on failure"),
        "ALL": gettext_lazy("always"),
    },
    "missedFirePolicy": {
        "FIRE_ALL_MISSED": gettext_lazy("start all"),
        "FIRE_ONCE_NOW": gettext_lazy("start once"),
        "SKIP_MISSED": gettext_lazy("skip"),
    },
    "taskParams.sqlType": {"0": gettext_lazy("query"), "1": gettext_lazy("not a query")},
    "taskParams.dependence.relation": {
        "AND": pgettext_lazy("joins conditions", "AND"),
        "OR": pgettext_lazy("joins conditions", "OR"),
    },
}
_MINUTES: Final = frozenset({"timeout", "failRetryInterval", "delayTime"})
_MILLISECONDS: Final = frozenset({"taskParams.connectTimeout", "taskParams.socketTimeout"})
# Numbers that say "nothing is set".
_NOTHING: Final = {
    **{"timeout": 0, "taskGroupId": 0, "delayTime": 0},
    **{"environmentCode": -1, "cpuQuota": -1, "memoryMax": -1},
}
_CODES: Final = frozenset({"environmentCode", "taskParams.workflowDefinitionCode", "taskParams.switchResult.nextNode"})
_CODE_LISTS: Final = frozenset({"taskParams.conditionResult.successNode", "taskParams.conditionResult.failedNode"})
_SECRET = re.compile(r"secret:[0-9a-f]{12}")
_SECRET_SHOWN: Final = 11  # "secret:" and four digits


def shown(field: str, value: Any, names: Names = NO_NAMES) -> str:
    """Return a value in words, whole and on one line."""
    if value is None or value == "" or _is_nothing(field, value):
        return _("none")
    if isinstance(value, str) and str(value) in WORDS.get(field, {}):
        return str(WORDS[field][value])
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(field, value, names)
    if field in _CODE_LISTS and isinstance(value, list):
        return ", ".join(by_name(code, names) for code in value) or _("none")
    return _plain(value)


def pair(field: str, before: Any, after: Any, names: Names = NO_NAMES, length: int = LONG) -> tuple[str, str]:
    """Return two values that differ, short, and never looking the same."""
    old, new = cut_pair(shown(field, before, names), shown(field, after, names), length)
    if old == new:
        old, new = cut_pair(_exact(before), _exact(after), length)
    return old, new


def pair_of(change: Change, names: Names = NO_NAMES, length: int = LONG) -> tuple[str, str]:
    """Return the two values of a change as `pair` does; what is given as null, or as its default, and what is absent look different too."""
    if change.before_absent == change.after_absent or not same(change.before, change.after):
        return pair(change.field, change.before, change.after, names, length)
    given = cut(dumps(change.before).decode(), length)
    return (_("none"), given) if change.before_absent else (given, _("none"))


def is_secret(value: Any) -> bool:
    """Whether the whole value is a digest that stands for a secret."""
    return isinstance(value, str) and _SECRET.fullmatch(value) is not None


def short_secret(value: Any) -> str:
    """Return a digest as far as people compare it."""
    return f"{value[:_SECRET_SHOWN]}…" if is_secret(value) else shown("", value)


def in_brackets(text: str) -> str:
    return _(" (%(text)s)") % {"text": text}


def by_name(code: Any, names: Names) -> str:
    """Return the name of what a code stands for, the code where it is not known."""
    return one_line(names[code]) if isinstance(code, int) and code in names else _plain(code)


def _is_nothing(field: str, value: Any) -> bool:
    return field in _NOTHING and type(value) is int and value == _NOTHING[field]


def _number(field: str, value: int, names: Names) -> str:
    if field in _MINUTES:
        return ngettext("%(count)s min", "%(count)s min", value) % {"count": value}
    if field in _MILLISECONDS:
        return _("%(count)s ms") % {"count": value}
    if field in _CODES:
        return by_name(value, names)
    return f"{value}%" if field == "cpuQuota" else f"{value} MB" if field == "memoryMax" else str(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return one_line(value)
    return one_line(dumps(value).decode())


def _exact(value: Any) -> str:
    """Return a value as ASCII JSON: blanks at its ends, its type and what is not seen are told."""
    text = dumps(value).decode() if value is not None else _("none")
    return "".join(
        char if (char.isprintable() and not char.isspace()) or char == " " else f"\\u{ord(char):04x}" for char in text
    )
