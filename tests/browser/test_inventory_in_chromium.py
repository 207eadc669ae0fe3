"""Inventory and runs opened in Chromium: nothing wider than the window, no console error, and started by a click."""

import pytest

from catalog.models import Workflow
from operations.choices import RunKind
from operations.run_slice import run_due_slice, run_slice
from operations.start import start
from snapshotter.choices import Trigger
from tests.browser.look import LOOKS, look
from tests.operations.conftest import do, make, no_waiting, raw  # noqa: F401  fixtures
from tests.operations.inventory.test_inventory import change, run_once

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def runs(make, do, raw, project, publisher):  # noqa: F811  fixtures
    """An inventory with risks, a baseline, a back-fill, and a run that waits for its worker."""
    past = make("orders_daily 每日订单")
    run_once(raw, project, past)
    change(raw, project, past, "echo two")
    make("a name that goes on and on " * 6)
    do(RunKind.BASELINE)
    code = make("dim_users 用户维表")
    raw.release(project.code, code, "ONLINE")
    for _ in range(2):
        raw.create_schedule(project.code, code, "0 0 3 * * ? *", online=True)
    inventory, backfill = do(RunKind.INVENTORY), do(RunKind.BACKFILL)
    waiting, _ = start(RunKind.BASELINE, instance=project.instance, project=project, actor=publisher)
    run_slice(waiting.pk, -1.0)
    return inventory, backfill, waiting


@pytest.mark.parametrize(("locale", "scheme", "width"), LOOKS)
def test_every_page(open_window, live_server, runs, root, project, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    paths = [f"/projects/{project.pk}/inventory/", f"/instances/{project.instance_id}/inventory/"]
    key = Workflow.objects.get(snapshots__trigger=Trigger.BACKFILL).key
    paths += [f"/workflows/{key}/", f"/workflows/{key}/versions/2/", f"/workflows/{key}/diff/?left=2&right=1"]
    for path in [*paths, *(f"/runs/{run.pk}/" for run in runs)]:
        look(tab, live_server.url + path, locale, width)


def test_a_baseline_by_a_click(open_window, live_server, make, project, publisher):  # noqa: F811  a fixture
    make("one")
    make("two")
    tab = open_window(user="publisher")
    tab.goto(f"{live_server.url}/projects/{project.pk}/inventory/")
    tab.click("text=Capture all")
    assert tab.locator("progress").count() == 1
    run_due_slice(60.0)
    tab.wait_for_selector("text=succeeded", timeout=10_000)
    assert "2 / 2" in tab.inner_text(".facts")
    tab.click("table.list a >> nth=0")
    assert "baseline" in tab.inner_text("ol.timeline")
    assert tab.problems == []
