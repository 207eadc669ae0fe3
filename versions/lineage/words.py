"""What is not known of a task's tables, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from definitions.lineage.lineage import Unknown, Why

_PARTS = {
    "task": gettext_lazy("the task"),
    "sql": gettext_lazy("SQL"),
    "pre": gettext_lazy("SQL before"),
    "post": gettext_lazy("SQL after"),
    "script": gettext_lazy("script"),
    "json": gettext_lazy("JSON"),
    "reader": gettext_lazy("reader"),
    "writer": gettext_lazy("writer"),
    "source": gettext_lazy("source of the copy"),
    "target": gettext_lazy("target of the copy"),
}
_WHY = {
    Why.CODE: gettext_lazy("a %(detail)s task's own code is not read"),
    Why.DIALECT: gettext_lazy("SQL of this kind of database can't be read: %(detail)s"),
    Why.NOT_PARSED: gettext_lazy("can't be parsed"),
    Why.STATEMENT: gettext_lazy("what this statement does is not known"),
    Why.TOO_LARGE: gettext_lazy("too large to be read"),
    Why.TOO_DEEP: gettext_lazy("nested too deeply to be read"),
    Why.NAME_IS_PARAMETER: gettext_lazy("the table's name is a parameter: %(detail)s"),
    Why.NAME_TOO_LONG: gettext_lazy("a name is too long"),
    Why.TABLE_FUNCTION: gettext_lazy("what this function reads or writes is not known: %(detail)s"),
    Why.TARGET: gettext_lazy("which table it changes can't be told"),
    Why.SHELL_EXPANSION: gettext_lazy("a command's output is part of the SQL"),
    Why.SHELL_VARIABLE: gettext_lazy("the SQL is in a variable: %(detail)s"),
    Why.SCRIPT_FILE: gettext_lazy("the SQL is in a script file: %(detail)s"),
    Why.PIPE: gettext_lazy("the SQL comes from another command"),
    Why.PROGRAM: gettext_lazy("what this program reads or writes is not known: %(detail)s"),
    Why.PLUGIN: gettext_lazy("this plug-in is not known: %(detail)s"),
    Why.NOT_JSON: gettext_lazy("the JSON can't be read"),
    Why.SHAPE: gettext_lazy("parameters of an unexpected shape"),
}


def unknown_text(item: Unknown, detail: str) -> str:
    """Say what is not known and why; `detail` is the item's, masked."""
    why = str(_WHY[item.why])
    part = str(_PARTS.get(item.part, item.part))
    if item.number:
        part = _("%(part)s, statement %(number)s") % {"part": part, "number": item.number}
    if detail and "%(detail)s" not in why:
        part = f"{part} ({detail})"
    return _("%(what)s: %(why)s") % {"what": part, "why": why % {"detail": detail or "–"}}
