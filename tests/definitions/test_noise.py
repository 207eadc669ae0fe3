"""What must never be shown as a change, injected into raw bodies of each release line; and what is hidden until asked for."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions import fields
from definitions.canonical import canonicalise
from definitions.compare import Kind, compare
from definitions.noise import split
from dolphin.payloads import read_document
from tests.definitions.shapes import A, v20, v31, v34
from tests.definitions.test_compare import BASE, script

ROW_NOISE = [
    "id",
    "version",
    "userId",
    "userName",
    "projectName",
    "createTime",
    "updateTime",
    "modifyBy",
    "operator",
    "operateTime",
]
DEFINITION_NOISE = [
    *ROW_NOISE,
    "releaseState",
    "scheduleReleaseState",
    "globalParamList",
    "globalParamMap",
    "warningGroupId",
    "tenantId",
]
TASK_NOISE = [*ROW_NOISE, "taskParamList", "taskParamMap", "dependence", "resourceIds"]
EDGE_NOISE = [*ROW_NOISE, "preTaskVersion", "postTaskVersion", "processDefinitionVersion", "workflowDefinitionVersion"]
VALUES = (
    st.none()
    | st.integers(1, 10**6)
    | st.text("xyz", max_size=3)
    | st.dictionaries(st.text("k"), st.integers(), max_size=1)
)


def _parts(raw):
    definition = raw.get("processDefinition") or raw.get("workflowDefinition")
    edges = raw.get("processTaskRelationList") or raw.get("workflowTaskRelationList")
    return definition, raw["taskDefinitionList"], edges


def _disturb(row, names, data):
    for name in data.draw(st.lists(st.sampled_from(names), unique=True)):
        row[name] = data.draw(VALUES)
    order = data.draw(st.permutations(list(row)))
    kept = {name: row[name] for name in order}
    row.clear()
    row.update(kept)


@pytest.mark.parametrize("shape", [v20, v31, v34])
@settings(max_examples=30)
@given(data=st.data())
def test_noise_in_a_raw_body_is_no_change(shape, data):
    raw = shape()
    definition, tasks, edges = _parts(raw)
    _disturb(definition, DEFINITION_NOISE, data)
    for task in tasks:
        _disturb(task, TASK_NOISE, data)
    for edge in edges:
        _disturb(edge, EDGE_NOISE, data)
    for rows in (tasks, edges):
        rows[:] = data.draw(st.permutations(rows))
    boxes = json.loads(definition["locations"])
    definition["locations"] = json.dumps(data.draw(st.permutations(boxes)))
    shown = canonicalise(read_document(raw)).document
    assert compare(canonicalise(read_document(v31())).document, shown).is_identical


@pytest.mark.parametrize("shape", [v20, v31, v34])
def test_an_edit_in_the_midst_of_noise_is_the_only_change(shape):
    raw = shape()
    next(task for task in raw["taskDefinitionList"] if task["code"] == A)["failRetryTimes"] = "7"
    shown = canonicalise(read_document(raw)).document
    (change,) = compare(canonicalise(read_document(v31())).document, shown).changes
    assert (change.kind, change.task, change.field, change.before, change.after) == (
        Kind.TASK_MODIFIED,
        A,
        "failRetryTimes",
        0,
        7,
    )


def test_the_deny_lists_hold_what_is_injected_here():
    assert set(DEFINITION_NOISE) - {"releaseState"} <= fields.SETTINGS_DENIED
    assert set(TASK_NOISE) <= fields.TASK_DENIED


def test_moved_boxes_are_hidden_until_asked_for():
    moved = replace(script("echo b"), layout={**BASE.layout, A: {"x": 5, "y": 5}})
    comparison = compare(BASE, moved)
    shown, hidden = split(comparison, with_layout=False)
    assert [change.kind for change in shown.changes] == [Kind.TASK_MODIFIED]
    assert [change.kind for change in hidden.changes] == [Kind.LAYOUT_CHANGED]
    assert split(comparison, with_layout=True)[0] == comparison
    assert split(comparison, with_layout=True)[1].is_identical


@pytest.mark.parametrize("kind", Kind)
def test_nothing_but_layout_is_ever_hidden(kind):
    from definitions.compare import Change, Comparison

    _, hidden = split(Comparison((Change(kind),)), with_layout=False)
    assert hidden.is_identical == (kind != Kind.LAYOUT_CHANGED)
