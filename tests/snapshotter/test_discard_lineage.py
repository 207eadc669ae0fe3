"""A lineage that is damaged is computed again, and those that are well are left alone."""

import zlib

import pytest
from django.core.management import call_command

from snapshotter.derive_lineage import derive_due
from snapshotter.discard_lineage import discard_damaged_lineage
from snapshotter.models import ContentLineage, LineageBody, LineageTable, Snapshot

SQL = 'hive -e "insert overwrite table dwd.orders select * from ods.orders"'


@pytest.fixture
def damaged(run_publish, make_definition):
    """The first of two versions' lineages is another's, though it can be read."""
    run_publish(make_definition(SQL))
    run_publish(make_definition("echo a"))
    derive_due(60)
    body = LineageBody.objects.get(reads=1)
    LineageBody.objects.filter(pk=body.pk).update(data=zlib.compress(b'{"tasks":{}}'))
    return body


def test_only_the_damaged_one_is_discarded(damaged):
    assert (discard_damaged_lineage(), discard_damaged_lineage()) == (1, 0)
    assert Snapshot.objects.get(version=1).lineage_digest == ""
    assert Snapshot.objects.get(version=2).lineage_digest == ContentLineage.objects.get().body.digest
    assert not LineageTable.objects.exists()


def test_the_command_replaces_it(damaged, capsys):
    call_command("lineage", recompute=True)
    assert "1 damaged lineages are computed again." in capsys.readouterr().out
    again = LineageBody.objects.get(reads=1)
    assert (again.digest, again.lineage.digest, again.tables.count()) == (damaged.digest, damaged.digest, 2)
    assert Snapshot.objects.get(version=1).lineage_digest == damaged.digest
