"""What verifying the chain can find: each names its entry and its place."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

SHOWN: Final = 100  # are kept; the rest is counted


class Kind(models.TextChoices):
    ALTERED = "altered", _("the entry is not what was sealed")
    REMOVED = "removed", _("the entry is gone; its seal is left")
    INSERTED = "inserted", _("the entry was not written by the service")
    UNSEALED = "unsealed", _("the entry has no seal: its seal was taken away, or no sealer runs")
    MISPLACED = (
        "misplaced",
        _("the seal does not follow the one before: seals were altered, put in, taken away or exchanged here"),
    )
    FORGED = "forged", _("neither the entry nor its seal was made with one of the keys")
    GAP = "gap", _("seals are missing")
    UNKNOWN_KEY = "unknown_key", _("sealed with a key that is not among the settings, or the key's name was changed")
    CUT = "cut", _("the chain was longer: its end is gone")
    REWRITTEN = "rewritten", _("the chain had another hash here: it was made anew")
    BEYOND = "beyond", _("a seal stands beyond the head of the chain")


@dataclass(frozen=True, slots=True)
class Finding:
    """`sequence` and `entry` are 0 where there is none; `at` is the time of the entry, or of the seal where the entry is gone."""

    kind: str
    sequence: int = 0
    entry: int = 0
    event: str = ""
    at: str = ""
    note: str = ""

    def __str__(self) -> str:
        parts = [
            f"seal {self.sequence}" if self.sequence else "",
            f"entry {self.entry}" if self.entry else "",
            self.event,
            self.at,
            self.note,
        ]
        return f"{self.kind}: {', '.join(filter(None, parts))}"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "kind": str(self.kind)}
