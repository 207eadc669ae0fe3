"""Whatever somebody put into whatever field: nothing that shows a comparison may break on it."""

from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from definitions.compare import compare
from definitions.document import Document
from snapshotter.models import Snapshot
from tests.definitions.strategies import PARAMETERS, TREES
from versions.comparison import Side
from versions.exports.export import export
from versions.settings_diff import setting_rows
from versions.tasks_diff import tasks_diff
from versions.wording.field_names import FIELD_NAMES
from versions.wording.sentences import sentences
from versions.wording.values import WORDS

USUAL = st.sampled_from(sorted({word for words in WORDS.values() for word in words}))
ITEMS = st.dictionaries(
    st.sampled_from(["prop", "value", "id", "resourceName", "depTaskCode", "definitionCode", "status", "condition"]),
    TREES,
)
GROUPS = st.fixed_dictionaries({"relation": TREES, "dependItemList": st.lists(ITEMS, max_size=2) | TREES})
ANY = TREES | USUAL | PARAMETERS | st.lists(ITEMS, max_size=2) | st.lists(GROUPS, max_size=2)
PARAMS = sorted(field.split(".")[1] for field in FIELD_NAMES if field.count(".") == 1)
OWN = sorted(field for field in FIELD_NAMES if "." not in field and field != "taskParams")


def holding(names: list[str]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from(names), ANY, max_size=4)


NESTED = st.dictionaries(st.sampled_from(["dependTaskList", "relation", "successNode", "nextNode"]), ANY)
TASK_PARAMS = holding(PARAMS) | TREES | st.dictionaries(st.sampled_from(["switchResult", "dependence"]), NESTED)
TASKS = st.tuples(holding(OWN), TASK_PARAMS).map(lambda pair: {"taskType": "SHELL", **pair[0], "taskParams": pair[1]})
RELATIONS = st.fixed_dictionaries(
    {"preTaskCode": st.sampled_from([0, 1]), "postTaskCode": st.just(1), "name": ANY, "conditionParams": ANY}
)
DOCUMENTS = st.builds(
    Document,
    name=st.sampled_from(["a", "b"]),
    settings=holding(OWN),
    tasks=st.fixed_dictionaries({1: TASKS}),
    relations=st.lists(RELATIONS, max_size=2),
    layout=st.none() | st.dictionaries(st.just(1), st.dictionaries(st.just("x"), ANY)),
    schedule=st.none() | holding(OWN),
)


def with_flag(flag: object) -> Document:
    return Document("a", {}, {1: {"name": "t", "taskType": "SHELL", "flag": flag}}, [], {}, None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS, DOCUMENTS)
@example(with_flag("YES"), with_flag({"a": 1}))
@example(with_flag([]), with_flag("NO"))
def test_any_two_definitions_can_be_told(left, right):
    comparison = compare(left, right)
    snapshot = Snapshot(workflow_id="orders", version=1, label="a", message="", schedule_id=1)
    sides = Side("1", left, snapshot, key="orders"), Side("2", right, snapshot, key="orders")
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told = sentences(comparison, with_layout=True, limit=None)
            assert all(sentence.text for sentence in told)
            tasks_diff(comparison)
            tasks_diff(comparison, unified=True)
            setting_rows(comparison)
            for format in ("markdown", "unified", "json", "jsondiff"):
                assert export(*sides, comparison, format, with_layout=True).body or comparison.is_identical
