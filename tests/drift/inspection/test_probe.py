"""What lists tell: page by page, and nothing that changes from one reading to the next."""

import pytest

from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected, DolphinUnexpected
from drift.inspection import probe
from drift.inspection.probe import read_lists
from tests.services.raw_dolphin import RawDolphin


@pytest.fixture
def raw(dolphin):
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def made(raw, dolphin):
    """Five workflows, the first with a schedule."""
    tasks = raw.task_codes(dolphin.project, 5)
    codes = [raw.create(dolphin.project, raw.form(f"w {task}", {task: "echo"})) for task in tasks]
    raw.release(dolphin.project, codes[0], "ONLINE")
    raw.create_schedule(dolphin.project, codes[0], "0 0 3 * * ? *")
    return codes


@pytest.fixture
def lists(dolphin):
    def read(**options):
        with DolphinClient(dolphin.url, dolphin.token) as client:
            return read_lists(client, dolphin.project, **options)

    return read


def test_the_same_twice_and_whatever_the_page(made, lists, monkeypatch, dolphin):
    whole = lists()
    monkeypatch.setattr(probe, "PAGE", 2)
    beats = []
    calls = len(dolphin.log)
    again = lists(beat=lambda: beats.append(len(dolphin.log) - calls))
    assert again.workflows == whole.workflows and set(whole.workflows) == set(made), "saved within a second or not"
    assert len({far.digest for far in whole.workflows.values()}) == 5
    flavour = next(at for at, call in enumerate(dolphin.log[calls:]) if call.path.endswith("/schedules/list"))
    made_calls = len(dolphin.log) - calls - flavour  # but for how the release line is told
    assert [count - flavour for count in beats] == list(range(1, made_calls + 1)), (
        "after each call, so that no lease runs out"
    )


def test_a_beat_after_each_page(made, lists, monkeypatch, dolphin):
    for number, code in enumerate(made):
        dolphin.state.definitions[code][0]["updateTime"] = f"2026-01-01 00:00:0{number}"  # not within one second
    monkeypatch.setattr(probe, "PAGE", 2)
    beats = []
    calls = len(dolphin.log)
    lists(beat=lambda: beats.append(len(dolphin.log) - calls))
    flavour = len(dolphin.log) - calls - 4  # how the release line is told
    assert [count - flavour for count in beats] == [1, 2, 3, 4], "between two calls, so that no lease runs out"


@pytest.mark.parametrize(
    "act",
    [
        lambda raw, project, code, row: raw.release(project, code, "OFFLINE"),
        lambda raw, project, code, row: raw.edit(project, code, "echo new"),
        lambda raw, project, code, row: raw.data("POST", f"/projects/{project}/schedules/{row}/online"),
        lambda raw, project, code, row: raw.data("DELETE", f"/projects/{project}/schedules/{row}"),
    ],
    ids=["offline", "saved", "schedule on", "schedule gone"],
)
def test_one_that_changes_looks_otherwise_and_the_others_do_not(made, lists, raw, dolphin, act):
    before = lists()
    act(raw, dolphin.project, made[0], raw.schedules(dolphin.project, made[0])[0]["id"])
    after = lists()
    differing = {code for code in made if before.workflows[code].digest != after.workflows[code].digest}
    assert differing == {made[0]}


def test_where_the_list_breaks_names_are_still_known_and_no_more(made, lists, raw, dolphin):
    raw.create_schedule(dolphin.project, made[0], "0 0 4 * * ? *")
    found = lists()
    assert {far.digest for far in found.workflows.values()} == {""} and set(found.workflows) == set(made)
    assert len(found.schedules[made[0]]) == 2


def test_another_refusal_and_a_strange_answer_are_errors(made, lists, dolphin):
    dolphin.fault("garbage", "POST", "/schedules/list")
    with pytest.raises(DolphinUnexpected):
        lists()
    with DolphinClient(dolphin.url, dolphin.token) as client, pytest.raises((DolphinRejected, DolphinUnexpected)):
        dolphin.fault("html", "GET", "/process-definition")
        read_lists(client, dolphin.project)
