"""The OpenAPI schema: it generates without a warning, and says of each reading operation what it takes and answers."""

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

READS = {
    "/api/v1/workflows": {"text", "project", "instance", "state", "mode", "deleted", "cursor", "page_size"},
    "/api/v1/workflows/{key}": set(),
    "/api/v1/workflows/{key}/versions": {"status", "trigger", "publisher", "since", "until", "text", "content_hash"},
    "/api/v1/workflows/{key}/versions/{version}": {"content"},
    "/api/v1/workflows/{key}/versions/{version}/lineage": set(),
    "/api/v1/workflows/{key}/missed-fires": {"cursor", "page_size"},
    "/api/v1/workflows/{key}/diff": {"left", "right", "format", "layout"},
    "/api/v1/workflows/{key}/impact": {"version", "online", "schedule", "schedule_state", "with_name", "with_layout"},
    "/api/v1/snapshots": {"content_hash", "cursor", "page_size"},
    "/api/v1/snapshots/{snapshot_id}": {"content"},
    "/api/v1/reports/{period}": {"project", "instance"},
}


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(public=True)


def test_the_schema_is_valid_and_without_warnings(tmp_path, db):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


@pytest.mark.parametrize("path", READS)
def test_each_reading_operation_is_described(schema, path):
    operation = schema["paths"][path]["get"]
    assert len(operation["description"]) > 20
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert names >= READS[path] | {"If-None-Match"}
    assert {"200", "304", "401"} <= operation["responses"].keys()
    for content in operation["responses"]["200"]["content"].values():
        assert content.get("examples"), path
    for status in operation["responses"].keys() - {"200", "304"}:
        (body,) = operation["responses"][status]["content"].values()
        assert body["examples"], (path, status)


def test_a_difference_is_described_in_each_of_its_types(schema):
    answers = schema["paths"]["/api/v1/workflows/{key}/diff"]["get"]["responses"]["200"]["content"]
    assert answers.keys() == {"application/json", "text/markdown", "text/x-diff"}


@pytest.mark.parametrize("path", READS)
def test_examples_have_the_fields_that_are_answered(schema, path):
    for content in schema["paths"][path]["get"]["responses"]["200"]["content"].values():
        for shown in content["examples"].values():
            value = shown["value"]
            if isinstance(value, dict) and "$ref" in content["schema"]:
                component = schema["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
                assert value.keys() >= set(component.get("required", [])), (path, shown)
