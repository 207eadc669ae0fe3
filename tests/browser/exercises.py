"""The exercises of the training lab, each done as its page tells, by the people it names; what is asserted are the solutions' answers."""

import re

from django.core.management import call_command

from audit.seal import seal
from audit.verify_audit import go_on as go_on_verifying
from rollback.many.work import work_due
from snapshotter.work import run_due
from tests.browser.reader import type_in
from tests.meta.handbook import blocks, chapter

ORDERS = "/workflows/sandbox.warehouse.orders_daily-每日订单/"
USERS = "/workflows/sandbox.warehouse.dim_users-用户维表/"
REFUNDS, SHOPS = "/workflows/sandbox.warehouse.refund_report/", "/workflows/sandbox.warehouse.settle_shops/"


def who_changed_what(reader):
    reader.go("/")
    reader.press("Since Monday")
    reader.click('a[href*="versions/4/"]:has-text("orders_daily")')
    for words in ("Facts", "Made by"):
        reader.see(words)
    assert "zhao.min" in reader.tab.inner_text("#content") and "system" in reader.tab.inner_text("details.card[open]")
    reader.go(ORDERS)
    assert reader.tab.locator("#v3 .right button").is_disabled()
    assert reader.tab.get_by_text(reader.label("Publish…"), exact=True).is_disabled()


def the_difference(reader):
    reader.go(ORDERS)
    reader.tab.check("#v3 input[name=left]", force=True)
    reader.tab.check("#v4 input[name=right]", force=True)
    reader.press("Compare the two picked")
    for name in ("Graph", "Tasks", "Settings and schedule", "Lineage", "Summary"):
        reader.click(f'nav a:has-text("{reader.label(name)}"), .tabs a:has-text("{reader.label(name)}")')
        if name == "Settings and schedule":
            assert "02:30:00" in reader.tab.inner_text("#content")
        if name == "Lineage":
            assert "dwd.orders_once" in reader.tab.inner_text("#content")


def a_publish(reader):
    tab = reader.tab
    for is_first in (True, False):
        reader.go("/workflows/sandbox.warehouse.heartbeat/")
        reader.press("Publish…")
        text = tab.input_value("#id_definition")
        reader.fill(definition=text.replace('"date"', '"date +%s"'), message="Seconds are easier to compare")
        reader.click("form.publish button.main")
        if is_first:
            run_due()
            tab.reload()
            reader.see("Verified: DolphinScheduler was read back then and was equal to this version.")
            assert tab.locator("table tbody tr").count() == 9
            reader.note()
    assert reader.label("This is the published version already. Nothing was changed.") in tab.inner_text("body")


def a_refused_publish(reader):
    reader.go(ORDERS + "versions/5/")
    reader.see("the former state was restored")
    reader.press("Journal")
    reader.see("to the new version")
    reader.see("back to the former state")
    reader.label("Retry")
    rows = reader.tab.locator("table tbody tr").all_inner_texts()
    assert "10107" in rows[3] and len(rows) == 12
    reader.go(REFUNDS + "publish/")  # publishing.md: somebody changed it in DolphinScheduler
    text = reader.tab.input_value("#id_definition")
    reader.fill(definition=text.replace("import refunds", "import refunds  # once"), message="A note")
    reader.label("Overwrite changes made in DolphinScheduler, because")
    reader.click("form.publish button.main")
    run_due()
    reader.tab.reload()
    reader.see("DolphinScheduler was not changed")
    assert "live_changed" in reader.tab.inner_text("#content")
    reader.note()
    reader.press("Compare with live")


def at_three(reader):
    tab = reader.tab
    reader.go(ORDERS)
    reader.label("Roll back")
    reader.click("#v3 a[data-rollback]")
    tab.check("input[name=schedule][value=from_definition]")
    tab.wait_for_url("**schedule=from_definition**")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 400
    reader.fill(reason="Nothing is counted, nobody is told")
    reader.press("Continue: confirm")
    tab.fill("#typed", "orders_daily 每日订单")
    reader.note()
    reader.click("button[value=do]")
    run_due()
    tab.wait_for_selector("#result .chip.ok")
    reader.see("verified", "#result")
    reader.note()
    assert "v6" in tab.inner_text("#result")


def a_second_person(approver, on_call):
    approver.press("Rollbacks", "nav.main-nav")
    approver.see("Waiting on me")
    approver.click('table.inbox a:has-text("invoices_daily")')
    approver.press("Approve")
    assert approver.tab.locator("form.act button.danger").is_disabled()
    approver.see("You may not execute rollbacks in this project.")
    on_call.go(approver.tab.url.removeprefix(on_call.site))
    assert not on_call.tab.get_by_role("button", name=on_call.label("Approve"), exact=True).locator(":enabled").count()
    on_call.click("form.act button.danger")
    run_due()
    on_call.tab.wait_for_selector("#result .chip.ok")


def many(reader):
    tab = reader.tab
    reader.go("/rollbacks/")
    reader.press("Roll back many…")
    tab.fill("#id_publisher", "sun.hao")
    reader.press("Show what would go back")
    names = tab.locator("table tbody tr td:nth-child(2)").all_inner_texts()
    assert [re.search(r"settle_\w+", name)[0] for name in names] == ["settle_shops", "settle_daily", "settle_report"]
    reader.fill(reason="dim.rates_new is empty", confirm="3")
    reader.press("Ask for these rollbacks")
    while work_due(5):
        pass
    tab.reload()
    reader.press("Execute all approved")
    while work_due(5) + run_due():
        pass
    tab.reload()
    reader.see("rolled back")
    assert tab.locator("td .chip.ok").count() == 3
    reader.note()


