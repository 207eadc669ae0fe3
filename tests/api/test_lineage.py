"""Lineage over the API."""

import pytest

from snapshotter.derive_lineage import derive_due
from snapshotter.models import LineageBody
from snapshotter.work import run_due

PATH = "workflows/orders/versions/latest/lineage"


@pytest.fixture
def published(api, project, make_definition):
    scripts = ["hive -e 'insert into dwd.orders select * from ods.o_${d}'", "hive -f x.sql", "echo"]
    body = {"project": project.code, "definition": make_definition(*scripts), "message": "why"}
    api("post", "workflows/orders/publish", body=body)
    run_due()


def test_a_version_nobody_has_read_yet_is_pending(api, published):
    said = api("get", PATH).json()
    assert (said["state"], said["digest"], said["tasks"]) == ("pending", "", [])


def test_reads_writes_and_what_is_not_known(api, published):
    derive_due(60)
    said = api("get", PATH, as_="viewer").json()
    assert said["state"] == "computed"
    assert said["reads"] == [{"system": "hive", "name": "ods.o_${d}", "is_pattern": True, "written_by": []}]
    assert said["writes"] == [{"system": "hive", "name": "dwd.orders", "is_pattern": False, "read_by": []}]
    assert [task["name"] for task in said["tasks"]] == ["task 0", "task 1"]
    assert said["tasks"][1]["unknown"] == [{"part": "script", "number": 0, "why": "script_file", "detail": "x.sql"}]
    assert said["digest"] == api("get", "workflows/orders/versions/1").json()["lineage_digest"]


def test_who_may_not_see_the_workflow_finds_none(api, published):
    assert api("get", PATH, as_="outsider").status_code == 404
    assert api("get", PATH, as_="").status_code == 401
    assert api("get", "workflows/orders/versions/9/lineage").status_code == 404


def test_the_rules_of_the_reading_api_hold(api, published):
    refused = api("get", f"{PATH}?bogus=1")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    first = api("get", PATH)
    assert first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    derive_due(60)
    assert api("get", PATH).headers["ETag"] != first.headers["ETag"]


def test_a_damaged_lineage_is_told_as_failed(api, published):
    derive_due(60)
    LineageBody.objects.update(data=b"spoilt")
    said = api("get", PATH)
    assert (said.status_code, said.json()["state"], said.json()["tasks"]) == (200, "failed", [])
