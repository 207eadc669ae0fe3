"""A project that is swept while others are at work on it: what they say meanwhile stands."""

from django.utils import timezone

from snapshotter.choices import LiveState
from snapshotter.models import WorkflowState
from tests.drift.conftest import REFUSED
from tests.drift.inspection.test_freshness import LIST, lost  # noqa: F401  a fixture


def test_a_refused_list_overwrites_no_verdict_that_came_meanwhile(sweep, lost, on_call):  # noqa: F811
    """A check that began before the list was asked for and ended behind it."""
    began = timezone.now()

    def checked():
        WorkflowState.objects.filter(pk=lost.pk).update(checked_at=began, live_state=LiveState.NEWER)
        return REFUSED

    on_call(LIST, checked)
    assert sweep().error_code == "list_refused"
    lost.refresh_from_db()
    assert (lost.live_state, lost.checked_at) == (LiveState.NEWER, began)
