"""Forms for the roles of one person or group on a project: the rights there are, by the names a reader knows."""

from typing import Any

from guardian.admin import AdminGroupObjectPermissionsForm, AdminUserObjectPermissionsForm

from catalog.permissions import RIGHTS
from catalog.right_names import NAMES


def choices() -> list[tuple[str, Any]]:
    """Return (codename, name). Django's own rights to add, change and delete open nothing here: they aren't offered."""
    return [(right.split(".")[1], NAMES[right]) for right in RIGHTS]


class UserRolesForm(AdminUserObjectPermissionsForm):
    def get_obj_perms_field_choices(self) -> list[tuple[str, Any]]:
        return choices()


class GroupRolesForm(AdminGroupObjectPermissionsForm):
    def get_obj_perms_field_choices(self) -> list[tuple[str, Any]]:
        return choices()
