"""What became of a sending, and the text that all channels share."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

Message = dict[str, Any]
Address = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """`error` "" where it was taken; else our word for what was wrong. A receiver's own words are not kept."""

    error: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way; `delivery` is the same in every repetition."""

    message: Message
    delivery: str
    created_at: str

    @property
    def title(self) -> str:
        return str(self.message["title"])

    @property
    def head(self) -> list[tuple[str, str]]:
        return [(label, text) for label, text in self.message["facts"]]

    @property
    def body(self) -> list[str]:
        """Sentences, and how many more there are."""
        return [*self.message["sentences"], *([self.message["more"]] if self.message["more"] else [])]

    @property
    def todo(self) -> str:
        return str(self.message["next"])

    @property
    def link(self) -> str:
        return str(self.message["link"])

    @property
    def mark(self) -> str:
        """By it people tell a repetition."""
        return _("Message %(mark)s") % {"mark": self.delivery[:8]}
