"""Start page, workflows and history as people use them: by mouse, by keyboard, without scripts."""

import pytest

from snapshotter.models import Snapshot
from tests.browser.look import look
from tests.pages.conftest import *  # noqa: F403  the same workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATHS = [
    *(
        "/",
        "/workflows/",
        "/workflows/?q=nothing",
        "/workflows/orders/",
        "/workflows/orders/?text=nothing",
        "/changes/",
    ),
    *(
        "/changes/?since=today",
        "/workflows/orders/since/monday/",
        "/audit/auditentry/",
        "/auth/user/",
        "/catalog/project/",
    ),
]


@pytest.mark.parametrize(
    ("locale", "scheme", "width"),
    [
        ("en-US", "light", 1280),
        ("zh-CN", "dark", 1280),
        ("zh-CN", "light", 360),
        pytest.param("en-US", "dark", 1920, marks=pytest.mark.soak),
    ],
)
def test_lists(open_window, live_server, two_versions, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    for path in PATHS:
        look(tab, live_server.url + path, locale, width)


@pytest.fixture
def since_last_year(two_versions):
    """As if version 1 had been published a year ago."""
    from datetime import timedelta

    from django.utils import timezone

    then = timezone.now() - timedelta(days=365)
    Snapshot.objects.filter(version=1).update(live_from=then, created_at=then)


def test_from_the_start_page_to_what_changed_since_monday(open_window, live_server, since_last_year):
    tab = open_window()
    tab.goto(f"{live_server.url}/")
    tab.fill("input[name=q]", "ORDERS")
    tab.keyboard.press("Enter")
    tab.click("table.list tbody tr >> nth=0 >> text=since Monday")
    assert "left=1&right=published" in tab.url and "script" in tab.inner_text("ul.sent")
    tab.goto(f"{live_server.url}/")
    tab.click(".start >> text=Since Monday")
    tab.click("ul.latest li >> nth=0 >> text=all since then")
    assert "left=1&right=published" in tab.url
    assert tab.problems == []


def test_by_keyboard_alone(open_window, live_server, two_versions):
    tab = open_window()
    tab.goto(f"{live_server.url}/workflows/orders/")
    tab.keyboard.press("?")
    assert tab.locator("dialog#keys").is_visible()
    tab.keyboard.press("Escape")
    assert not tab.locator("dialog#keys").is_visible()
    tab.keyboard.press("/")
    tab.keyboard.type("jd?")
    assert tab.input_value("[name=text]") == "jd?" and not tab.locator("dialog#keys").is_visible()
    tab.locator("[name=text]").blur()
    for key in ("j", "j", "c"):  # the first one, the one below it, its left side
        tab.keyboard.press(key)
    assert tab.evaluate("document.activeElement.textContent") == "v1"
    assert tab.is_checked("[name=left][value='1']") and tab.is_disabled("[name=right][value='1']")
    tab.keyboard.press("k")
    tab.keyboard.press("d")
    tab.wait_for_url("**/diff/?left=1&right=2")
    tab.go_back()
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/versions/2/")
    assert tab.problems == []


def test_the_left_choice_can_not_be_the_right_one(open_window, live_server, two_versions):
    tab = open_window()
    tab.goto(f"{live_server.url}/workflows/orders/")
    tab.check("[name=left][value='2']")
    assert tab.is_disabled("[name=right][value='2']") and tab.is_checked("[name=right][value='1']")
    tab.click("[data-keys]")
    assert tab.locator("dialog#keys").is_visible()
    tab.click("dialog#keys [data-close]")
    assert not tab.locator("dialog#keys").is_visible()


def test_without_scripts(browser, live_server, two_versions, root, client):
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    window = browser.new_context(java_script_enabled=False)
    window.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    tab = window.new_page()
    tab.goto(f"{live_server.url}/workflows/orders/")
    assert not tab.locator("dialog#keys").is_visible()
    tab.click("[data-keys]")
    assert tab.locator("dialog#keys").is_visible()
    tab.click("dialog#keys [data-close]")
    assert not tab.locator("dialog#keys").is_visible()
    tab.click("text=Compare the two picked")
    assert "left=1" in tab.url and "right=2" in tab.url
    window.close()
