"""What is noted with a version of its changes."""

import pytest

from definitions.canonical import canonicalise, from_c1
from snapshotter.models import Snapshot
from snapshotter.summarise import NAMES, summarise
from tests.definitions.documents import SCHEDULE, c1
from tests.pages.conftest import *  # noqa: F403  two versions of `orders`

pytestmark = pytest.mark.database


def document(scripts, **more):
    return canonicalise(from_c1(c1(scripts, **more))).document


def test_a_first_version_has_no_base_and_all_tasks_are_new(db):
    found = summarise(None, document(dict.fromkeys(range(1, 31), "echo")))
    assert (found["base"], found["tasks_added"], len(found["names"]["added"])) == (None, 30, NAMES)


def test_names_tell_what_changed_against_the_base(two_versions):
    first, second = Snapshot.objects.order_by("version")
    assert (first.change_summary["base"], second.change_summary["base"]) == (None, 1)
    [name] = second.change_summary["names"]["modified"]
    assert name.startswith("extract") and second.change_summary["tasks_modified"] == 1


def test_a_secret_in_a_name_is_masked(db):
    task = {1: "echo"}
    body = c1(task)
    body["definitions"]["tasks"]["1"]["name"] = "load --password hunter2x"
    assert "hunter2x" not in str(summarise(None, canonicalise(from_c1(body)).document))


def test_a_schedule_that_nobody_knows_is_no_change(two_versions):
    snapshot = Snapshot.objects.get(version=2)
    bare = document({1: "echo"})
    assert summarise(snapshot, bare)["schedule"] == 1
    assert summarise(snapshot, bare, knows_schedule=False)["schedule"] == 0
    assert SCHEDULE
