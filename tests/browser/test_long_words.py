"""Long references, names and Chinese errors on a phone: nothing is wider than the window, and the English stays at hand."""

import pytest

from snapshotter.models import Snapshot, Sync, WorkflowState
from tests.pages.conftest import *  # noqa: F403  the same workflow, seen for real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHANGED = "DolphinScheduler was changed since version 1 (content, name). Capture it and publish on top, or force with a reason."


@pytest.mark.parametrize("path", ["/workflows/orders/", "/workflows/orders/versions/2/", "/syncs/{sync}/"])
def test_long_words_on_a_phone(open_window, live_server, two_versions, path):
    error = {"error_code": "live_changed", "error_text": CHANGED}
    long = {"published_by": "a" * 80, "trigger_ref": "JIRA-" + "9" * 90, "message": "长" * 60 + "b" * 80}
    Snapshot.objects.update(**long, **error, status="failed")
    Sync.objects.filter(pk=two_versions.pk).update(state="attention", **error)
    WorkflowState.objects.update(attention=CHANGED)
    tab = open_window("zh-CN", "light", 360)
    tab.goto(live_server.url + path.format(sync=two_versions.pk), wait_until="networkidle")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert "版本 1 之后" in tab.inner_text(".notice.bad") and CHANGED in tab.inner_text(".notice.bad .english")
    assert tab.problems == []
