from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("snapshotter", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="snapshot",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("api", "publish by API"),
                    ("admin", "publish in the admin"),
                    ("capture", "capture"),
                    ("baseline", "baseline"),
                    ("backfill", "recovered from DolphinScheduler"),
                    ("before_publish", "kept before it was overwritten"),
                    ("import", "import"),
                ],
                db_comment="what made it",
                max_length=16,
                verbose_name="trigger",
            ),
        ),
    ]
