"""A difference as people use it: by mouse, by keyboard alone, and without scripts."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.pages.conftest import *  # noqa: F403  the same workflow, seen for real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DIFF = "/workflows/orders/diff/"


def test_without_scripts_everything_is_there(open_window, live_server, two_versions):
    tab = open_window(scripts=False)
    tab.goto(f"{live_server.url}{DIFF}?left=1&right=2")
    tab.click("nav.tabs >> text=Tasks")
    assert tab.locator("table.code").count() and "tab=tasks" in tab.url
    tab.click("nav.tabs >> text=Unified")
    assert "mode=unified" in tab.url
    tab.click("[aria-label='Swap sides']")
    assert "v2 → v1" in tab.inner_text("h1")
    tab.select_option("select[name=left]", "1")
    tab.select_option("select[name=right]", "1")
    tab.click("text=Compare >> nth=-1")
    assert "identical" in tab.inner_text("h1")
    assert tab.locator("button.js:visible").count() == 0  # buttons that need scripts are not offered
    tab.goto(f"{live_server.url}/workflows/orders/versions/2/?tab=definition")
    tab.fill("[name=find]", "echo two")
    tab.press("[name=find]", "Enter")
    assert tab.locator("details.task[open]").count() == 1


def test_by_keyboard_alone_from_the_summary_to_a_task(open_window, live_server, two_versions):
    tab = open_window()
    tab.goto(f"{live_server.url}{DIFF}?left=1&right=2", wait_until="networkidle")
    tab.focus("ul.sent a")
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".task-diff")
    assert "#task-" in tab.url and tab.problems == []


def test_one_version_cannot_be_chosen_on_both_sides(open_window, live_server, two_versions):
    tab = open_window()
    tab.goto(f"{live_server.url}{DIFF}?left=1&right=2", wait_until="networkidle")
    assert tab.get_attribute("select[name=right] option[value='1']", "disabled") is not None
    tab.select_option("select[name=left]", "published")
    assert tab.get_attribute("select[name=right] option[value='1']", "disabled") is None


def test_copying_puts_the_text_on_the_clipboard(open_window, live_server, two_versions):
    tab = open_window()
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(f"{live_server.url}/workflows/orders/versions/2/?tab=definition&find=echo", wait_until="networkidle")
    tab.click("[data-copy-path]")
    tab.wait_for_selector("text=✓ Copy")
    assert "echo two" in tab.evaluate("navigator.clipboard.readText()")
    tab.goto(f"{live_server.url}{DIFF}?left=1&right=2", wait_until="networkidle")
    tab.click("[data-copy-from]")
    tab.wait_for_selector("text=✓ Copy as Markdown")
    assert "extract" in tab.evaluate("navigator.clipboard.readText()")
    assert tab.problems == []


def test_times_are_told_in_the_readers_zone(open_window, live_server, two_versions):
    tab = open_window()
    zoned = tab.context.browser.new_context(timezone_id="Asia/Shanghai", storage_state=tab.context.storage_state())
    other = zoned.new_page()
    other.goto(f"{live_server.url}{DIFF}?left=1&right=2", wait_until="networkidle")
    shown, moment = other.inner_text("time.exact >> nth=0"), other.get_attribute("time.exact >> nth=0", "datetime")
    zoned.close()
    local = datetime.fromisoformat(moment).astimezone(timezone(timedelta(hours=8)))
    assert shown == f"{local:%Y-%m-%d %H:%M} GMT+8"
