"""What the choices of release state and schedule bring about."""

from definitions.canonical import canonicalise
from definitions.document import Document
from rollback.impact.findings import Weight
from snapshotter.choices import Online, ScheduleChoice
from snapshotter.models import DefinitionBlob, Snapshot, WorkflowState
from snapshotter.store import put_blob
from tests.definitions.documents import SCHEDULE
from tests.rollback.impact.conftest import codes, finding

FROM_DEFINITION = {"schedule": ScheduleChoice.FROM_DEFINITION}


def test_keeping_all_asks_nothing(history, ask):
    assert codes(ask(), Weight.REFUSED, Weight.ACKNOWLEDGE) == []
    assert codes(ask(**FROM_DEFINITION), Weight.REFUSED, Weight.ACKNOWLEDGE) == []


def test_a_schedule_nobody_knows_can_only_be_left(history, ask):
    Snapshot.objects.filter(version=1).update(schedule=None, schedule_hash="")
    assert finding(ask(**FROM_DEFINITION), "schedule_unknown").weight == Weight.REFUSED
    assert "schedule_unknown" not in codes(ask())


def test_a_schedule_that_ended_is_refused(run_publish, make_definition, ask):
    ended = {**SCHEDULE, "endTime": "2026-01-02 00:00:00"}
    run_publish(make_definition("echo one"))
    blob = put_blob(_canonical(ended))
    Snapshot.objects.filter(version=1).update(schedule=DefinitionBlob.objects.get(pk=blob))
    run_publish(make_definition("echo two"))
    found = finding(ask(**FROM_DEFINITION), "schedule_ended")
    assert (found.weight, found.values) == (Weight.REFUSED, {"end": "2026-01-02 00:00:00"})
    assert "schedule_ended" not in codes(ask())


def _canonical(schedule):
    return canonicalise(Document("", {}, {}, [], schedule=schedule), check=False).schedule_json


def test_no_schedule_then_deletes_the_present_one(run_publish, make_definition, ask):
    run_publish(make_definition("echo one"))
    assert Snapshot.objects.get(version=1).schedule_id is not None  # known to have none
    body = make_definition("echo two", schedule={**SCHEDULE, "releaseState": "ONLINE"})
    run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)
    found = ask(**FROM_DEFINITION)
    assert codes(found, Weight.ACKNOWLEDGE) == ["deletes_schedule"]
    assert finding(found, "deletes_schedule").values == {"crontab": "0 0 3 * * ? *"}
    assert "deletes_schedule" not in codes(ask())


def test_what_goes_off_must_be_agreed_to(history, ask):
    for choices, expected in (
        ({"online": Online.OFF}, ["goes_offline"]),
        ({"online": Online.ON}, []),
        ({"schedule": ScheduleChoice.OFF}, ["schedule_off"]),
        ({"schedule_state": Online.OFF}, ["schedule_off"]),
        ({"schedule_state": Online.OFF, **FROM_DEFINITION}, ["schedule_off"]),
        ({"online": Online.OFF, "schedule": ScheduleChoice.OFF}, ["goes_offline"]),
    ):
        assert codes(ask(**choices), Weight.ACKNOWLEDGE) == expected, choices


def test_what_is_off_already_goes_off_unasked(history, ask, raw, project):
    WorkflowState.objects.update(expected_online=False, expected_schedule_online=False)
    raw.release(project.code, WorkflowState.objects.get().workflow.workflow_code, "OFFLINE")
    assert codes(ask(online=Online.OFF, schedule=ScheduleChoice.OFF), Weight.ACKNOWLEDGE) == []


def test_keep_means_as_we_left_it(history, ask):
    """Somebody put it online since: keeping takes it off again, and that must be known."""
    WorkflowState.objects.update(expected_online=False)
    assert codes(ask(), Weight.ACKNOWLEDGE) == ["goes_offline"]
