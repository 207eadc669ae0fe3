"""Ready-made groups. A member may do in every project what the group says; rights on one project are granted on the project itself."""

from typing import Any, Final

from django.contrib.auth.models import Group, Permission

from catalog.permissions import MANAGE, PUBLISH, VIEW

GROUPS: Final = {
    "Snapshotter viewers": [VIEW],
    "Snapshotter publishers": [VIEW, PUBLISH],
    "Snapshotter managers": [VIEW, PUBLISH, MANAGE],
    "Snapshotter auditors": [VIEW, "audit.view_auditentry"],
}


def make_groups(**_: Any) -> None:
    """Create the groups that are missing, after each migrate. A group that exists is left as its administrators want it."""
    for name, permissions in GROUPS.items():
        group, created = Group.objects.get_or_create(name=name)
        if created:
            for permission in permissions:
                app, codename = permission.split(".")
                group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
