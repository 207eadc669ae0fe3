# Rollback of many: what is chosen for all, and an item a workflow.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_rollback_rights'),
        ('rollback', '0001_rollback'),
        ('snapshotter', '0016_rollback_trigger'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(db_comment='order within the batch, children first', verbose_name='position')),
                ('uses', models.JSONField(db_comment='ids of workflows of the batch that it uses; they are brought back before it', default=list)),
                ('bad', models.JSONField(db_comment='numbers of the versions that fit the criteria', default=list, verbose_name='taken back')),
                ('state', models.CharField(choices=[('waiting', 'to be asked for'), ('left_out', 'left out'), ('submitted', 'asked for'), ('ordered', 'to be executed'), ('refused', 'not executed'), ('begun', 'begun')], db_comment='where it stands', default='waiting', max_length=10, verbose_name='state')),
                ('code', models.CharField(blank=True, db_comment='why it was left out, waits or was not executed', default='', max_length=64, verbose_name='code')),
                ('text', models.TextField(blank=True, db_comment='the same in words, secrets masked', default='', verbose_name='text')),
                ('findings', models.JSONField(db_comment='findings that stood in the way: code, weight, values', default=list, verbose_name='findings')),
                ('goes_alone', models.BooleanField(db_comment='whether a person lets it go before the workflows it uses', default=False, verbose_name='goes on alone')),
                ('lease_until', models.DateTimeField(db_comment="a worker's claim ends here, by the database's clock", null=True)),
                ('attempt', models.PositiveIntegerField(db_comment='claims so far; fences an older worker', default=0)),
                ('tries', models.PositiveIntegerField(db_comment='times in a row that something passing stood in the way', default=0)),
                ('due_at', models.DateTimeField(db_comment='when it is tried again; null: at once', null=True)),
                ('changed_at', models.DateTimeField(auto_now=True, db_comment='when the state changed last', verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'workflow of a rollback of many',
                'verbose_name_plural': 'workflows of rollbacks of many',
                'db_table': 'rollback_batch_item',
                'db_table_comment': 'One workflow of a rollback of many',
                'ordering': ['batch', 'position'],
            },
        ),
        migrations.AddField(
            model_name='rollbackbatch',
            name='acknowledged',
            field=models.JSONField(db_comment='codes of findings, agreed to by name for all of them', default=list, verbose_name='acknowledged'),
        ),
        migrations.AddField(
            model_name='rollbackbatch',
            name='cancelled_at',
            field=models.DateTimeField(db_comment='when the rest of it was cancelled', null=True, verbose_name='cancelled at'),
        ),
        migrations.AddField(
            model_name='rollbackbatch',
            name='choices',
            field=models.JSONField(db_comment='what is chosen for all of them: online, schedule, name, layout', default=dict, verbose_name='choices'),
        ),
        migrations.AddField(
            model_name='rollbackbatch',
            name='form_key',
            field=models.CharField(db_comment='sha256 of the sender and their key; null where none was given', max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='rollbackbatch',
            name='override_freeze',
            field=models.TextField(blank=True, db_comment='why a freeze window does not count', default='', verbose_name='freeze overridden because'),
        ),
        migrations.AddField(
            model_name='rollbackbatch',
            name='wait_for_runs',
            field=models.BooleanField(db_comment='whether running instances end first', default=False, verbose_name='wait for running instances'),
        ),
        migrations.AddConstraint(
            model_name='rollbackrequest',
            constraint=models.UniqueConstraint(fields=('batch', 'workflow'), name='rollback_batch_workflow'),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='batch',
            field=models.ForeignKey(db_comment='the rollback of many', on_delete=django.db.models.deletion.PROTECT, related_name='items', to='rollback.rollbackbatch'),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='ordered_by',
            field=models.ForeignKey(db_comment='who had it executed', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='request',
            field=models.OneToOneField(db_comment='its own request; null before', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batch_item', to='rollback.rollbackrequest', verbose_name='request'),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='seen',
            field=models.ForeignKey(db_comment='published version when it was chosen', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='snapshotter.snapshot', verbose_name='published then'),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='target',
            field=models.ForeignKey(db_comment='the version to go back to', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='snapshotter.snapshot', verbose_name='target'),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='workflow',
            field=models.ForeignKey(db_comment='what is brought back', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.workflow', verbose_name='workflow'),
        ),
        migrations.AddIndex(
            model_name='batchitem',
            index=models.Index(fields=['state', 'due_at'], name='rollback_item_due'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.UniqueConstraint(fields=('batch', 'workflow'), name='rollback_item_workflow'),
        ),
    ]
