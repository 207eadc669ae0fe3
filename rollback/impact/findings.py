"""What stands in the way of a rollback or should be known before it: findings, each with a stable code and its words.

A finding is kept with the request as {code, weight, values}; its sentence is made for each reader, in their language. Who may see the
request may see its project and perhaps no other, so what is kept names nothing of other projects: it counts that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from rollback.choices import Act
from rollback.impact.finding_words import words

T = TypeVar("T")
NAMED: Final = 10


class Weight(StrEnum):
    """REFUSED: it can't be done. ACKNOWLEDGE: somebody must agree to it by its name. NOTE: good to know."""

    REFUSED = "refused"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """`values` fill the sentence and are JSON: names, numbers, lists of names; secrets masked. They are for who asks.

    `kept`: the same for everybody who sees the workflow's project only; None where that makes no difference.
    """

    code: str
    weight: Weight
    values: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """The sentence, in the language that is active."""
        return words(self.code, self.values)

    def as_json(self) -> dict[str, Any]:
        """Return what may be kept, and shown to others than who asked."""
        return {**self.as_shown(), "values": self.values if self.kept is None else self.kept}

    def as_shown(self) -> dict[str, Any]:
        """Return what who asked may see. It is not to be kept."""
        return {"code": self.code, "weight": str(self.weight), "values": self.values}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Finding":
        return cls(value["code"], Weight(value["weight"]), dict(value["values"]))


def some(rows: Sequence[T]) -> list[T]:
    """Return the first few of what a finding names; its count says how many there are."""
    return list(rows[:NAMED])


def refused(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.weight == Weight.REFUSED]


def not_acknowledged(findings: Iterable[Finding], acknowledged: Iterable[str]) -> list[Finding]:
    """Return the findings that somebody must agree to and has not."""
    agreed = set(acknowledged)
    return [row for row in findings if row.weight == Weight.ACKNOWLEDGE and row.code not in agreed]


def as_asked(findings: list[Finding], act: Act | str) -> list[Finding]:
    """Return them as the act weighs them: who puts back means to overwrite the edit, and has said so by that."""
    if act != Act.PUT_BACK:
        return findings
    meant = [replace(row, weight=Weight.NOTE) if row.code == "overwrites_edit" else row for row in findings]
    return sorted(meant, key=lambda row: list(Weight).index(row.weight))
