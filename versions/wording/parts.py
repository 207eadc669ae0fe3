"""The parts of a sentence: one changed field each, or what belongs together, such as a time-out with its action."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from definitions.compare import Change, Kind
from versions.scripts.text_lines import compared, counts, ends, lines, only_blanks, too_long
from versions.wording.field_names import field_name
from versions.wording.list_changes import PRESENT, Entry, ListChanges, list_changes
from versions.wording.plain_text import cut, one_line
from versions.wording.plain_text import name as plain_name
from versions.wording.spread import spread
from versions.wording.values import Names, in_brackets, is_secret, pair, short_secret, shown

SCRIPTS: Final = ("taskParams.rawScript", "taskParams.sql")  # counted by lines, however short
_TIME_OUT: Final = ("timeoutFlag", "timeout", "timeoutNotifyStrategy")
# What one entry of a list is called.
ONE: Final = {
    "globalParams": gettext_lazy("parameter"),
    "taskParams.localParams": gettext_lazy("parameter"),
    "taskParams.httpParams": gettext_lazy("HTTP parameter"),
    "taskParams.resourceList": gettext_lazy("resource"),
    "taskParams.preStatements": gettext_lazy("statement before"),
    "taskParams.postStatements": gettext_lazy("statement after"),
    "taskParams.switchResult.dependTaskList": gettext_lazy("branch"),
}
_PARTS: Final = 16  # of one sentence
_MORE: Final = 8  # entries of one list told one by one


def parts(changes: Iterable[Change], names: Names) -> list[str]:
    """Return what changed: a new name first, then whether it runs, then texts, then the rest in the order of the fields."""
    changes = sorted(chain.from_iterable(map(spread, changes)), key=_rank)
    by_field = {change.field: change for change in changes if change.kind == Kind.TASK_MODIFIED}
    switched = "timeoutFlag" in by_field
    found: list[str] = []
    for change in changes:
        if switched and change.field in _TIME_OUT:
            found += _time_out(by_field) if change.field == "timeoutFlag" else []
        else:
            found += _part(change, names)
    more = len(found) - _PARTS
    if more <= 1:
        return found
    return [*found[:_PARTS], ngettext("%(count)s more change", "%(count)s more changes", more) % {"count": f"{more:,}"}]


def join(texts: Iterable[str]) -> str:
    return pgettext("between the parts of a sentence", ", ").join(texts)


def _part(change: Change, names: Names) -> Iterator[str]:
    before, after = change.before, change.after
    if change.kind == Kind.TASK_RENAMED:
        yield _("renamed from %(before)s") % {"before": plain_name(str(before))}
    elif change.field == "flag" and (before, after) in (("YES", "NO"), ("NO", "YES")):
        yield _("disabled") if after == "NO" else _("enabled again")
    elif _is_text(change):
        yield _text(change)
    elif listed := list_changes(change.field, before, after, names):
        yield from _list(change.field, listed)
    else:
        yield _change(field_name(change.field), *_pair(change, names))


def _rank(change: Change) -> int:
    if change.kind == Kind.TASK_RENAMED:
        return 0
    return 1 if change.field == "flag" else 2 if change.field in SCRIPTS else 3


def _pair(change: Change, names: Names) -> tuple[str, str]:
    if is_secret(change.before) or is_secret(change.after):
        old, new = short_secret(change.before), short_secret(change.after)
        return (old, new) if old != new else (str(change.before), str(change.after))
    return pair(change.field, change.before, change.after, names)


def _change(name: str, before: str, after: str) -> str:
    if before.startswith("secret:") and after.startswith("secret:"):
        values = {"field": _before_verb(name), "before": before, "after": after}
        return _("%(field)s changed (%(before)s → %(after)s)") % values
    return _("%(field)s %(before)s → %(after)s") % {"field": name, "before": before, "after": after}


def _before_verb(name: str) -> str:
    """Chinese sets a blank between Latin letters and its own."""
    return (
        pgettext("a name in Latin letters before a verb", "%(name)s") % {"name": name} if name[-1:].isascii() else name
    )


def _time_out(changes: dict[str, Change]) -> Iterator[str]:
    """A time-out was switched: minutes and action go with it."""
    minutes, action = changes.get("timeout"), changes.get("timeoutNotifyStrategy")
    on = changes["timeoutFlag"].after == "OPEN"
    if minutes is None:
        yield _("time-out switched on") if on else _("time-out switched off")
    else:
        before, after = pair("timeout", minutes.before, minutes.after)
        if on and action is not None and action.after:
            after += in_brackets(shown(action.field, action.after))
        yield _change(field_name("timeout"), before, after)


def _is_text(change: Change) -> bool:
    texts = [value for value in (change.before, change.after) if value is not None]
    if not texts or not all(isinstance(value, str) for value in texts):
        return False
    return change.field in SCRIPTS or any("\n" in value for value in texts)


def _text(change: Change) -> str:
    name, before, after = field_name(change.field), change.before or "", change.after or ""
    if before == after:  # nothing on both sides, said differently
        return _change(name, *pair(change.field, change.before, change.after))
    if not before or not after:
        return _came_or_went(name, before, after)
    said = [_lengths(before, after)] if too_long(before, after) else _how_much(before, after)
    if said[0]:
        return _("%(field)s changed (%(count)s)") % {"field": _before_verb(name), "count": join(said)}
    return _("%(field)s: %(changes)s") % {"field": name, "changes": join(said[1:])}


def _came_or_went(name: str, before: str, after: str) -> str:
    count = len(lines(before or after))
    if before:
        text = ngettext("%(field)s removed (%(count)s line)", "%(field)s removed (%(count)s lines)", count)
    else:
        text = ngettext("%(field)s added (%(count)s line)", "%(field)s added (%(count)s lines)", count)
    return text % {"field": name, "count": count}


def _how_much(before: str, after: str) -> list[str]:
    """Return the count of lines, "" where no line differs, and what is to be said of blanks and line ends."""
    come, gone = counts(compared(before, after)[2])
    said = line_ends(before, after)
    if only_blanks(before, after) and not said:
        said = [_("only blanks")]
    return [f"+{come} −{gone}" if come or gone else "", *said]


def _lengths(before: str, after: str) -> str:
    values = {"before": f"{len(lines(before)):,}", "after": f"{len(lines(after)):,}"}
    return _("%(before)s → %(after)s lines") % values


def line_ends(before: str, after: str) -> list[str]:
    """Say what became of line ends that no row shows, or that are easily missed."""
    found = ends(before, after)
    said = []
    if found.before:
        said.append(_("line endings %(before)s → %(after)s") % {"before": found.before, "after": found.after})
    if found.last:
        said.append(_("line feed at the end added") if found.last == "added" else _("line feed at the end removed"))
    return said


def _list(field: str, listed: ListChanges) -> Iterator[str]:
    say = _waiting if field.endswith("dependTaskList") and "switch" not in field else _entry
    one = str(ONE.get(field, field_name(field)))
    yield from (say(one, entry) for entry in listed.entries[:_MORE])
    more = len(listed.entries) - _MORE
    if more > 0:
        text = ngettext("%(count)s more in %(field)s", "%(count)s more in %(field)s", more)
        yield text % {"count": more, "field": field_name(field)}
    if listed.reordered:
        yield _("%(field)s in another order") % {"field": field_name(field)}


def _entry(one: str, entry: Entry) -> str:
    called = _("%(what)s %(name)s") % {"what": one, "name": cut(entry.label)}
    if entry.before is None:
        return _("%(name)s added") % {"name": called} + _value(entry.after)
    if entry.after is None:
        return _("%(name)s removed") % {"name": called}
    if is_secret(entry.before) and is_secret(entry.after):
        return _change(called, short_secret(entry.before), short_secret(entry.after))
    return _change(called, *pair("", entry.before, entry.after))


def _waiting(one: str, entry: Entry) -> str:
    called = cut(entry.label)
    if entry.before is None:
        return _("waits for %(name)s") % {"name": called} + _value(entry.after)
    if entry.after is None:
        return _("no longer waits for %(name)s") % {"name": called}
    return _change(_("waits for %(name)s") % {"name": called}, *pair("", entry.before, entry.after))


def _value(value: Any) -> str:
    return "" if value in (None, "", PRESENT) else in_brackets(cut(one_line(str(value))))
