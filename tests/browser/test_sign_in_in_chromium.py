"""Signing in at a sign-in service, in Chromium: the policy of our pages lets the browser go there and come back, and out again."""

import pytest
from django.contrib.auth.models import User

from tests.catalog.sign_in.conftest import by_oidc, provider, running_provider  # noqa: F401  fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tab(browser, live_server):
    """A phone, in Chinese and the dark. What the provider's own page complains of is not ours to mend."""

    def listen(message):
        ours = message.location["url"].startswith(live_server.url) or "Security" in message.text
        if message.type == "error" and ours:
            tab.problems.append(message.text)

    window = browser.new_context(locale="zh-CN", color_scheme="dark", viewport={"width": 360, "height": 800})
    tab = window.new_page()
    tab.problems = []
    tab.on("console", listen)
    tab.on("pageerror", lambda error: tab.problems.append(str(error)))
    yield tab
    window.close()


def fits(tab):
    return tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_there_and_back_and_out(tab, live_server, provider):  # noqa: F811  the fixture
    provider.person("anna", preferred_username="anna", given_name="Anna")
    tab.goto(f"{live_server.url}/login/?next=/workflows/")
    assert fits(tab)
    tab.get_by_role("link", name="使用 Example & Sons 登录").click()
    tab.fill("[name=sub]", "anna")
    with tab.expect_navigation(url=lambda url: url.startswith(live_server.url)):
        tab.locator("form button").first.click()
    assert tab.url == f"{live_server.url}/workflows/"
    assert User.objects.get(username="anna").first_name == "Anna"
    tab.locator("#logout-form button").click()
    out = tab.get_by_role("link", name="同时退出 Example & Sons")
    out.wait_for()
    assert fits(tab)
    assert out.get_attribute("href").startswith(f"{provider.url}/oauth2/end_session")
    assert not tab.problems, tab.problems
