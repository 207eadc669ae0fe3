"""How much is taken (P1.4). Above a limit the request is refused with the limit in the message; nothing is cut."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, levels and counts. A name has at most 200 characters: DolphinScheduler's version log holds no more."""

    body_bytes: int = 8_000_000
    depth: int = 100
    tasks: int = 5_000
    name_characters: int = 200


DEFAULT_LIMITS: Final = Limits()
MAX_CODE: Final = 2**63 - 1  # a Java long
