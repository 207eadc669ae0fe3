"""Tables nobody would write any more: only what is certain."""

import pytest
from django.utils import timezone

from catalog.choices import Mode
from catalog.models import Project, Workflow
from rollback.impact.findings import Weight
from snapshotter.derive_lineage import derive_due
from tests.rollback.impact.conftest import codes, finding

WRITES = 'hive -e "insert into dwd.{0} select * from ods.orders"'
READS = 'hive -e "select * from dwd.{0}"'


@pytest.fixture
def secret_project(instance, raw):
    return Project.objects.create(
        instance=instance, code=raw.create_project("secret"), name="secret", mode=Mode.PUBLISH
    )


def lineage(found):
    return {code for code in codes(found, Weight.ACKNOWLEDGE) if code.startswith("lineage")}


def test_a_table_that_others_read_is_not_written_any_more(other, ask):
    other("orders", WRITES.format("old"))
    other("orders", WRITES.format("new"))
    other("report", READS.format("new"))
    derive_due(60)
    found = ask()
    row = finding(found, "lineage_not_written")
    assert (row.weight, row.values) == (
        Weight.ACKNOWLEDGE,
        {"names": ["dwd.new"], "count": 1, "hidden": 0, "readers": ["report"]},
    )
    (lost,), (gained,) = found.lineage.writes_lost, found.lineage.writes_gained
    assert (lost.name, [one.key for one in lost.others], gained.name) == ("dwd.new", ["report"], "dwd.old")


def test_a_table_nobody_reads_is_no_warning(other, ask):
    other("orders", WRITES.format("old"))
    other("orders", WRITES.format("new"))
    derive_due(60)
    found = ask()
    assert (lineage(found), [row.name for row in found.lineage.writes_lost]) == (set(), ["dwd.new"])


def test_readers_the_reader_may_not_see_are_counted(other, ask, secret_project):
    other("orders", WRITES.format("old"))
    other("orders", WRITES.format("new"))
    other("hidden_one", READS.format("new"), within=secret_project)
    derive_due(60)
    found = ask()
    values = finding(found, "lineage_not_written").values
    assert (values["readers"], values["hidden"]) == ([], 1)
    assert "hidden_one" not in str(found.as_json())


def test_what_is_kept_counts_readers_of_other_projects_whoever_asks(other, ask, secret_project, root):
    other("orders", WRITES.format("old"))
    other("orders", WRITES.format("new"))
    other("hidden_one", READS.format("new"), within=secret_project)
    other("report", READS.format("new"))
    derive_due(60)
    row = finding(ask(reader=root), "lineage_not_written")
    assert (row.values["readers"], row.values["hidden"]) == (["hidden_one", "report"], 0)
    kept = row.as_json()["values"]
    assert (kept["names"], kept["readers"], kept["hidden"]) == (["dwd.new"], ["report"], 1)
    assert not {"near_readers", "far_readers"} & ask(reader=root).as_json()["lineage"].keys()


def test_a_table_another_one_wrote_at_that_time_and_does_not_now(other, ask):
    other("feeder", WRITES.format("dup"))
    other("orders", READS.format("dup"))
    other("orders", "echo no more")
    other("feeder", WRITES.format("better"))
    derive_due(60)
    found = ask()
    row = finding(found, "lineage_no_writer")
    assert (row.weight, row.values) == (Weight.ACKNOWLEDGE, {"names": ["dwd.dup"], "count": 1})
    assert "lineage_no_writer" not in codes(ask(2))


def test_a_writer_that_can_not_be_read_is_no_loss(other, ask):
    other("feeder", WRITES.format("dup"))
    other("orders", READS.format("dup"))
    other("orders", "echo no more")
    other("feeder", "hive -f script.sql")
    derive_due(60)
    assert lineage(ask()) == set()


def test_a_writer_that_was_deleted_writes_no_more(other, ask):
    other("feeder", WRITES.format("dup"))
    other("orders", READS.format("dup"))
    other("orders", "echo no more")
    derive_due(60)
    assert lineage(ask()) == set()
    Workflow.objects.filter(key="feeder").update(deleted_in_dolphin_at=timezone.now())
    assert lineage(ask()) == {"lineage_no_writer"}


def test_a_table_that_somebody_else_writes_now_is_fine(other, ask):
    other("feeder", WRITES.format("dup"))
    other("orders", READS.format("dup"))
    other("orders", "echo no more")
    other("feeder", WRITES.format("better"))
    other("successor", WRITES.format("dup"))
    derive_due(60)
    assert lineage(ask()) == set()


def test_a_table_that_never_had_a_writer_here_is_fine(other, ask):
    other("orders", READS.format("from_outside"))
    other("orders", "echo no more")
    derive_due(60)
    assert lineage(ask()) == set()


def test_a_table_that_this_workflow_itself_began_to_write(other, ask):
    other("orders", READS.format("own"))
    other("orders", WRITES.format("own"))
    derive_due(60)
    assert finding(ask(), "lineage_no_writer").values["names"] == ["dwd.own"]


def test_what_is_not_computed_yet_is_said(other, ask):
    other("orders", WRITES.format("old"))
    other("orders", WRITES.format("new"))
    found = ask()
    assert (found.lineage.known, finding(found, "lineage_pending").weight) == ("pending", Weight.NOTE)
