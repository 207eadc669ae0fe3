"""Every page opened in Chromium, both languages, dark and light, wide and narrow: no console error, nothing wider than the window."""

import pytest

from tests.pages.conftest import *  # noqa: F403  the same workflow, seen for real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    *(
        "/",
        "/workflows/",
        "/workflows/orders/",
        "/workflows/orders/versions/1/",
        "/workflows/orders/diff/?left=1&right=2",
    ),
    *(
        "/workflows/orders/publish/",
        "/syncs/{sync}/",
        "/projects/{project}/workflows/",
        "/projects/{project}/service-accounts/",
        "/projects/{project}/webhooks/",
        "/freezes/",
    ),
    *(
        "/catalog/project/{project}/change/",
        "/catalog/instance/",
        "/catalog/instance/add/",
        "/audit/auditentry/",
        "/api/docs/",
    ),
]
LOOKS = [("en-US", "light", 1280), ("zh-CN", "dark", 1280), ("zh-CN", "light", 360), ("en-US", "dark", 1920)]


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright  # only where a browser is

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        yield running
        running.close()


@pytest.fixture
def open_window(browser, live_server, root):
    windows = []

    def sign_in(locale="en-US", scheme="light", width=1280, user="root"):
        window = browser.new_context(locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900})
        windows.append(window)
        tab = window.new_page()
        tab.problems = []
        tab.on("console", lambda message: tab.problems.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: tab.problems.append(str(error)))
        tab.goto(f"{live_server.url}/login/")
        tab.fill("#id_username", user)
        tab.fill("#id_password", "right password")
        tab.click("[type=submit]")
        return tab

    yield sign_in
    for window in windows:
        window.close()


@pytest.mark.parametrize(("locale", "scheme", "width"), LOOKS)
def test_every_page(open_window, live_server, two_versions, project, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    for path in PAGES:
        answer = tab.goto(
            live_server.url + path.format(sync=two_versions.pk, project=project.pk), wait_until="networkidle"
        )
        assert answer.status == 200, path
        assert tab.problems == [], path
        if "docs" not in path:
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than the window"
            assert (tab.locator("html").get_attribute("lang") == "zh-hans") == (locale == "zh-CN")


def test_from_the_list_to_a_difference_in_three_clicks(open_window, live_server, two_versions):
    tab = open_window()
    tab.goto(f"{live_server.url}/workflows/")
    tab.click("table.list a >> nth=0")
    tab.click("text=Compare the two picked")
    assert "1 change" in tab.inner_text("h1")
    assert "script changed" in tab.inner_text("ul.sent")
    assert tab.locator("table.code mark").count() >= 2
    assert tab.problems == []


def test_publish_and_see_it_verified(open_window, live_server, two_versions, publisher):
    from snapshotter.work import run_due  # the embedded worker, run by hand

    tab = open_window(user="publisher")
    tab.goto(f"{live_server.url}/workflows/orders/publish/")
    tab.fill("#id_definition", tab.input_value("#id_definition").replace("echo two", "echo four"))
    tab.fill("#id_message", "from Chromium")
    tab.click("form.publish .btn.main")
    assert "/syncs/" in tab.url
    run_due()
    tab.wait_for_selector("text=Verified", timeout=10_000)
    tab.click("text=To the workflow")
    assert "from Chromium" in tab.inner_text("ol.timeline li >> nth=0")
    assert tab.problems == []


def test_the_language_is_switched_by_hand(open_window, live_server, two_versions):
    tab = open_window()
    tab.goto(f"{live_server.url}/workflows/orders/")
    tab.click(".language button")
    assert "发布" in tab.inner_text("body")
    tab.click(".language button")
    assert "Publish" in tab.inner_text("body")
