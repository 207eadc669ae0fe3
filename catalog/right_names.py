"""What a reader sees of a right: its name, and why somebody has it."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.permissions import (
    APPROVE_ROLLBACK,
    BREAK_GLASS,
    EXECUTE_ROLLBACK,
    MANAGE,
    MANAGE_POLICY,
    OVERRIDE_FREEZE,
    PUBLISH,
    PUT_BACK,
    QUARANTINE,
    REQUEST_ROLLBACK,
    TRIAGE_DRIFT,
    VIEW,
    VIEW_SECRETS,
)

NAMES: Final[dict[str, Promise]] = {
    VIEW: gettext_lazy("see workflows and versions"),
    PUBLISH: gettext_lazy("publish and capture"),
    MANAGE: gettext_lazy("manage the project and its roles"),
    OVERRIDE_FREEZE: gettext_lazy("publish in a freeze"),
    REQUEST_ROLLBACK: gettext_lazy("ask for rollbacks"),
    APPROVE_ROLLBACK: gettext_lazy("approve rollbacks"),
    EXECUTE_ROLLBACK: gettext_lazy("execute rollbacks"),
    BREAK_GLASS: gettext_lazy("roll back without approval, in an emergency"),
    MANAGE_POLICY: gettext_lazy("set the rules of approval"),
    QUARANTINE: gettext_lazy("quarantine contents"),
    VIEW_SECRETS: gettext_lazy("see secret values"),
    TRIAGE_DRIFT: gettext_lazy("take over, mute and ignore drift"),
    PUT_BACK: gettext_lazy("put the published version back"),
}


@dataclass(frozen=True, slots=True, order=True)
class Ground:
    """Why somebody has a right: `everywhere` or on the one project; `group` is the group it comes by, "" for the person's own."""

    everywhere: bool
    group: str = ""
    superuser: bool = False

    def __str__(self) -> str:
        if self.superuser:
            return _("superuser")
        if self.group:
            text = (
                _("by the group %(group)s, for all projects") if self.everywhere else _("by the group %(group)s, here")
            )
            return text % {"group": self.group}
        return _("for all projects") if self.everywhere else _("on this project")


SUPERUSER: Final = Ground(everywhere=True, superuser=True)
