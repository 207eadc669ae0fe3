"""What can be wrong with a definition.

DefinitionError
├── MalformedJson        not JSON, or not UTF-8
├── DuplicateKey         an object names a key twice
├── NotANumber           NaN or Infinity
├── TooDeep              nested deeper than the limit
├── TooLarge             more bytes than the limit
├── TooManyTasks         more tasks than the limit
├── InvalidText          text that UTF-8 can't hold, or a NUL
└── InvalidDefinition    JSON, but not a workflow definition
"""

from typing import ClassVar


class DefinitionError(Exception):
    """Always permanent: the same input fails again. `path` names the place, such as definitions.tasks.123.taskParams."""

    code: ClassVar[str] = "invalid_definition"
    permanent: ClassVar[bool] = True

    def __init__(self, message: str, *, path: str = "") -> None:
        self.message = message
        self.path = path
        super().__init__(f"{path}: {message}" if path else message)


class MalformedJson(DefinitionError):
    code = "malformed_json"


class DuplicateKey(DefinitionError):
    code = "duplicate_key"


class NotANumber(DefinitionError):
    code = "not_a_number"


class TooDeep(DefinitionError):
    code = "too_deep"


class TooLarge(DefinitionError):
    code = "too_large"


class TooManyTasks(DefinitionError):
    code = "too_many_tasks"


class InvalidText(DefinitionError):
    code = "invalid_text"


class InvalidDefinition(DefinitionError):
    code = "invalid_definition"
