"""Other codes for a workflow's tasks: there and back it is the same definition, and nothing else has changed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.canonical import canonicalise
from definitions.document import Document
from definitions.errors import InvalidDefinition
from definitions.recode import NO_ALIASES, Aliases
from tests.definitions.strategies import canonicals

OLD, NEW = 900, 901
ITEM = {"depTaskCode": 1, "status": "SUCCESS"}
PARAMS = {
    "CONDITIONS": {
        "dependence": {"relation": "AND", "dependTaskList": [{"relation": "AND", "dependItemList": [ITEM]}]},
        "conditionResult": {"successNode": [2], "failedNode": ["3"]},
    },
    "SWITCH": {"switchResult": {"dependTaskList": [{"condition": "1 == 1", "nextNode": "2"}], "nextNode": [3]}},
    "DEPENDENT": {
        "dependence": {
            "dependTaskList": [
                {
                    "dependItemList": [
                        {"definitionCode": NEW, "depTaskCode": 1},
                        {"definitionCode": 77, "depTaskCode": 1},
                        {"definitionCode": NEW, "depTaskCode": 0},
                    ]
                }
            ]
        }
    },
}


def document(kind: str, code: int = 9) -> Document:
    """One task of the kind beside three others."""
    tasks = {
        number: {"name": f"t{number}", "taskType": "SHELL", "taskParams": {"rawScript": "1 2 3"}}
        for number in (1, 2, 3)
    }
    tasks[code] = {"name": "it", "taskType": kind, "taskParams": PARAMS[kind], "failRetryTimes": 1}
    relations = [{"preTaskCode": 0, "postTaskCode": 1}, {"preTaskCode": 1, "postTaskCode": code}]
    return Document("w", {"timeout": 1}, tasks, relations, {1: {"taskCode": 1, "x": 1, "y": 2}})


SHIFT = Aliases.of({11: 1, 12: 2, 13: 3}, origin_workflow=OLD).at(NEW)


def test_every_place_that_names_a_task_of_the_workflow_changes():
    found = SHIFT.to_present(document("CONDITIONS"))
    assert sorted(found.tasks) == [9, 11, 12, 13]
    assert found.relations == [{"preTaskCode": 0, "postTaskCode": 11}, {"preTaskCode": 11, "postTaskCode": 9}]
    assert found.layout == {11: {"taskCode": 11, "x": 1, "y": 2}}
    params = found.tasks[9]["taskParams"]
    assert params["conditionResult"] == {"successNode": [12], "failedNode": ["13"]}, "numbers stay numbers, text text"
    assert params["dependence"]["dependTaskList"][0]["dependItemList"] == [{"depTaskCode": 11, "status": "SUCCESS"}]
    assert found.tasks[11]["taskParams"] == {"rawScript": "1 2 3"}, "a script is nobody's code"


def test_the_branches_of_a_switch_in_every_spelling():
    result = SHIFT.to_present(document("SWITCH")).tasks[9]["taskParams"]["switchResult"]
    assert result == {"dependTaskList": [{"condition": "1 == 1", "nextNode": "12"}], "nextNode": [13]}


def test_a_workflow_that_waits_for_itself_names_its_first_code_and_its_first_tasks():
    shown = SHIFT.to_present(SHIFT.to_origins(document("DEPENDENT")))
    assert shown == document("DEPENDENT")
    kept = SHIFT.to_origins(document("DEPENDENT"))
    own, other, whole = kept.tasks[9]["taskParams"]["dependence"]["dependTaskList"][0]["dependItemList"]
    assert own["definitionCode"] == whole["definitionCode"] == OLD
    assert other == {"definitionCode": 77, "depTaskCode": 1}, "a task of another workflow may have any code"
    back = SHIFT.to_present(kept).tasks[9]["taskParams"]["dependence"]["dependTaskList"][0]["dependItemList"][0]
    assert back == {"definitionCode": NEW, "depTaskCode": 1}


def test_what_still_names_the_deleted_workflow_does_not_pass_for_the_one_that_names_itself():
    dangling = json.loads(json.dumps(PARAMS["DEPENDENT"]).replace(str(NEW), str(OLD)))
    raw = document("DEPENDENT")
    raw.tasks[9]["taskParams"] = dangling
    assert SHIFT.to_origins(raw) != SHIFT.to_origins(document("DEPENDENT"))
    assert SHIFT.to_present(SHIFT.to_origins(raw)) == raw


def test_before_the_workflow_is_created_it_names_nothing_new():
    kept = SHIFT.to_origins(document("DEPENDENT"))
    (group,) = SHIFT.at(None).to_present(kept).tasks[9]["taskParams"]["dependence"]["dependTaskList"]
    assert group["dependItemList"][0]["definitionCode"] == OLD


def test_two_codes_for_one_task_are_refused():
    with pytest.raises(InvalidDefinition):
        Aliases.of({11: 1, 12: 1})


def test_a_task_left_from_the_former_workflow_is_another_task():
    """Code 1 stands in DolphinScheduler beside 11, which is task 1 now."""
    raw = Document("w", {}, {1: {"taskParams": {}}, 11: {"taskParams": {"a": 1}}}, [])
    found = Aliases.of({11: 1}).to_origins(raw)
    assert found.tasks == {11: {"taskParams": {}}, 1: {"taskParams": {"a": 1}}}


def test_no_aliases_cost_nothing():
    given_one = document("SWITCH")
    assert NO_ALIASES.to_origins(given_one) is given_one is NO_ALIASES.to_present(given_one)


@given(st.sampled_from(sorted(PARAMS)), st.data())
def test_there_and_back_is_the_same(kind, data):
    codes = data.draw(st.permutations([1, 2, 3, 9, 11, 12]))
    origins = data.draw(st.permutations([1, 2, 3, 9, 21, 22]))
    size = data.draw(st.integers(0, 6))
    aliases = Aliases.of(dict(zip(codes[:size], origins[:size], strict=True)), origin_workflow=OLD).at(NEW)
    whole = document(kind)
    assert aliases.to_origins(aliases.to_present(whole)) == whole
    assert aliases.to_present(aliases.to_origins(whole)) == whole


@given(canonicals(), st.data())
def test_any_definition_keeps_its_hash_there_and_back(canonical, data):
    codes = sorted(canonical.document.tasks)
    fresh = data.draw(st.permutations(range(10**12, 10**12 + len(codes))))
    aliases = Aliases.of(dict(zip(fresh, codes, strict=True)))
    written = aliases.to_present(canonical.document)
    assert set(written.tasks) == set(fresh)
    assert canonicalise(aliases.to_origins(written), check=False).fingerprint == canonical.fingerprint
