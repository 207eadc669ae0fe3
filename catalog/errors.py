"""What can be wrong with the catalogue.

ServiceError                  everything the product refuses or fails at, with a code and what to do
├── NotAllowed                the actor lacks a permission (403)
├── NotFound                  no such thing, or none the actor may see (404)
├── InvalidRequest            the request itself is wrong (400)
├── Conflict                  right request, wrong moment (409)
│   ├── ProjectOff            the project's mode is off
│   ├── DeploymentChanged     the database belongs to another deployment (a clone): nothing is written
│   ├── TemporaryWorkflow     its name matches the project's patterns of copies and tests
│   └── InstancePaused        the instance is disabled, or its token was refused
├── ReleaseMismatch           this process is of another release than the database, as during an upgrade (503)
└── TokenUnreadable           a stored token does not fit any key of the settings (503)
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ServiceError(Exception):
    """An error a caller gets to see. `code` is stable; the message says what to do next; `extra` is JSON."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    permanent: ClassVar[bool] = True
    message: ClassVar[str | Promise] = _("Something went wrong.")

    def __init__(self, message: str | Promise | None = None, **extra: Any) -> None:
        self.text = message if message is not None else self.message
        self.extra = extra
        super().__init__(self.text)

    def __str__(self) -> str:
        return str(self.text)


class NotAllowed(ServiceError):
    code = "not_allowed"
    status = 403
    message = _("You may not do this here.")


class NotFound(ServiceError):
    code = "not_found"
    status = 404
    message = _("There is no such thing, or none that you may see.")


class InvalidRequest(ServiceError):
    code = "invalid_request"
    status = 400
    message = _("The request is not valid.")


class Conflict(ServiceError):
    code = "conflict"
    status = 409
    message = _("This can't be done in the present state.")


class ProjectOff(Conflict):
    code = "project_off"
    message = _("The project's mode is off. Somebody who manages it can set record or publish.")


class DeploymentChanged(Conflict):
    code = "deployment_changed"
    permanent = False
    message = _(
        "This database belongs to another deployment, perhaps it is a copy; nothing is written to DolphinScheduler. "
        "If it is the real one, run `manage.py adopt_deployment`."
    )


class TemporaryWorkflow(Conflict):
    code = "temporary_workflow"
    message = _(
        "Its name matches the project's patterns of temporary workflows. Rename it, or change the patterns on the project's page."
    )


class InstancePaused(Conflict):
    code = "instance_paused"
    permanent = False
    message = _("Calls to this DolphinScheduler are paused. Test its connection on the instance's page.")


class ReleaseMismatch(ServiceError):
    code = "release_mismatch"
    status = 503
    permanent = False
    message = _(
        "Snapshotter is being upgraded: this process is of another release than the database, and takes nothing on. Nothing was done; "
        "try again in a minute."
    )


class TokenUnreadable(ServiceError):
    code = "token_unreadable"
    status = 503
    message = _(
        "The stored DolphinScheduler token can't be decrypted with the keys of SNAPSHOTTER_ENCRYPTION_KEYS. "
        "Enter the token again, or restore the key."
    )
