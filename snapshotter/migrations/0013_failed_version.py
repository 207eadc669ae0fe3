from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("snapshotter", "0012_history_by_time")]

    operations = [
        migrations.AddField(
            model_name="workflowstate",
            name="failed_version",
            field=models.PositiveIntegerField(
                db_comment="the version that failed last; the newest one failed where it is the highest given out",
                null=True,
            ),
        ),
    ]
