"""Ready-made groups. A member may do in every project what the group says; rights on one project are granted on the project itself."""

from typing import Any, Final

from django.contrib.auth.models import Group, Permission

from catalog.permissions import (
    APPROVE_ROLLBACK,
    BREAK_GLASS,
    EXECUTE_ROLLBACK,
    MANAGE,
    MANAGE_POLICY,
    PUBLISH,
    PUT_BACK,
    QUARANTINE,
    REQUEST_ROLLBACK,
    TRIAGE_DRIFT,
    VIEW,
)

# Overriding a freeze and seeing secrets are in none: they are granted to people by name.
GROUPS: Final = {
    "Snapshotter viewers": [VIEW],
    "Snapshotter publishers": [VIEW, PUBLISH, REQUEST_ROLLBACK, PUT_BACK],
    "Snapshotter on-call": [
        VIEW,
        PUBLISH,
        REQUEST_ROLLBACK,
        EXECUTE_ROLLBACK,
        PUT_BACK,
        TRIAGE_DRIFT,
    ],  # to resume and start runs, too
    "Snapshotter approvers": [VIEW, APPROVE_ROLLBACK],
    "Snapshotter break-glass": [VIEW, REQUEST_ROLLBACK, EXECUTE_ROLLBACK, BREAK_GLASS],
    "Snapshotter managers": [
        *(VIEW, PUBLISH, MANAGE, QUARANTINE, MANAGE_POLICY),
        *(REQUEST_ROLLBACK, EXECUTE_ROLLBACK, PUT_BACK, TRIAGE_DRIFT),
    ],
    "Snapshotter auditors": [VIEW, "audit.view_auditentry"],
}


def make_groups(**_: Any) -> None:
    """Create the groups that are missing. A group that exists is left as its administrators want it.

    Called after each app's migration; it waits for the last one, since permissions of other apps come later.
    """
    found = {
        f"{row.content_type.app_label}.{row.codename}": row for row in Permission.objects.select_related("content_type")
    }
    for name, permissions in GROUPS.items():
        if found.keys() >= set(permissions) and not Group.objects.filter(name=name).exists():
            Group.objects.create(name=name).permissions.set(found[permission] for permission in permissions)
