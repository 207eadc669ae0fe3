"""Which right an act asks for: putting the published version back has one of its own."""

from catalog.permissions import EXECUTE_ROLLBACK, PUT_BACK, REQUEST_ROLLBACK
from rollback.choices import Act


def to_ask(act: Act | str) -> str:
    return PUT_BACK if act == Act.PUT_BACK else REQUEST_ROLLBACK


def to_execute(act: Act | str) -> str:
    return PUT_BACK if act == Act.PUT_BACK else EXECUTE_ROLLBACK