def two_drifts(on_call, publisher):
    tab = on_call.tab
    on_call.press("Drift", "nav.main-nav")
    on_call.see("content changed")
    on_call.click('a:has-text("dim_users")')
    tab.fill("form[action$='/adopt/'] [name=reason]", "A repair, agreed with the owner")
    on_call.label("Adopt it")
    on_call.click("form[action$='/adopt/'] button")
    run_due()
    on_call.go(USERS)
    tab.wait_for_selector("h1 .chip.ok")
    assert tab.locator("#v4 .chip").first.inner_text()
    on_call.go("/drift/")
    on_call.click('a:has-text("refund_report")')
    on_call.click("a[href*='act=put_back']")
    on_call.fill(reason="Nobody agreed to it")
    on_call.press("Continue: confirm")
    tab.fill("#typed", "refund_report")
    on_call.click("button[value=do]")
    run_due()
    tab.wait_for_selector("#result .chip.ok")
    on_call.go("/drift/?state=closed")
    for state in ("adopted", "put back"):
        on_call.see(state, "#content table")
    on_call.go(REFUNDS)
    publisher.go(REFUNDS)
    on_call.see("kept before it was overwritten", "ol, ul")


def a_deleted_one(reader):
    tab = reader.tab
    reader.go("/workflows/sandbox.finance.fx_rates/restore/")
    reader.see("Ask for the restore…")
    reader.go("/workflows/sandbox.warehouse.coupon_daily/")
    reader.press("Restore it, or bind it anew…")
    reader.fill(reason="Deleted by mistake")
    reader.label("Restore")
    reader.click("form.publish button.main")
    run_due()
    reader.go("/workflows/sandbox.warehouse.coupon_daily/")
    tab.wait_for_selector("h1 .chip.ok")
    reader.see("in sync")


def keep_out(manager, publisher, on_call):
    manager.go(SHOPS + "versions/2/")
    manager.unfold("Quarantine this content…")
    manager.tab.fill("details[open] input[name=reason]", "dim.rates_new is empty")
    manager.press("Quarantine", "details[open] form")
    manager.see("Lift the quarantine")
    on_call.go(SHOPS + "rollback/?version=2")
    assert "dim.rates_new is empty" in on_call.tab.inner_text(".notice.bad")
    publisher.go(SHOPS + "versions/2/")
    with publisher.tab.expect_download() as download:
        publisher.tab.locator("summary", has_text=publisher.label("Download")).click()
        publisher.unfold("Canonical JSON")
    publisher.go(SHOPS + "publish/")
    publisher.see("or a file")
    publisher.tab.set_input_files("#id_file", download.value.path())
    publisher.fill(message="The new rates, again")
    publisher.click("form.publish button.main")
    assert "dim.rates_new is empty" in publisher.tab.inner_text(".notice.bad, .errorlist")


def from_a_terminal(demo, site, publisher, manager):
    names = {"SITE": site, "PROJECT": str(demo.project), "TOKEN": demo.token}
    first, draft = [block for block in blocks(chapter("lab.md")) if block.startswith("curl")]
    for replayed in (False, True):
        [answer] = type_in(first, **names)
        assert answer.ok and answer.json()["replayed"] is replayed, answer.text
        run_due()
    [answer] = type_in(draft, **names)
    assert (answer.status_code, answer.json()["sync"]["state"]) == (202, "waiting"), answer.text
    publisher.go("/workflows/orders/")
    publisher.see("changing", "h1")
    publisher.press("Publish…")
    publisher.tab.fill("#id_definition", publisher.tab.input_value("#id_definition").replace("echo load", "echo more"))
    publisher.fill(message="In between")
    publisher.click("form.publish button.main")
    assert "svc-platform" in publisher.tab.inner_text(".notice.bad, .errorlist")
    manager.go("/workflows/orders/")
    manager.unfold("Free the workflow…")
    manager.tab.fill("#holder details[open] [name=reason]", "The platform is gone")
    manager.press("Free the workflow", "#holder details[open] form")
    assert manager.label("The workflow is free.") in manager.tab.inner_text("body")
    manager.see("unconfirmed", "#v2")


def the_trail(reader):
    while seal():
        pass
    reader.press("Audit", "nav.main-nav")
    reader.label("refused")
    reader.go("/trail/?outcome=refused")
    assert "li.na" in reader.tab.inner_text("#content table")
    reader.go("/trail/")
    reader.press("Verify")
    while go_on_verifying(5.0):
        pass
    reader.go("/trail/")
    assert reader.tab.locator("#content .chip.ok").count()
    call_command("verify_audit")


def the_quarter(reader):
    reader.press("Reports", "nav.main-nav")
    for words in ("Rollback rate", "Time to restore", "By publisher", "What each figure counts"):
        reader.see(words)
    done = reader.tab.locator('#content a[href*="state=done"]').first.inner_text()
    assert done.strip() == "8"
    reader.click('#content a[href*="/changes/?status=failed"]')
