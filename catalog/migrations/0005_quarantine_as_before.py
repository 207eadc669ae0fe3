from django.db import migrations

MANAGE, QUARANTINE = "manage_project", "quarantine_project"


def grant(apps, schema_editor):
    """Whoever manages projects could quarantine contents until now, and goes on to: quarantine has become a right of its own.

    In an empty database there is nobody yet. Rows of permissions come after all migrations, so the new one is made here where the old
    one exists; what comes afterwards finds it.
    """
    Permission = apps.get_model("auth", "Permission")
    old = Permission.objects.filter(content_type__app_label="catalog", content_type__model="project", codename=MANAGE)
    for manage in old:
        name = "Can put contents in quarantine in the project and let them out"
        quarantine, _made = Permission.objects.get_or_create(
            content_type=manage.content_type, codename=QUARANTINE, defaults={"name": name}
        )
        for group in apps.get_model("auth", "Group").objects.filter(permissions=manage):
            group.permissions.add(quarantine)
        for user in apps.get_model("auth", "User").objects.filter(user_permissions=manage):
            user.user_permissions.add(quarantine)
        for model, holder in (("UserObjectPermission", "user_id"), ("GroupObjectPermission", "group_id")):
            rows = apps.get_model("guardian", model).objects
            for row in list(rows.filter(permission=manage)):
                rows.get_or_create(
                    permission=quarantine,
                    content_type_id=row.content_type_id,
                    object_pk=row.object_pk,
                    **{holder: getattr(row, holder)},
                )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_rollback_rights"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("guardian", "0001_initial"),
    ]

    # Backward the right goes with its last holder's will, not with the code: an older release doesn't ask for it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
