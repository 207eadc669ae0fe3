"""Groups of a shell script: subshells, branches, loops, and what follows && and ||. Pure.

Reserved words are told by where they stand: first in a command, or behind another one.
"""

from dataclasses import dataclass
from typing import Final

from definitions.lineage.model import word_set

_OPENING: Final = word_set("if while until { for case select")
_NEXT: Final = word_set("then elif else do")
_CLOSING: Final = word_set("fi done esac }")
_PASSED: Final = word_set("! time")


@dataclass(slots=True, eq=False)
class Group:
    """`end` is the number of the first command behind it, None while it is open. What it sets may be unset there."""

    end: int | None = None


class Groups:
    """Those around the place a reader has come to. A frame is one group, and those of && and || in it."""

    def __init__(self) -> None:
        self._frames: list[list[Group]] = [[Group()]]

    def enter(self, words: list[str], at: int) -> Group:
        """Take a command's reserved words in; return the group that the rest of it belongs to."""
        for word in words[2:] if words[:1] == ["function"] else words:
            if word in _OPENING:
                self.open()
            elif word in _NEXT:
                self.next(at)
            elif word in _CLOSING:
                self.close(at)
            elif word not in _PASSED:
                break
        return self._frames[-1][-1]

    def open(self) -> None:
        self._frames.append([Group()])

    def close(self, at: int) -> None:
        if len(self._frames) > 1:
            _end(self._frames.pop(), at)

    def next(self, at: int) -> None:
        """One branch ends, the next begins."""
        self.close(at)
        self.open()

    def follow(self, mark: str, at: int) -> None:
        """What comes behind && runs only if what is before it went well; behind ||, only if not; else whatever became of it."""
        frame = self._frames[-1]
        if mark != "&&":
            _end(frame[1:], at)
            del frame[1:]
        if mark in ("&&", "||"):
            frame.append(Group())

    def end(self, at: int) -> None:
        for frame in self._frames:
            _end(frame, at)


def _end(groups: list[Group], at: int) -> None:
    for group in groups:
        group.end = at
