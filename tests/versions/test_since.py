"""What was live at a moment, and the moments people name."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from snapshotter.models import Snapshot
from tests.pages.conftest import *  # noqa: F403  two versions of `orders`
from versions.since import live_at, moment_of

pytestmark = pytest.mark.database
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def history(two_versions):
    """Version 1 live for days 10 to 4 before NOW, version 2 since; between them nobody knows for a day."""
    Snapshot.objects.filter(version=1).update(live_from=NOW - timedelta(10), live_to=NOW - timedelta(4))
    Snapshot.objects.filter(version=2).update(live_from=NOW - timedelta(3), live_to=None)
    Snapshot.objects.update(created_at=NOW - timedelta(20))
    return two_versions.workflow


@pytest.mark.parametrize(
    ("days", "version"), [(11, None), (10, 1), (7, 1), (4.1, 1), (4, None), (3.5, None), (3, 2), (0, 2), (-5, 2)]
)
def test_the_version_of_a_moment(history, days, version):
    found = live_at(history, NOW - timedelta(days))
    assert (found and found.version) == version


def test_a_failed_one_is_never_it(history):
    Snapshot.objects.filter(version=2).update(status="failed")
    assert live_at(history, NOW) is None


def test_one_that_was_never_proven_counts_from_when_it_was_made(history):
    Snapshot.objects.filter(version=1).update(live_from=None, live_to=None)
    assert live_at(history, NOW - timedelta(19)).version == 1
    assert live_at(history, NOW - timedelta(21)) is None
    assert live_at(history, NOW).version == 2, "a proven one comes first"


def test_a_recovered_one_is_never_it(history):
    Snapshot.objects.filter(version=1).update(live_from=None, live_to=None, trigger="backfill")
    assert live_at(history, NOW - timedelta(7)) is None


def test_presets_begin_at_midnight_of_the_readers_zone():
    with timezone.override("Asia/Shanghai"):
        today = timezone.localdate()
        for name, back in (("today", 0), ("monday", today.weekday()), ("week", 7)):
            local = timezone.localtime(moment_of(name))
            assert (local.date(), local.hour, local.minute) == (today - timedelta(back), 0, 0)
        assert moment_of("2026-11-23").isoformat() == "2026-11-23T00:00:00+08:00"


@pytest.mark.parametrize(
    "name", ["", "x", "2026-13-01", "2026-06-31", "0001-01-01", "9999-12-31", "2026-11-23T00:00", "\0"]
)
def test_anything_else_is_no_moment(name):
    assert moment_of(name) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [("2026-11-24", "Nothing was published since then"), ("2026-11-01", "Compare v1, the oldest"), ("2026-11-17", "")],
)
def test_the_page_goes_to_the_difference_or_says_why_not(history, browse, viewer, name, says):
    page = browse(f"/workflows/orders/since/{name}/", viewer)
    if says:
        assert says in page.content.decode()
    else:
        assert page["Location"] == "/workflows/orders/diff/?left=1&right=published"


def test_a_moment_that_is_none_is_not_found(history, browse, viewer, outsider):
    assert browse("/workflows/orders/since/ever/", viewer).status_code == 404
    assert browse("/workflows/orders/since/monday/", outsider).status_code == 404


def test_without_a_published_version_the_page_says_so(history, browse, viewer):
    from snapshotter.models import WorkflowState

    WorkflowState.objects.update(published=None)
    assert "nothing to compare with" in browse("/workflows/orders/since/today/", viewer).content.decode()


def test_it_says_whether_our_history_reaches_so_far(history, browse, viewer):
    page = browse("/workflows/orders/since/2026-11-22/", viewer).content.decode()
    assert "It is not known what was live then." in page
    Snapshot.objects.update(created_at=NOW)
    page = browse("/workflows/orders/since/2026-11-22/", viewer).content.decode()
    assert "our first version is younger" in page
