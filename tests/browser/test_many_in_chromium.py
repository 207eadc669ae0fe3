"""A rollback of many as people do it: on a phone without scripts, in both languages and colours."""

import pytest

from tests.browser.look import ANY, found_by_axe
from tests.rollback.many.conftest import *  # noqa: F403  the same incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("locale", "scheme", "width", "scripts"), [("en-US", "dark", 360, False), ("zh-CN", "light", 1280, True)]
)
def test_from_the_criteria_to_all_back(open_window, live_server, incident, work, locale, scheme, width, scripts):
    tab = open_window(locale, scheme, width, scripts=scripts)

    def look() -> None:
        assert tab.problems == []
        tab.wait_for_load_state()  # without scripts the page turns itself over
        wide = tab.evaluate("document.documentElement ? document.documentElement.scrollWidth : 0")
        assert wide <= width, f"{tab.url} is wider than the window"
        if scripts:
            assert found_by_axe(tab, impacts=ANY) == []

    tab.goto(f"{live_server.url}/rollbacks/many/")
    look()
    tab.fill("#id_publisher", "mallory")
    tab.click(".many-criteria button")
    look()
    assert tab.locator("input[name=pick]:checked").count() == 4
    tab.uncheck("input[name=pick] >> nth=3")
    tab.fill("#id_reason", "rows are lost since 02:10")
    tab.fill("#id_confirm", "4")
    tab.click(".many-ask button.main")
    assert tab.locator(".errorlist").count() == 1
    assert tab.locator("input[name=pick]:checked").count() == 3
    tab.fill("#id_confirm", "3")
    tab.click(".many-ask button.main")
    tab.wait_for_url("**/rollbacks/many/*/")
    look()
    work()
    tab.goto(tab.url)
    look()
    tab.click("button[value=execute]")
    work()
    tab.goto(tab.url)
    look()
    assert tab.locator("td .chip.ok").count() == 3
    assert tab.locator("button[value=execute]").count() == 0
