"""Drift in Chromium: from the list to a workflow that is as it was published again; every page, on a phone, in Chinese, in the dark."""

import pytest

from catalog.permissions import MANAGE_POLICY, PUBLISH, PUT_BACK, TRIAGE_DRIFT, VIEW
from drift.models import IgnoreRule
from snapshotter.work import run_due
from tests.browser.look import look
from tests.conftest import _person as person
from tests.drift.conftest import bare_orders, go, hands, look_at, orders
from tests.drift.items import again

__all__ = ["bare_orders", "go", "hands", "look_at", "orders"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oncall(project):
    return person("oncall", project, VIEW, PUBLISH, PUT_BACK, TRIAGE_DRIFT, MANAGE_POLICY)


@pytest.fixture
def item(hands, look_at):
    hands.edit("echo theirs")
    return again(look_at().item)


def test_from_the_list_to_verified(open_window, live_server, item, oncall):
    tab = open_window(user="oncall")
    tab.goto(f"{live_server.url}/drift/")
    tab.click(f"a[href='/drift/{item.pk}/']")
    tab.click(".triage button[name=mine]")
    assert "oncall" in tab.inner_text(".facts")
    tab.click("#ways a.btn.main")
    tab.check("input[name=acknowledged][value=schedule_on]")
    tab.fill("#id_reason", "not agreed")
    tab.click("button[value=confirm]")
    tab.fill("#typed", item.workflow.name)
    tab.click("button[value=do]")
    tab.wait_for_url("**/rollbacks/*/")
    run_due()
    tab.wait_for_selector("#result .chip.ok")
    tab.goto(f"{live_server.url}/drift/{item.pk}/")
    assert "put back" in tab.inner_text("h1") and tab.locator("#ways").count() == 0
    assert tab.problems == []


@pytest.mark.parametrize(("locale", "scheme", "width"), [("en-US", "light", 360), ("zh-CN", "dark", 1280)])
def test_every_page(open_window, live_server, item, root, locale, scheme, width):
    IgnoreRule.objects.create(project=item.project, path="name", reason="x", created_by_name="li.na")
    tab = open_window(locale, scheme, width)
    for path in ("/drift/", "/ignored-fields/", "/workflows/orders/", "/", "/workflows/"):
        look(tab, live_server.url + path, locale, width)
    look(tab, f"{live_server.url}/drift/{item.pk}/", locale, width)
    tab.click("#ways details summary")
    look(tab, "", locale, width)
    look(tab, f"{live_server.url}/workflows/orders/rollback/?version=published&act=put_back", locale, width)
