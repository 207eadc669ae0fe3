"""manage.py impact: what it writes, and its exit status."""

from snapshotter.models import Snapshot
from tests.versions.test_commands import run


def test_what_can_be_done_ends_with_0(history):
    status, said, _ = run("impact", "orders", "1", "--online", "off")
    assert (status, said.splitlines()[0]) == (0, "orders: back to v1")
    assert "  !  goes_offline: The workflow is online now" in said


def test_what_is_refused_ends_with_1(history):
    Snapshot.objects.filter(version=1).update(schedule=None)
    status, said, _ = run("impact", "orders", "1", "--schedule", "from_definition")
    assert (status, said.splitlines()[1][:22]) == (1, "  x  schedule_unknown:")


def test_no_such_version_or_workflow_ends_with_2(history):
    assert run("impact", "orders", "99")[0] == 2
    assert run("impact", "nothing", "1")[0] == 2
