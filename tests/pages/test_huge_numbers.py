"""Codes and moments that no database can be asked for break no publish and no page."""

import pytest
from django.urls import reverse

from snapshotter.choices import Trigger
from snapshotter.derive_lineage import derive_due
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync, WorkflowState
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from versions import diff_views, version_views

KEYS = {"projectCode": 1, "depTaskCode": 0, "cycle": "day", "dateValue": "today"}


@pytest.fixture
def go(project, publisher, make_definition):
    """Publish a task that waits for the workflow of a code."""

    def publish_waiting(code):
        body = make_definition(name="orders")
        task = next(iter(body["definitions"]["tasks"].values()))
        item = {**KEYS, "definitionCode": code}
        groups = [{"relation": "AND", "dependItemList": [item]}]
        task["taskType"], task["taskParams"] = (
            "DEPENDENT",
            {"dependence": {"relation": "AND", "dependTaskList": groups}},
        )
        request = PublishRequest(
            workflow_key="orders", definition=body, origin=Origin(trigger=Trigger.API), project=project
        )
        publish(request, actor=publisher)
        run_due()
        return Sync.objects.latest("pk")

    return publish_waiting


@pytest.mark.parametrize("code", [10**30, "9" * 5_000], ids=["10**30", "5000 digits"])
def test_a_code_beyond_any(go, browse, publisher, code):
    for given in (5, code):
        assert go(given).state in ("succeeded", "failed")
        assert WorkflowState.objects.get(workflow__key="orders").lock_id is None
    derive_due(60)
    version, diff = reverse("versions:version", args=["orders", 2]), reverse("versions:diff", args=["orders"])
    paths = [f"{version}?tab={tab}" for tab in version_views.TABS]
    paths += [f"{diff}?left=1&right=2&tab={tab}" for tab in diff_views.TABS]
    paths += [
        f"{reverse('versions:export', args=['orders'])}?left=1&right=2&format={name}" for name in diff_views.FORMATS
    ]
    for path in paths:
        assert browse(path, publisher).status_code == 200, path


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00~5", "9999-12-31T23:59:59-14:00~5", "x~y"])
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_moment_beyond_the_calendar(two_versions, browse, root, name, moment):
    for path in (reverse("versions:changes"), reverse("admin:audit_auditentry_changelist")):
        assert browse(f"{path}?{name}={moment}", root).status_code == 200
