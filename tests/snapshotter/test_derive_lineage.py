"""Deriving lineage: once a content, off the accept path, taken over from the dead, given up on poison, recomputable."""

import logging

import pytest
from django.core.management import call_command
from django.utils import timezone

from definitions.lineage.lineage import VERSION, Table
from snapshotter import tasks
from snapshotter.choices import LineageState
from snapshotter.derive_lineage import MAX_ATTEMPTS, NOT_COMPUTABLE, derive_due, derive_lineage
from snapshotter.models import ContentLineage, DefinitionBlob, LineageBody, LineageTable, Snapshot

SQL = 'hive -e "insert overwrite table dwd.orders select * from ods.orders"'


@pytest.fixture
def version(run_publish, make_definition):
    """A version nobody has looked at yet."""
    return run_publish(make_definition(SQL)).snapshot


def digests():
    return list(Snapshot.objects.order_by("version").values_list("lineage_digest", flat=True))


def test_publishing_computes_nothing(version):
    assert version.lineage_digest == ""
    assert not ContentLineage.objects.exists()


def test_it_is_computed_once_and_marks_the_version(version):
    assert (derive_due(60), derive_due(60)) == (1, 0)
    row = ContentLineage.objects.get()
    assert (row.content_hash, row.parser_version, row.state) == (version.content_hash, VERSION, LineageState.DONE)
    assert digests() == [row.body.digest] == [row.body.lineage.digest]
    assert (row.body.lineage.reads, row.body.lineage.writes) == (
        {Table("hive", "ods.orders")},
        {Table("hive", "dwd.orders")},
    )
    assert (row.body.reads, row.body.writes, row.body.unknown_tasks) == (1, 1, 0)
    rows = LineageTable.objects.values_list("is_write", "system", "name")
    assert set(rows) == {(False, "hive", "ods.orders"), (True, "hive", "dwd.orders")}


def test_versions_of_one_lineage_share_it(version, run_publish, make_definition):
    derive_due(60)
    run_publish(make_definition(f"{SQL}\necho done"))
    assert digests()[1] == ""
    derive_due(60)
    assert ContentLineage.objects.count() == 2
    assert LineageBody.objects.count() == 1
    assert digests()[0] == digests()[1] != ""


def test_a_content_seen_before_costs_no_second_reading(version, run_publish, make_definition):
    derive_due(60)
    run_publish(make_definition("echo other"))
    run_publish(make_definition(SQL))
    derive_due(60)
    assert ContentLineage.objects.get(content_hash=version.content_hash).attempts == 1
    assert digests()[2] == digests()[0]


def test_a_worker_at_it_is_left_alone_and_a_dead_one_followed(version):
    soon = timezone.now() + timezone.timedelta(minutes=5)
    row = ContentLineage.objects.create(
        content_hash=version.content_hash, parser_version=VERSION, attempts=1, due_at=soon
    )
    assert not derive_lineage(version.content_hash)
    assert derive_due(60) == 0
    ContentLineage.objects.update(due_at=timezone.now() - timezone.timedelta(seconds=1))
    assert derive_due(60) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == (LineageState.DONE, 2)


def test_what_kills_the_worker_again_and_again_is_given_up(version):
    past = timezone.now() - timezone.timedelta(seconds=1)
    ContentLineage.objects.create(
        content_hash=version.content_hash, parser_version=VERSION, attempts=MAX_ATTEMPTS, due_at=past
    )
    derive_due(60)
    row = ContentLineage.objects.get()
    assert (row.state, row.problem, digests()) == (LineageState.FAILED, "gave_up", [NOT_COMPUTABLE])
    assert derive_due(60) == 0


def test_a_damaged_content_is_named_and_not_tried_again(version):
    DefinitionBlob.objects.update(data=b"spoilt")
    assert derive_due(60) == 1
    assert ContentLineage.objects.get().problem == "damaged"
    assert digests() == [NOT_COMPUTABLE]


def test_the_command_computes_and_recomputes(version, capsys):
    call_command("lineage")
    assert f"1 contents read by {VERSION}" in capsys.readouterr().out
    ContentLineage.objects.update(parser_version="0/older")
    Snapshot.objects.update(lineage_digest="0" * 64)
    call_command("lineage")
    assert digests() == ["0" * 64]
    call_command("lineage", recompute=True)
    assert ContentLineage.objects.get().parser_version == VERSION
    assert digests() == [LineageBody.objects.get().digest]


def test_the_command_says_what_it_could_not(version, capsys):
    DefinitionBlob.objects.update(data=b"spoilt")
    with pytest.raises(SystemExit) as left:
        call_command("lineage")
    assert left.value.code == 1
    assert f"{version.content_hash}: damaged" in capsys.readouterr().out


def test_names_that_differ_by_a_trailing_blank_are_one_row(run_publish, make_definition):
    run_publish(make_definition("mysql -e 'select * from shop.`a`, shop.`a `'"))
    derive_due(60)
    assert LineageTable.objects.get().name == "shop.a"


def test_no_statement_stands_in_the_log(version, caplog):
    with caplog.at_level(logging.DEBUG):
        derive_due(60)
    assert "ods.orders" not in caplog.text


def test_the_task_of_the_sweep_computes(version):
    tasks.lineage()
    assert digests() != [""]
