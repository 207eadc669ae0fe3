"""One call as the endpoints see it."""

from dataclasses import dataclass, field

from dolphin.sandbox.answers import Refused, Row
from dolphin.sandbox.dialect import Dialect
from dolphin.sandbox.state import State


@dataclass(slots=True)
class Request:
    """`args` are the numbers of the path, in order; `generic` the code this endpoint answers for any exception inside it."""

    state: State
    dialect: Dialect
    user: Row
    form: dict[str, str]
    args: tuple[int, ...]
    generic: int
    slow_put: float = 0.0
    size: int = 0
    notes: dict[str, float] = field(default_factory=dict)

    def need(self, key: str) -> str:
        """Return a required parameter, or fail as the endpoint does without it."""
        if key not in self.form:
            raise Refused(self.generic, f"required parameter {key} is missing")
        return self.form[key]

    def whole(self, key: str, default: int | None = None) -> int:
        text = self.form.get(key, "" if default is None else str(default))
        try:
            return int(text)
        except ValueError:
            raise Refused(self.generic, f"parameter {key} is no number") from None
