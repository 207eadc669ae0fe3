"""An inventory counts the tables a workflow reads and writes; it does not count what it could only guess."""

import csv
import io

from django.utils import translation

from operations.choices import RunKind
from operations.exports import inventory_csv, markdown
from operations.inventory.tables import READ_HERE
from operations.models import InventoryRow
from snapshotter.derive_lineage import derive_due
from snapshotter.models import ContentLineage

SQL = "hive -e 'insert into dwd.orders select * from ods.orders join ods.users on 1=1'"


def counts(row):
    return row.tables_read, row.tables_written, row.tasks_unknown


def test_tables_are_counted_and_exported(do, make):
    make("orders", SQL, "python3 x.py")
    run = do(RunKind.INVENTORY)
    row = InventoryRow.objects.select_related("item").get()
    assert counts(row) == (2, 1, 1)
    (cells,) = csv.DictReader(io.StringIO(inventory_csv([row])))
    assert [cells[name] for name in ("tables read", "tables written", "tasks not known")] == ["2", "1", "1"]
    assert "2 read, 1 written; 1 tasks not known" in markdown(run, [row])
    with translation.override("zh-hans"):
        assert "读取 2 张，写入 1 张；1 个任务未知" in markdown(run, [row])


def test_what_was_derived_before_is_taken(do, make):
    make("orders", SQL)
    do(RunKind.BASELINE)
    derive_due(60)
    body = ContentLineage.objects.get().body
    body.reads = 77
    body.save()
    do(RunKind.INVENTORY)
    assert counts(InventoryRow.objects.get())[0] == 77


def test_what_is_too_large_is_not_counted(do, make):
    make("orders", "x" * (READ_HERE + 1))
    run = do(RunKind.INVENTORY)
    row = InventoryRow.objects.select_related("item").get()
    assert counts(row) == (None, None, None)
    assert "written" not in markdown(run, [row])
