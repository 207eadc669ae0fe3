"""Every row of the bad-input table, as the API answers it; and that nothing was kept, half or whole."""

from pathlib import Path

import pytest

from catalog.models import Workflow
from snapshotter.models import DefinitionBlob, IdempotencyKey, Snapshot, Sync
from tests.api.bad_input import CASES, table

DOCS = Path(__file__).resolve().parents[2] / "docs" / "bad-input.md"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_bad_input(case, api, good_body, dolphin):
    answer = api(
        case.method,
        f"workflows/{case.key}/publish{case.query}",
        as_=case.token,
        body=case.body(good_body) if case.method == "post" else None,
        content_type=case.content_type,
        **case.headers,
    )
    said = answer.json()
    assert (answer.status_code, said["code"]) == (case.status, case.code), said
    assert case.message.casefold() in str(said).casefold()
    assert said.keys() == {"code", "message", "extra", "request_id"}
    assert said["request_id"] == answer["X-Request-ID"]
    kept = [model.objects.count() for model in (Workflow, Snapshot, Sync, IdempotencyKey, DefinitionBlob)]
    assert kept == [0] * 5
    assert dolphin.log == []


def test_the_table_in_the_docs_is_this_one():
    assert len(CASES) >= 40
    assert table() in DOCS.read_text()
