"""How a rollback ended: equal means every piece, the switches too, and each that differs is named."""

import json

import pytest

from rollback.choices import Act, State
from rollback.choices_of import Choices
from rollback.execute import execute
from rollback.proof import proof_of
from snapshotter.choices import Online
from snapshotter.work import run_due
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.remade import delete


@pytest.fixture
def raw(dolphin):
    return RawDolphin(dolphin.url, dolphin.token)


def unlike(proof):
    return {row.name for row in proof.pieces if row.asked != row.live}


def test_all_is_as_it_was_asked_for(roll_back):
    proof = proof_of(roll_back(1))
    assert proof.is_equal and not unlike(proof) and proof.pieces, "the task that came back is told"


@pytest.mark.parametrize(
    ("edit", "pieces"),
    [
        ("offline", {"workflow on or off", "schedule on or off"}),
        ("schedule", {"schedule on or off"}),
        ("no schedule", {"schedule", "schedule on or off"}),
        ("name and positions", {"name", "layout"}),
        ("script", {"task 0", "schedule on or off"}),  # it leaves the schedule off
    ],
)
def test_what_was_changed_since_is_no_longer_equal(roll_back, history, raw, dolphin, edit, pieces):
    request = roll_back(1)
    (row,) = raw.schedules(dolphin.project, history.code)
    address = f"/projects/{dolphin.project}/schedules/{row['id']}"
    if edit == "offline":
        raw.release(dolphin.project, history.code, "OFFLINE")
    elif edit == "script":
        raw.edit(dolphin.project, history.code, "echo theirs")
    elif edit == "name and positions":
        task = raw.definition(dolphin.project, history.code)["taskDefinitionList"][0]["code"]
        for version in dolphin.state.definitions[history.code]:
            version |= {"name": "theirs", "locations": json.dumps([{"taskCode": task, "x": 7, "y": 7}])}
    else:
        raw.data("POST", f"{address}/offline")
    if edit == "no schedule":
        raw.data("DELETE", address)
    proof = proof_of(request)
    assert not proof.is_equal and unlike(proof) == pieces
    assert (proof.asked == proof.live) == (edit != "script")


def test_states_are_held_against_those_that_were_chosen(roll_back, history, raw, dolphin):
    request = roll_back(1, choices=Choices(online=Online.OFF), acknowledged=("goes_offline",))
    assert proof_of(request).is_equal
    raw.release(dolphin.project, history.code, "ONLINE")
    (row,) = (row for row in proof_of(request).pieces if row.name == "workflow on or off")
    assert (row.asked, row.before, row.live, row.is_as) == ("Offline", "Online", "Online", "before")


def test_a_workflow_made_anew_has_no_states_before(history, ask, oncall, raw, dolphin):
    delete(raw, dolphin.project, history.code)
    request = ask(1, act=Act.RESTORE)
    execute(request, actor=oncall)
    run_due()
    request = again(request)
    assert request.state == State.DONE, request.closed_text
    proof = proof_of(request)
    assert proof.is_equal and {row.before for row in proof.pieces if row.name == "workflow on or off"} == {""}
