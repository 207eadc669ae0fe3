"""What a script's variables certainly hold where a command uses them. Pure, linear.

Certain is a variable that the whole script names once as one to be set, by a plain assignment that the shell has surely run when the
command comes: not in a branch, a subshell or a pipe that has ended by then, and with nothing between that may set anything (eval, source).
"""

import re
from bisect import bisect_left
from typing import Final

from definitions.lineage.model import word_set
from definitions.lineage.shell_commands import Command, Script
from definitions.lineage.shell_groups import Group

_CHANGE: Final = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<how>=|\+=|\[)")
_NAME: Final = re.compile(r"[A-Za-z_]\w*\Z")
_BY_EXPANSION: Final = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*):?=")
_WHOLE: Final = re.compile(r"\$\{(?P<name>\w+|[@*#])\}\Z")
_LEADING: Final = word_set("if then elif else while until do { ! time command builtin exec nohup")
_DECLARING: Final = word_set("export readonly local declare typeset")
# Commands that set the variables they name, or make them others' (local).
_SETTING: Final = word_set(
    "read mapfile readarray for select unset getopts let local declare typeset printf wait coproc"
)
_SETS_ANYTHING: Final = word_set("eval source .")


class Variables:
    def __init__(self, script: Script) -> None:
        self._set: dict[str, tuple[int, Group, str]] = {}
        self._doubtful: set[str] = set()
        self._cuts: list[int] = []
        for number, command in enumerate(script.commands):
            self._look(number, command)

    def known(self, sql: str, at: int) -> str | None:
        """Return SQL as the command of this number is given it; that of a variable where it is certain, else None."""
        found = _WHOLE.match(sql.strip())
        if found is None:
            return sql
        name = found["name"]
        if name not in self._set or name in self._doubtful:
            return None
        number, group, value = self._set[name]
        if not number < at or (group.end is not None and group.end <= at):
            return None
        cut = bisect_left(self._cuts, number)
        return None if cut < len(self._cuts) and self._cuts[cut] <= at else value

    def _look(self, number: int, command: Command) -> None:
        words = _behind(command.words, _LEADING)
        if not words:
            return
        if words[0] in _SETS_ANYTHING or (words[0] in _DECLARING and any(_is_reference(word) for word in words)):
            self._cuts.append(number)
        if not _SETTING.isdisjoint(words):
            self._doubtful.update(word for word in words if _NAME.match(word))
        for word in words:
            self._doubtful.update(_BY_EXPANSION.findall(word))
        told = [word for word in words[1:] if word[:1] not in "-+"] if words[0] in _DECLARING else words
        changes = [_CHANGE.match(word) for word in told]
        is_plain = not command.apart and all(change is not None and change["how"] == "=" for change in changes)
        for change, word in zip(changes, told, strict=True):
            if change is not None:
                self._assign(change["name"], number, command.group, word[change.end() :], is_plain=is_plain)

    def _assign(self, name: str, number: int, group: Group, value: str, *, is_plain: bool) -> None:
        if not is_plain or name in self._set:
            self._doubtful.add(name)
        self._set[name] = (number, group, value)


def _behind(words: list[str], skipped: frozenset[str]) -> list[str]:
    first = next((number for number, word in enumerate(words) if word not in skipped), len(words))
    return words[first:]


def _is_reference(word: str) -> bool:
    """declare -n: another name for some variable."""
    return word.startswith("-") and not word.startswith("--") and "n" in word
