"""What would be overwritten in DolphinScheduler."""

from rollback.impact.findings import Weight
from snapshotter.choices import ScheduleChoice
from snapshotter.models import Snapshot, WorkflowState
from tests.rollback.impact.conftest import codes, finding, workflow_of


def test_an_edit_would_be_overwritten(history, ask, raw, project):
    raw.edit(project.code, workflow_of("orders").workflow_code, "echo by hand")
    found = finding(ask(), "overwrites_edit")
    assert found.weight == Weight.ACKNOWLEDGE
    assert (found.values["version"], found.values["counts"]) == (2, {"tasks_modified": 1})
    assert "1 task changed" in found.text


def test_an_edit_that_is_the_version_itself_is_lost_to_nobody(history, ask, raw, project):
    raw.edit(project.code, workflow_of("orders").workflow_code, "echo one")
    found = ask()
    assert codes(found, Weight.REFUSED, Weight.ACKNOWLEDGE) == ["schedule_on"]  # an edit there takes it off
    assert "newer_in_ds" not in codes(found)  # it does differ from what is published


def test_another_schedule_is_an_edit_only_where_it_is_replaced(history, ask, dolphin):
    dolphin.state.schedules[0]["crontab"] = "0 0 4 * * ? *"
    assert "overwrites_edit" not in codes(ask())
    found = finding(ask(schedule=ScheduleChoice.FROM_DEFINITION), "overwrites_edit")
    assert found.values["counts"] == {"schedule": 1}


def test_saved_again_without_a_change_is_a_note(history, ask, raw, project):
    code = workflow_of("orders").workflow_code
    raw.edit(project.code, code, "echo other")
    raw.edit(project.code, code, "echo two")
    found = ask()
    assert "overwrites_edit" not in codes(found)
    row = finding(found, "newer_in_ds")
    assert (row.weight, row.values["version"]) == (Weight.NOTE, 2)
    assert row.values["shown"] == row.values["kept"] + 2


def test_a_corrupt_workflow_is_repaired(history, ask, raw, project, dolphin):
    code = workflow_of("orders").workflow_code
    raw.release(project.code, code, "OFFLINE")
    dolphin.slow_put = 0.2
    raw.corrupt(project.code, code, ("echo x", "echo y"))
    found = ask()
    row = finding(found, "corrupt_live")
    assert row.weight == Weight.ACKNOWLEDGE
    assert "2 times" in row.text
    assert "goes_offline" not in codes(found)
    assert found.fires.after.cron == "0 0 3 * * ? *"  # as it was published


def test_a_deleted_workflow_is_said_to_be_missing(history, ask, dolphin):
    dolphin.state.definitions.clear()
    found = ask()
    assert codes(found, Weight.REFUSED) == []
    assert finding(found, "missing_in_dolphin").weight == Weight.NOTE
    assert found.running == []


def test_a_schedule_that_was_deleted_comes_back(history, ask, dolphin):
    dolphin.state.schedules.clear()
    found = ask()
    assert finding(found, "overwrites_edit").values["counts"] == {"schedule": 1}
    assert (found.fires.now, found.fires.after.cron) == (None, "0 0 3 * * ? *")


def test_what_nobody_published_has_no_edit(history, ask):
    WorkflowState.objects.update(published=None)
    assert not {"overwrites_edit", "newer_in_ds"} & set(codes(ask()))
    assert Snapshot.objects.count() == 2
