"""The handbook's chapter "rolling back at 3 a.m.", walked on the demo in the language it is written in.

A label is pressed only where the chapter names it in bold, as the page has it. SNAPSHOTTER_PICTURES=FOLDER takes its pictures anew.
"""

import pytest

from audit.seal import seal
from audit.verify_audit import go_on as go_on_verifying
from rollback.many.work import work_due
from snapshotter.work import run_due
from tests.browser.reader import Reader
from tests.meta.handbook import HANDBOOK

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.django_db(transaction=True)]
LANGUAGES = [("en-US", "en", "rolling-back.md"), ("zh-CN", "zh-hans", "rolling-back.zh.md")]
ORDERS = "orders_daily 每日订单"


@pytest.mark.parametrize(("locale", "language", "file"), LANGUAGES)
def test_the_night(demo, browser, live_server, locale, language, file):
    chapter = (HANDBOOK / file).read_text()
    windows = []

    def sign_in(name, width=1280):
        window = browser.new_context(locale=locale, viewport={"width": width, "height": 760})
        windows.append(window)
        tab = window.new_page()
        tab.goto(f"{live_server.url}/login/")
        tab.fill("#id_username", name)
        tab.fill("#id_password", demo.people[name])
        with tab.expect_navigation():
            tab.click("[type=submit]")
        return Reader(tab, language, chapter, live_server.url)

    try:
        on_call, approver = sign_in("chen.jie"), sign_in("liu.yang")
        roll_one_back(on_call)
        one_that_fails(on_call)
        on_a_phone(sign_in("chen.jie", 360))
        with_an_approval(on_call, approver)
        by_breaking_the_glass(sign_in("ma.jun"), approver)
        many(on_call)
        deleted(on_call, approver)
        afterwards(sign_in("wang.wei"), sign_in("he.qing"))
    finally:
        for window in windows:
            window.close()


def roll_one_back(reader):
    tab = reader.tab
    tab.fill("#content input[type=search]", "orders_daily")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**orders_daily**")
    tab.click(f'#content table a:has-text("{ORDERS}")')
    tab.wait_for_url("**/workflows/*/")
    reader.picture("rollback-workflow")
    workflow = tab.url
    reader.press("Since Monday")
    tab.goto(workflow)
    reader.press("Compare with live")
    tab.goto(workflow)
    tab.check("#v3 input[name=left]", force=True)
    tab.check("#v4 input[name=right]", force=True)
    reader.press("Compare the two picked")
    assert "dedup_orders" in tab.inner_text("#content")
    tab.goto(workflow)
    tab.click("#v3 a[data-rollback]")
    reader.label("Roll back")
    reader.see("What will change in DolphinScheduler")
    tab.check("input[name=schedule][value=from_definition]")
    tab.wait_for_url("**schedule=from_definition**")
    reader.fill(reason="Orders are counted twice since 03:00", ticket="INC-2047")
    reader.picture("rollback", full=True)
    reader.press("Continue: confirm")
    tab.fill("#typed", ORDERS)
    reader.picture("rollback-confirm")
    tab.click("button[value=do]")
    tab.wait_for_url("**/rollbacks/*/")
    run_due()
    tab.wait_for_selector("#result .chip.ok")
    reader.see("verified", "#result")
    reader.press("Look at DolphinScheduler again, piece by piece")
    reader.picture("rollback-verified")


def one_that_fails(reader):
    """A version that DolphinScheduler has refused before, agreed to by name: it fails again, and the former state is back."""
    tab = reader.tab
    reader.go(tab.locator(".crumbs a").last.get_attribute("href") + "rollback/?version=5")
    reader.label("I have taken note of this and go on.")
    tab.check("input[name=acknowledged][value=never_live]")
    reader.fill(reason="Try the new notification")
    reader.press("Continue: confirm")
    tab.fill("#typed", ORDERS)
    tab.click("button[value=do]")
    tab.wait_for_url("**/rollbacks/*/")
    run_due()
    tab.wait_for_selector("#result .chip.bad")
    reader.see("failed, restored", "#result")
    reader.see("Execute again")
    reader.see("Ask again, filled in")
    reader.picture("rollback-failed")


def on_a_phone(reader):
    tab = reader.tab
    reader.go("/workflows/sandbox.warehouse.settle_shops/rollback/?version=1")
    reader.see("Good to know")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    reader.picture("rollback-narrow", full=True)
    reader.go("/workflows/sandbox.finance.fx_rates/")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360, "of a workflow that is missing too"


