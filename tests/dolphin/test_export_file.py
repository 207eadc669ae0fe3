"""The import file: our own reader takes it back unchanged, and so does the import of the real DolphinScheduler 3.1.1."""

import json
from dataclasses import replace

import pytest
import requests

from definitions.canonical import canonicalise
from definitions.document import Document
from dolphin.export_file import export_file
from dolphin.flavours import FLAVOURS
from dolphin.payloads import read_dag_data, read_document
from tests.definitions.documents import SCHEDULE
from tests.definitions.shapes import v20, v31, v34

SHAPES = {"2.0": v20, "3.1": v31, "3.4": v34}


def canonical(raw) -> Document:
    return canonicalise(replace(read_document(raw), schedule=SCHEDULE)).document


@pytest.mark.parametrize("name", FLAVOURS)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_file_reads_back_as_the_same_definition(name, shape):
    document = canonical(shape())
    [entry] = json.loads(json.dumps(export_file(document, flavour=FLAVOURS[name], code=7, version=3)))
    assert ("workflowDefinition" in entry) == (name == "3.4")
    assert entry["schedule"]["releaseState"] == "OFFLINE"
    again = canonicalise(read_dag_data(entry))
    before = canonicalise(document)
    assert (again.fingerprint, again.schedule_hash) == (before.fingerprint, before.schedule_hash)


def test_a_version_without_a_schedule_says_so():
    [entry] = export_file(replace(canonical(v31()), schedule=None), flavour=FLAVOURS["3.1"], code=7, version=3)
    assert entry["schedule"] is None


@pytest.mark.dolphin_mysql
def test_the_real_one_imports_it(dolphin_311_mysql):
    server = dolphin_311_mysql
    project = server.create_project()
    codes = server.task_codes(project, 3)
    document = _on_codes(canonical(v31()), codes)
    [entry] = export_file(document, flavour=FLAVOURS["3.1"], code=0, version=1)
    answer = requests.post(
        f"{server.url}/projects/{project}/process-definition/import",
        headers={"token": server.token},
        files={"file": ("workflow.json", json.dumps([entry]), "application/json")},
        timeout=60,
    ).json()
    assert answer["code"] == 0, answer
    [row] = server.data("GET", f"/projects/{project}/process-definition", pageNo=1, pageSize=10)["totalList"]
    imported = canonicalise(read_document(server.definition(project, row["code"]))).document
    assert _by_name(imported) == _by_name(document)


def _on_codes(document, codes):
    new = dict(zip(document.tasks, codes, strict=True)) | {0: 0}
    return replace(
        document,
        tasks={new[code]: task for code, task in document.tasks.items()},
        relations=[
            {**row, "preTaskCode": new[row["preTaskCode"]], "postTaskCode": new[row["postTaskCode"]]}
            for row in document.relations
        ],
        layout={new[code]: place for code, place in (document.layout or {}).items()},
    )


def _by_name(document):
    names = {0: "", **{code: task["name"] for code, task in document.tasks.items()}}
    edges = sorted((names[row["preTaskCode"]], names[row["postTaskCode"]]) for row in document.relations)
    places = {names[code]: place for code, place in (document.layout or {}).items()}
    return sorted(document.tasks.values(), key=lambda task: task["name"]), edges, places
