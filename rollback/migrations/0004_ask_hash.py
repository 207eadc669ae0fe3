# What a rollback of many was asked for as a whole: another ask under the same key is told apart.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rollback', '0003_who_decides'),
    ]

    operations = [
        migrations.AddField(
            model_name='rollbackbatch',
            name='ask_hash',
            field=models.CharField(blank=True, db_comment='sha256 of all that was asked for, to tell another ask of the same key', default='', max_length=64),
        ),
    ]