def with_an_approval(on_call, approver):
    approver.press("Rollbacks", "nav.main-nav")
    approver.see("Waiting on me")
    approver.picture("rollback-inbox")
    with approver.tab.expect_navigation():
        approver.tab.click('table.inbox a:has-text("invoices_daily")')
    approver.picture("rollback-request")
    approver.press("Approve")
    on_call.go(approver.tab.url.removeprefix(on_call.site))
    with on_call.tab.expect_navigation():
        on_call.tab.click("form.act button.danger")
    run_due()
    on_call.tab.wait_for_selector("#result .chip.ok")


def by_breaking_the_glass(breaker, approver):
    tab = breaker.tab
    breaker.go("/workflows/sandbox.finance.payments_import/rollback/?version=1")
    breaker.fill(reason="Payments are fetched twice")
    breaker.press("Continue: confirm")
    breaker.unfold("It can't wait: break the glass…")
    tab.fill("#glass-reason", "Nobody who approves answers, the bank closes at 04:00")
    tab.fill("#glass-typed", "payments_import")
    breaker.picture("rollback-glass", full=True)
    tab.click("button[value=glass]")
    tab.wait_for_url("**/rollbacks/*/")
    run_due()
    tab.wait_for_selector("#result .chip.ok")
    approver.go(tab.url.removeprefix(breaker.site))
    approver.tab.check("input[name=verdict][value=right]")
    approver.label("it was right")
    approver.tab.fill("#review-text", "Nobody answered; agreed")
    approver.press("Close the review")


def many(reader):
    tab = reader.tab
    reader.go("/rollbacks/")
    reader.press("Roll back many…")
    tab.fill("#id_publisher", "sun.hao")
    reader.press("Show what would go back")
    reader.fill(reason="dim.rates_new is empty", confirm="3")
    reader.picture("rollback-many", full=True)
    reader.press("Ask for these rollbacks")
    tab.wait_for_url("**/rollbacks/many/*/")
    while work_due(5):
        pass
    tab.reload()
    reader.press("Execute all approved")
    while work_due(5) + run_due():
        pass
    tab.reload()
    assert tab.locator("td .chip.ok").count() == 3
    reader.picture("rollback-many-done")


def deleted(on_call, approver):
    tab = on_call.tab
    on_call.go("/workflows/sandbox.warehouse.coupon_daily/")
    on_call.press("Restore it, or bind it anew…")
    on_call.picture("restore", full=True)
    on_call.fill(reason="Deleted by mistake")
    on_call.label("Restore")
    tab.click("form.publish button.main")
    tab.wait_for_url("**/syncs/*/")
    run_due()
    on_call.go("/workflows/sandbox.warehouse.coupon_daily/")
    tab.wait_for_selector("h1 .chip.ok")
    on_call.go("/workflows/sandbox.finance.fx_rates/restore/")
    on_call.press("Ask for the restore…")
    on_call.fill(reason="Deleted by mistake")
    on_call.press("Continue: confirm")
    tab.fill("#typed", "fx_rates")
    tab.click("button[value=do]")
    tab.wait_for_url("**/rollbacks/*/")
    approver.go(tab.url.removeprefix(on_call.site))
    approver.press("Approve")
    tab.reload()
    with tab.expect_navigation():
        tab.click("form.act button.danger")
    run_due()
    tab.wait_for_selector("#result .chip.ok")


def afterwards(manager, auditor):
    auditor.press("Audit", "nav.main-nav")
    while seal():
        pass
    auditor.press("Verify")
    while go_on_verifying(5.0):
        pass
    auditor.go("/trail/")
    auditor.picture("trail")
    manager.go("/workflows/sandbox.warehouse.settle_shops/versions/2/")
    manager.unfold("Quarantine this content…")
    manager.tab.fill("details[open] input[name=reason]", "dim.rates_new is empty")
    with manager.tab.expect_navigation():
        manager.tab.click("details[open] form button")
    assert manager.tab.locator(".notice.bad").count() == 1
    manager.go("/catalog/project/")
    with manager.tab.expect_navigation():
        manager.tab.click("#result_list a >> text=/finance/")
    manager.press("Who may do what")
    manager.picture("who-may")
