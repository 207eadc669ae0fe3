"""What went wrong in a sync, in the words of the snapshot's error fields.

SyncFailed            ends the forward direction; carries the code and text that snapshot and caller see
"""

from definitions.secrets import mask_text
from dolphin.errors import DolphinError, DolphinRejected


class SyncFailed(Exception):
    """The sync can't reach its end. `code` is stable (docs/errors.md), `text` says what to do."""

    def __init__(self, code: str, text: str, *, step: str = "") -> None:
        self.code = code
        self.text = mask_text(text)
        self.step = step
        super().__init__(text)

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "text": self.text, "step": self.step}


def from_dolphin(error: DolphinError, *, step: str) -> SyncFailed:
    """Translate the client's error: a refusal is known by DolphinScheduler's own number."""
    code = f"dolphin_{error.dolphin_code}" if isinstance(error, DolphinRejected) else error.code
    return SyncFailed(code, str(error), step=step)
