"""Edits made in DolphinScheduler through its API, and the sentences a reader is shown: on the sandbox and on the real 3.1.1."""

from collections.abc import Iterator
from hashlib import sha256

import pytest
from django.utils import translation

from definitions.compare import Comparison, Kind, compare, masked
from dolphin.client import DolphinClient
from dolphin.observe import observe
from dolphin.sandbox import Sandbox
from tests.services.raw_dolphin import RawDolphin
from tests.versions.edits import EDITS, Edit
from tests.versions.edits_page import PAGE, page
from tests.versions.workbench import TENANTS, Bench
from versions.wording.sentences import sentences


@pytest.fixture(scope="module", params=["sandbox", pytest.param("311 on MySQL", marks=pytest.mark.dolphin_mysql)])
def place(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A project, with the tenants and the environment that edits choose."""
    if request.param == "sandbox":
        with Sandbox() as sandbox:
            rows = [{"id": 90 + at, "tenantCode": name} for at, name in enumerate(TENANTS)]
            sandbox.state.tenants += rows
            raw = RawDolphin(sandbox.url, sandbox.token)
            yield Bench(raw, raw.create_project(), environment=5_000_000_000_001)
    else:
        raw = request.getfixturevalue("dolphin_311_mysql")
        for tenant in TENANTS:
            raw.call("POST", "/tenants", tenantCode=tenant, queueId=1, description="")  # may be there already
        yield Bench(raw, raw.create_project(), environment=_environment(raw))


def _environment(raw: RawDolphin) -> int:
    form = {"config": "export TEAM=etl", "description": "", "workerGroups": '["default"]'}
    raw.call("POST", "/environment/create", name="snapshotter etl", **form)
    rows = raw.data("GET", "/environment/query-environment-list")
    return next(int(row["code"]) for row in rows if row["name"] == "snapshotter etl")


@pytest.fixture
def bench(place: Bench) -> Iterator[Bench]:
    """A fresh workflow `orders_daily`, deleted afterwards so that the next one may have its name."""
    made = Bench(place.raw, place.project, place.environment)
    made.create()
    yield made
    made.raw.call("POST", f"/projects/{made.project}/process-definition/{made.code}/release", releaseState="OFFLINE")
    made.raw.data("DELETE", f"/projects/{made.project}/process-definition/{made.code}")


def differ(bench: Bench, edit: Edit) -> Comparison:
    with DolphinClient(bench.raw.url, bench.raw.token) as client:
        edit.first(bench)
        before = observe(client, bench.project, bench.code)
        edit.act(bench)
        after = observe(client, bench.project, bench.code)
    assert before.canonical and after.canonical, (before.problems, after.problems)
    compared = compare(before.canonical.document, after.canonical.document)
    return masked(compared, digest=lambda secret: sha256(secret.encode()).hexdigest())


def told(found: Comparison, bench: Bench, language: str, **options: bool) -> tuple[str, ...]:
    with translation.override(language):
        return tuple(sentence.text for sentence in sentences(found, names=bench.names, **options))


@pytest.mark.parametrize("edit", EDITS, ids=[edit.name for edit in EDITS])
def test_an_edit_is_told_in_both_languages(bench, edit):
    found = differ(bench, edit)
    assert told(found, bench, "en") == edit.english
    assert told(found, bench, "zh-hans") == edit.chinese
    assert found.is_identical or edit.english or edit.name == "move three boxes"


def test_moved_boxes_are_told_when_asked_for(bench):
    found = differ(bench, next(edit for edit in EDITS if edit.name == "move three boxes"))
    assert len(found.of(Kind.LAYOUT_CHANGED)) == 3
    assert told(found, bench, "en", with_layout=True) == ("Positions of extract, load_dwd and dedup changed",)
    assert told(found, bench, "zh-hans", with_layout=True) == ("extract、load_dwd 和 dedup 移动了位置",)


def test_a_save_without_a_change_is_a_version_in_dolphinscheduler_and_no_change_here(bench):
    version = bench.version()
    assert differ(bench, next(edit for edit in EDITS if edit.name == "save without a change")).is_identical
    assert bench.version() == version + 1


def test_the_page_of_the_docs_is_this_table():
    assert PAGE.read_text() == page(), "python -m tests.versions.edits_page writes it anew"


def test_the_table_has_more_kinds_than_were_promised():
    assert len({edit.name for edit in EDITS}) == len(EDITS) >= 60
