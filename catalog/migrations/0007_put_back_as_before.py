from django.db import migrations

# codename: the right whose holders could do the same until now, the name of the new one, and ready-made groups that get it too
GIVEN = {
    "put_back_project": ("publish_project", "Can put the published version back in the project", ()),
    "triage_drift_project": (
        "manage_project",
        "Can take over, mute and ignore drift in the project",
        ("Snapshotter on-call",),
    ),
}


def grant(apps, schema_editor):
    """Whoever publishes could put the published version back until now, and goes on to: it has become a right of its own.

    Drift is looked after by whoever manages the project, and by those on call. In an empty database there is nobody yet: rows of
    permissions come after all migrations, so the new ones are made here where the old ones exist; what comes afterwards finds them.
    """
    for codename, (former, name, groups) in GIVEN.items():
        _grant(apps, codename, former, name, groups)


def _grant(apps, codename, former, name, groups):
    Permission, Group = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")
    olds = Permission.objects.filter(content_type__app_label="catalog", content_type__model="project", codename=former)
    for old in olds:
        new, _made = Permission.objects.get_or_create(
            content_type=old.content_type, codename=codename, defaults={"name": name}
        )
        for group in [*Group.objects.filter(permissions=old), *Group.objects.filter(name__in=groups)]:
            group.permissions.add(new)
        for user in apps.get_model("auth", "User").objects.filter(user_permissions=old):
            user.user_permissions.add(new)
        for model, holder in (("UserObjectPermission", "user_id"), ("GroupObjectPermission", "group_id")):
            rows = apps.get_model("guardian", model).objects
            for row in list(rows.filter(permission=old)):
                rows.get_or_create(
                    permission=new,
                    content_type_id=row.content_type_id,
                    object_pk=row.object_pk,
                    **{holder: getattr(row, holder)},
                )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_drift_rights"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("guardian", "0001_initial"),
    ]

    # Backward the rights go with their last holder's will, not with the code: an older release doesn't ask for them.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
