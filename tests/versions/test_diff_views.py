"""What the difference page counts is what it tells."""

import pytest

from definitions.canonical import canonicalise, from_c1
from definitions.compare import compare
from tests.definitions.documents import c1
from versions.diff_views import _counts
from versions.wording.sentences import sentences


def document(scripts, relations=None, layout=None):
    body = {**c1(scripts), "layout": layout or {}}
    return canonicalise(from_c1({**body, **({"relations": relations} if relations else {})})).document


CHAIN = [{"preTaskCode": 0, "postTaskCode": 1}, {"preTaskCode": 1, "postTaskCode": 2}]
ONE = document({1: "echo a", 2: "echo b"}, CHAIN)


@pytest.mark.parametrize(
    ("other", "changes", "in_graph"),
    [
        (document({1: "echo a", 2: "echo b", 3: "c"}, [*CHAIN, {"preTaskCode": 0, "postTaskCode": 3}]), 1, 1),
        (document({1: "echo a", 2: "echo b"}, [CHAIN[0], {"preTaskCode": 0, "postTaskCode": 2}]), 2, 2),
        (document({1: "echo a", 2: "echo b"}, [CHAIN[0], {**CHAIN[1], "conditionType": "JUDGE"}]), 1, 1),
        (document({1: "echo a", 2: "echo b"}, CHAIN, {"1": {"x": 1, "y": 1}}), 1, 0),
        (document({1: "echo a"}, CHAIN[:1]), 2, 2),
        (
            document(
                {1: "a", 2: "echo b", 3: "c"}, [*CHAIN, {"preTaskCode": 2, "postTaskCode": 3}], {"3": {"x": 1, "y": 1}}
            ),
            *(3, 3),
        ),
    ],
)
def test_as_many_changes_are_counted_as_told(other, changes, in_graph):
    comparison = compare(ONE, other)
    assert len(sentences(comparison, with_layout=True)) == changes
    assert _counts(comparison)["summary"] == changes
    assert _counts(comparison)["graph"] == in_graph
