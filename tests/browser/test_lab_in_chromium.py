"""The training lab and the operator's chapters, done on the demo in both languages as they tell.

Then each bold word of the handbook must have been met on some page. The numbers asserted are those of the solutions: lab-solutions.md.
"""

import pytest

from tests.browser import exercises, rounds
from tests.browser.reader import Reader
from tests.meta.handbook import CHAPTERS, chapter, chinese_of, named

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.django_db(transaction=True)]
# What the demo can't come into without breaking something; each is met by the tests named.
ELSEWHERE = {
    # needs attention, a missed fire, a wait, a failed bulk run: tests/pages, tests/snapshotter, tests/operations
    *("Give up and free the workflow", "Look again and go on", "Start that run", "Goes on at", "Resume"),
    "the new content is live",
    # test_handbook_in_chromium.py: a rollback that fails; tests/rollback/many: one of many that fails
    *("failed, restored", "Execute again", "I have taken note of this and go on.", "Go on without waiting"),
    "Add an instance",  # tests/pages/test_admin.py: only while nothing is governed
    # tests/catalog: what a connection's test finds
    "The token is refused. Make a new one in DolphinScheduler and enter it.",
    "The token's user sees no project. Grant it the projects to govern.",
    "Publishing to this version is not proven. Recording works; see the instance's page.",
    "the entry is gone; its seal is left",  # tests/audit: a row deleted in the database
}


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("zh-CN", "zh-hans")])
def test_the_lab_and_every_bold_word(demo, browser, live_server, locale, language):
    pages = "\n".join(chapter(name, language[:2]) for name in CHAPTERS)
    met, windows = [], []

    def sign_in(name, width=1280):
        window = browser.new_context(locale=locale, viewport={"width": width, "height": 760})
        windows.append(window)
        tab = window.new_page()
        tab.goto(f"{live_server.url}/login/")
        tab.fill("#id_username", name)
        tab.fill("#id_password", demo.people[name])
        reader = Reader(tab, language, pages, live_server.url, met)
        reader.click("[type=submit]")
        return reader

    try:
        viewer, publisher, on_call = sign_in("zhao.min"), sign_in("li.na"), sign_in("chen.jie", 400)
        approver, manager, auditor = sign_in("liu.yang"), sign_in("wang.wei"), sign_in("he.qing")
        requests_and_reviews(sign_in("ma.jun"), approver, on_call)
        rounds.drift(on_call)
        exercises.who_changed_what(viewer)
        exercises.the_difference(viewer)
        exercises.a_publish(publisher)
        exercises.a_refused_publish(publisher)
        exercises.at_three(on_call)
        exercises.a_second_person(approver, on_call)
        exercises.many(on_call)
        exercises.two_drifts(on_call, publisher)
        exercises.a_deleted_one(on_call)
        exercises.keep_out(manager, publisher, on_call)
        exercises.from_a_terminal(demo, live_server.url, publisher, manager)
        exercises.the_trail(auditor)
        exercises.the_quarter(viewer)
        admin = sign_in("admin")
        rounds.approvals(manager)
        rounds.onboarding(admin)
        rounds.canary(admin)
        rounds.upgrade(publisher)
        rounds.alerts(admin)
        nothing_unmet(met, language)
    finally:
        for window in windows:
            window.close()


def requests_and_reviews(breaker, approver, on_call):
    """What the night has left, before anybody acts: one to approve, one rejected, one to review."""
    on_call.go("/workflows/sandbox.finance.invoices_daily/")
    on_call.press("See the request")
    breaker.go(on_call.tab.url.removeprefix(on_call.site))
    on_call.go("/rollbacks/?tab=closed")
    on_call.click('table.inbox a:has-text("payments_import")')
    approver.go("/rollbacks/")
    approver.click('table.inbox a:has-text("ledger_close")')


def nothing_unmet(met, language):
    seen = "\n".join(met).lower()
    labels = {label for name in CHAPTERS for label in named(chapter(name))} - ELSEWHERE
    said = {label: {label} if language == "en" else chinese_of(label) for label in labels}
    unmet = sorted(label for label, words in said.items() if not any(word.lower() in seen for word in words))
    assert not unmet, "\n".join(unmet)
