"""Rolling back in Chromium: from the workflow's page to a verified rollback, alone and with a second person, on a phone, in Chinese."""

import pytest

from rollback.choices import State
from rollback.models import RollbackRequest
from snapshotter.work import run_due
from tests.browser.look import LOOKS, look
from tests.rollback.conftest import *  # noqa: F403  the same history and people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_STEPS = 4


class Steps:
    """Counts what a person presses, beyond filling in fields."""

    def __init__(self, tab):
        self.tab, self.count = tab, 0

    def press(self, selector):
        self.count += 1
        self.tab.click(selector)


def ask_for(tab, live_server, reason="v3 loses rows"):
    """Go from the workflow's page to the request's; return the steps it took."""
    steps = Steps(tab)
    tab.goto(f"{live_server.url}/workflows/orders/")
    steps.press("#v1 a[data-rollback]")
    tab.fill("#id_reason", reason)
    steps.press("button[value=confirm]")
    tab.wait_for_selector("a.btn[autofocus]:focus")  # Cancel; the browser gives the focus after it has drawn the page
    tab.fill("#typed", "orders daily")
    steps.press("button[value=do]")
    tab.wait_for_url("**/rollbacks/*/")
    return steps


def test_four_steps_to_a_verified_rollback(open_window, live_server, history, oncall):
    tab = open_window(user="oncall")
    steps = ask_for(tab, live_server)
    run_due()
    tab.wait_for_selector("#result .chip.ok")  # the page follows it by itself
    assert "verified" in tab.inner_text("h1")
    assert steps.count < MOST_STEPS, "the page of the result is the fourth step"
    assert tab.problems == []


def test_choices_show_at_once_what_they_change(open_window, live_server, history, oncall):
    tab = open_window(user="oncall")
    tab.goto(f"{live_server.url}/workflows/orders/rollback/?version=1")
    tab.fill("#id_reason", "v3 loses rows")
    tab.check("input[name=schedule][value=from_definition]")
    tab.wait_for_url("**schedule=from_definition**")
    tab.reload()
    assert tab.is_checked("input[name=schedule][value=from_definition]")
    assert tab.problems == []


def test_by_keyboard_from_the_history(open_window, live_server, history, oncall):
    tab = open_window(user="oncall")
    tab.goto(f"{live_server.url}/workflows/orders/")
    for key in "jjjr":
        tab.keyboard.press(key)
    tab.wait_for_url("**/rollback/?version=1")


def test_a_second_person_approves_in_chinese_on_a_phone(open_window, live_server, history, rules, oncall, approver):
    rules(approvals_needed=1)
    first = open_window(user="oncall", width=360)
    ask_for(first, live_server)
    request = RollbackRequest.objects.get()
    second = open_window("zh-CN", "dark", 360, user="approver")
    second.goto(f"{live_server.url}/")
    assert "待我处理" in second.inner_text(".figures")
    second.click("a.figure >> nth=0")
    second.click("table.inbox a >> nth=0")
    assert "审批" in second.inner_text("#content")
    look(second, "", "zh-CN", 360)
    second.click("#decide button.main")
    second.wait_for_selector(".messagelist")
    first.reload()
    first.click("form.act button.danger")
    first.wait_for_selector("#result")
    run_due()
    first.wait_for_selector("#result .chip.ok")
    request.refresh_from_db()
    assert request.state == State.DONE and (first.problems, second.problems) == ([], [])


@pytest.mark.parametrize(("locale", "scheme", "width"), LOOKS)
def test_every_page(open_window, live_server, history, rules, ask, root, project, locale, scheme, width):
    rules(approvals_needed=2, same_author_minutes=5)
    request = ask(2)
    tab = open_window(locale, scheme, width)
    paths = [f"/rollbacks/{request.pk}/", "/rollbacks/?tab=all", f"/projects/{project.pk}/rollback-policy/"]
    for path in paths:
        look(tab, live_server.url + path, locale, width)
    RollbackRequest.objects.update(state=State.CANCELLED, open_key=None)
    look(tab, f"{live_server.url}/workflows/orders/rollback/?version=1&online=off", locale, width)
    for box in tab.locator("[name=acknowledged]").all():
        box.check()
    tab.fill("#id_reason", "v3 loses rows")
    tab.click("button[value=confirm]")
    tab.wait_for_selector("#typed")
    tab.click("details.glass summary")
    look(tab, "", locale, width)
