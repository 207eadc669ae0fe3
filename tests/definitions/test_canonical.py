import hashlib
import json
from dataclasses import replace

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from definitions.canonical import SCHEME, canonicalise, expand, from_c1, to_c1
from definitions.document import Document
from definitions.errors import DefinitionError, InvalidDefinition, TooManyTasks
from definitions.limits import Limits
from definitions.strict_json import dumps
from dolphin.payloads import read_document
from tests.definitions.documents import SCHEDULE
from tests.definitions.shapes import A, B, v20, v31, v34

# Golden vectors: these bytes and hashes are the scheme. They may never change while it is called c1.
GOLDEN_SETTINGS = '{"globalParams":[{"direct":"IN","prop":"dt","type":"VARCHAR","value":"$[yyyy-MM-dd]"}]}'
GOLDEN_SUB_TASK = '{"name":"sub","taskParams":{"workflowDefinitionCode":77},"taskType":"SUB_WORKFLOW"}'
GOLDEN_CONTENT_HASH = "692c96c9e79ec92c7fec7148d2a8eb986236952e7f7ff2f887ddbd786c5c912d"
GOLDEN_LAYOUT_HASH = "4a18e721ba329eb5c001412d0e0bb27118115d505484d49836d906acf39e7992"


@pytest.mark.parametrize("shape", [v20, v31, v34])
def test_every_flavour_gives_the_golden_hashes(shape):
    canonical = canonicalise(read_document(shape()))
    assert canonical.settings_json.decode() == GOLDEN_SETTINGS
    assert canonical.task_json[B].decode() == GOLDEN_SUB_TASK
    assert canonical.content_hash == GOLDEN_CONTENT_HASH
    assert canonical.layout_hash == GOLDEN_LAYOUT_HASH
    assert canonical.label_hash == hashlib.sha256("每日订单 daily".encode()).hexdigest()
    assert canonical.schedule_json == b"null"


def test_the_content_hash_is_over_definitions_and_relations():
    canonical = canonicalise(read_document(v31()))
    text = canonical.definitions_json + b"\n" + canonical.relations_json
    assert canonical.content_hash == hashlib.sha256(text).hexdigest()
    assert json.loads(canonical.definitions_json)["tasks"].keys() == {str(code) for code in canonical.document.tasks}


def test_canonical_form_is_stable_and_c1_reads_back():
    canonical = canonicalise(read_document(v31()))
    again = canonicalise(from_c1(json.loads(json.dumps(to_c1(canonical.document)))))
    assert again.document == canonical.document
    assert again.fingerprint == canonical.fingerprint
    assert canonicalise(expand(canonical.document)).fingerprint == canonical.fingerprint


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcxyz", max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_bytes_agree_with_an_independent_canonical_json(value):
    # rfc8785 orders keys by UTF-16 units; ASCII keys order alike in both.
    assert dumps(value) == rfc8785.dumps(value)


@given(JSON, JSON)
def test_equal_hashes_exactly_when_the_parameters_are_equal(left, right):
    documents = [_one_task({"rawScript": "x", "value": value}) for value in (left, right)]
    hashes = [canonicalise(document).content_hash for document in documents]
    assert (hashes[0] == hashes[1]) == (dumps(left) == dumps(right))


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1, True), (0, False), ("1", 1), (None, ""), ([], {})])
def test_values_of_other_types_are_other_content(one, other):
    hashes = {canonicalise(_one_task({"rawScript": "x", "value": value})).content_hash for value in (one, other)}
    assert len(hashes) == 2


def _one_task(params, **task):
    fields = {"name": "a", "taskType": "SHELL", "taskParams": params, **task}
    return Document("w", {}, {1: fields}, [{"preTaskCode": 0, "postTaskCode": 1}])


BASE = canonicalise(read_document(v31())).document


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: replace(d, tasks={}), "definitions.tasks"),
        (lambda d: replace(d, name=" "), "name"),
        (lambda d: replace(d, name="x" * 201), "name"),
        (lambda d: replace(d, tasks={**d.tasks, A: {**d.tasks[A], "name": ""}}), f"definitions.tasks.{A}.name"),
        (lambda d: replace(d, tasks={**d.tasks, A: {**d.tasks[A], "taskType": 5}}), f"definitions.tasks.{A}.taskType"),
        (
            lambda d: replace(d, tasks={**d.tasks, A: {**d.tasks[A], "taskParams": []}}),
            f"definitions.tasks.{A}.taskParams",
        ),
        *(
            (
                lambda d, field=field, value=value: replace(d, tasks={**d.tasks, A: {**d.tasks[A], field: value}}),
                f"definitions.tasks.{A}.{field}",
            )
            for field, value in [
                *(
                    ("taskType", ["x"]),
                    ("flag", ["x"]),
                    ("flag", {"a": 1}),
                    ("taskPriority", 1),
                    ("workerGroup", ["x"]),
                ),
                *(
                    ("timeoutFlag", ["x"]),
                    ("timeoutNotifyStrategy", {"a": 1}),
                    ("description", ["x"]),
                    ("isCache", True),
                ),
                *(
                    ("environmentCode", ["x"]),
                    ("environmentCode", "x"),
                    ("environmentCode", 2**63),
                    ("environmentCode", True),
                ),
            ]
        ),
        (lambda d: replace(d, settings={"executionType": ["x"]}), "definitions.settings.executionType"),
        (lambda d: replace(d, settings={"tenantCode": 5}), "definitions.settings.tenantCode"),
        *(
            (
                lambda d, code=code, end=end: replace(d, relations=[{**d.relations[0], end: code}, *d.relations[1:]]),
                "relations.0",
            )
            for code in ([1], {"a": 1}, "x", 1.5, True)
            for end in ("preTaskCode", "postTaskCode")
        ),
        (lambda d: replace(d, schedule={**SCHEDULE, "failureStrategy": ["x"]}), "schedule.failureStrategy"),
        (lambda d: replace(d, tasks={**d.tasks, 2**63: d.tasks[A]}), "definitions.tasks"),
        (lambda d: replace(d, relations=d.relations[:-1]), "relations"),
        (lambda d: replace(d, relations=[*d.relations, {"preTaskCode": 5, "postTaskCode": A}]), "relations"),
        (lambda d: replace(d, relations=[*d.relations, {"preTaskCode": A, "postTaskCode": 5}]), "relations"),
        (lambda d: replace(d, relations=[*d.relations, {"preTaskCode": B, "postTaskCode": A}]), "relations"),
        (lambda d: replace(d, schedule={"crontab": "0 0 1 * * ? *"}), "schedule.startTime"),
    ],
)
def test_what_is_no_workflow_is_refused_with_its_place(change, path):
    with pytest.raises(InvalidDefinition) as caught:
        canonicalise(change(BASE))
    assert caught.value.path.startswith(path)
    assert caught.value.message


def test_too_many_tasks_are_refused_not_cut():
    with pytest.raises(TooManyTasks, match="3 tasks; at most 2"):
        canonicalise(BASE, Limits(tasks=2))


@pytest.mark.parametrize("body", [{"scheme": "c2"}, {"scheme": "c1", "extra": 1}, {"scheme": "c1", "definitions": []}])
def test_bad_c1_bodies_are_refused(body):
    with pytest.raises(DefinitionError):
        from_c1(body)


def test_scheme_is_named():
    assert canonicalise(BASE).scheme == SCHEME == "c1"
