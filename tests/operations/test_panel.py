"""How far back one can go, on the workflow's own page."""

from catalog.models import Workflow
from operations.choices import RunKind
from operations.inventory.limits import in_words
from snapshotter.backfill import held_versions
from tests.operations.inventory.test_inventory import change, run_once


def test_the_workflow_page_says_how_far_one_can_go_back(do, make, raw, project, viewer, client):
    code = make("past")
    run_once(raw, project, code)
    change(raw, project, code, "echo two")
    change(raw, project, code, "echo three")
    do(RunKind.BASELINE)
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/workflows/{Workflow.objects.get().key}/"
    assert "Can go back" not in client.get(path).content.decode()
    do(RunKind.INVENTORY)
    text = client.get(path).content.decode()
    assert "Can go back to 1 version." in text and "version 1 can be recovered" in text
    do(RunKind.BACKFILL)
    text = client.get(path).content.decode()
    assert "Can go back to 2 versions. DolphinScheduler version 2 is not recoverable" in text
    assert "DolphinScheduler version 1, saved there" in text and "↺ recovered" in text
    workflow = Workflow.objects.get()
    assert held_versions(workflow, among={1, 2}) == {1} and held_versions(workflow, among={2}) == set()
    assert text.index("Baseline") < text.index("saved there")  # a recovered version is older than its number


def test_a_long_history_is_counted_up_to_a_bound():
    assert in_words({"snapshots": 1000, "is_more": True}) == "Can go back to more than 1000 versions."
