"""What docs/upgrade.md promises: migrations after the first release only add, so that old code can live beside; others are named there."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

from tests.meta.test_documented import docs

# The last ones before the first release: nothing older was in use beside anything. Move them when a release is made.
FIRST = {
    "audit": "0004_marks_of_former_entries",
    "catalog": "0008_token_use",
    "drift": "0004_gone",
    "operations": "0006_drift_has_ended",
    "rollback": "0006_report_indexes",
    "snapshotter": "0022_live_version",
}
_ADDS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    migrations.RunPython,
)


def trouble(migration: migrations.Migration) -> list[str]:
    """Return what old code could not live beside."""
    made = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
    return [one.describe() for one in migration.operations if not _adds(one, made)]


def _adds(operation: migrations.operations.base.Operation, made: set[str]) -> bool:
    if getattr(operation, "model_name_lower", None) in made:
        return True  # old code does not know the table at all
    if isinstance(operation, migrations.AddField):
        field = operation.field
        return field.null or field.db_default is not NOT_PROVIDED or field.many_to_many
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return all(_adds(one, made) for one in operation.database_operations)
    return isinstance(operation, _ADDS)


def test_later_migrations_only_add():
    found = MigrationLoader(None).disk_migrations
    told = docs("upgrade.md")
    wrong = {
        f"{app}.{name}": trouble(migration)
        for (app, name), migration in found.items()
        if app in FIRST and name > FIRST[app] and f"`{app}.{name}`" not in told
    }
    hint = "give the column db_default or null=True, or name the migration in docs/upgrade.md as one that needs the careful way"
    assert not {name: what for name, what in wrong.items() if what}, hint


def test_all_our_apps_are_looked_at():
    from catalog.release import _known

    assert FIRST.keys() == _known()[2] & {app for app, _ in MigrationLoader(None).disk_migrations}


@pytest.mark.parametrize(
    ("operation", "is_fine"),
    [
        (migrations.AddField("sync", "note", models.TextField(default="")), False),
        (migrations.AddField("sync", "note", models.TextField(db_default="")), True),
        (migrations.AddField("sync", "note", models.TextField(null=True)), True),
        (migrations.RemoveField("sync", "note"), False),
        (migrations.RenameField("sync", "note", "text"), False),
        (migrations.AlterField("sync", "note", models.CharField(max_length=3)), False),
        (migrations.DeleteModel("Sync"), False),
        (migrations.RunSQL("DROP TABLE x"), False),
        (migrations.AddConstraint("sync", models.UniqueConstraint(fields=["note"], name="once")), False),
        (migrations.AddIndex("sync", models.Index(fields=["note"], name="by_note")), True),
    ],
)
def test_what_only_adds(operation, is_fine):
    migration = migrations.Migration("0001_x", "snapshotter")
    migration.operations = [operation]
    assert bool(trouble(migration)) is not is_fine


def test_a_table_of_its_own_may_be_made_in_steps():
    migration = migrations.Migration("0001_x", "snapshotter")
    migration.operations = [
        migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("note", "text", models.TextField(default="")),
        migrations.AddConstraint("note", models.UniqueConstraint(fields=["text"], name="once")),
    ]
    assert not trouble(migration)
