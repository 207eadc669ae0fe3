from django.db import migrations
from django.db.models import OuterRef, Subquery


def note(apps, schema_editor):
    """Note the newest failed version of each workflow."""
    state = apps.get_model("snapshotter", "WorkflowState")
    snapshot = apps.get_model("snapshotter", "Snapshot")
    failed = snapshot.objects.filter(workflow_id=OuterRef("workflow__key"), status="failed").order_by("-version")
    for row in state.objects.annotate(failed=Subquery(failed.values("version")[:1])).filter(failed__isnull=False):
        state.objects.filter(pk=row.pk).update(failed_version=row.failed)


class Migration(migrations.Migration):
    dependencies = [("snapshotter", "0013_failed_version")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
