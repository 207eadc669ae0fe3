"""Which files of the resource centre a task names."""

import pytest

from definitions.resources import Resource, resources


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"resourceList": [{"id": 3, "resourceName": "/a.sh", "res": "a.sh"}]}, [Resource("/a.sh", 3)]),
        ({"resourceList": [{"id": 3}]}, [Resource("3", 3)]),
        ({"resourceList": [{"resourceName": "/tenant/resources/a.sh"}]}, [Resource("/tenant/resources/a.sh")]),
        ({"mainJar": {"id": 4, "res": "a.jar"}, "resourceList": []}, [Resource("a.jar", 4)]),
        ({"mainJar": {"resourceName": "a.jar"}}, [Resource("a.jar")]),
        ({"resourceList": None, "mainJar": "a.jar"}, []),
        ({"resourceList": [None, 3, {}, {"id": True}, {"id": 2**63}]}, []),
        ("text", []),
    ],
)
def test_files_of_a_task(params, expected):
    assert list(resources({"taskParams": params})) == expected
