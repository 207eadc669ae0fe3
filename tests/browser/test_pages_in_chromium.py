"""Every page opened in Chromium, both languages, dark and light, wide and narrow: no console error, nothing wider than the window.

Ours are judged by axe-core too: nothing serious, and nothing critical.
"""

import pytest

from tests.browser.look import LOOKS, look
from tests.pages.conftest import *  # noqa: F403  the same workflow, seen for real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCS = "/api/docs/"  # drf-spectacular's page; those of permissions are guardian's
PAGES = [
    *(
        "/",
        "/workflows/",
        "/workflows/orders/",
        "/workflows/?state=in_sync",
        "/workflows/orders/versions/1/",
        *(f"/workflows/orders/versions/2/?tab={tab}" for tab in ("definition", "graph", "lineage", "journal")),
        "/workflows/orders/versions/2/?find=echo",
        "/workflows/orders/diff/?left=1&right=2",
        *(f"/workflows/orders/diff/?left=1&right=2&tab={tab}" for tab in ("graph", "tasks", "settings", "lineage")),
        "/workflows/orders/diff/?left=1&right=2&tab=tasks&mode=unified&layout=1",
        "/workflows/orders/diff/?left=published&right=live",
    ),
    *(
        "/workflows/orders/publish/",
        "/workflows/orders/restore/",
        "/syncs/{sync}/",
        "/projects/{project}/workflows/",
        "/projects/{project}/service-accounts/",
        "/projects/{project}/who/",
        "/projects/{project}/webhooks/",
        "/freezes/",
        "/operations/alerts/",
        "/operations/alerts/rules/",
        "/operations/alerts/channels/",
        "/trail/",
        "/workflows/orders/history/",
    ),
    *(
        "/catalog/project/{project}/change/",
        "/catalog/project/{project}/permissions/",
        "/catalog/project/{project}/permissions/user-manage/{publisher}/",
        "/catalog/instance/{instance}/change/",
        "/catalog/instance/",
        "/catalog/instance/add/",
        "/audit/auditentry/",
        DOCS,
    ),
]


@pytest.mark.parametrize(("locale", "scheme", "width"), LOOKS)
def test_every_page(open_window, live_server, two_versions, project, publisher, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    ids = {
        "sync": two_versions.pk,
        "project": project.pk,
        "instance": project.instance_id,
        "publisher": publisher.pk,
    }
    for path in PAGES:
        address = live_server.url + path.format(**ids)
        if path == DOCS:
            assert tab.goto(address, wait_until="networkidle").status == 200 and tab.problems == []
        else:
            look(tab, address, locale, width, judged="/permissions/" not in path)


@pytest.mark.parametrize(("locale", "scheme", "width"), [("zh-CN", "dark", 1280), ("zh-CN", "light", 360)])
def test_an_error_page_stays_in_the_frame(open_window, live_server, project, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    answer = tab.goto(f"{live_server.url}/workflows/nothing/", wait_until="networkidle")
    assert answer.status == 404
    assert "没有这个页面" in tab.inner_text(".notice") and answer.header_value("X-Request-ID") in tab.inner_text("body")
    assert not [text for text in tab.problems if "404" not in text]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_from_the_list_to_a_difference_in_three_clicks(open_window, live_server, two_versions):
    tab = open_window()
    tab.goto(f"{live_server.url}/workflows/")
    tab.click("table.list a >> nth=0")
    tab.click("text=Compare the two picked")
    assert "1 change" in tab.inner_text("h1")
    assert "script changed" in tab.inner_text("ul.sent")
    tab.click("ul.sent a >> nth=0")
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
    assert "from Chromium" in tab.inner_text("ol.timeline li.v >> nth=0")
    assert tab.problems == []


def test_the_language_is_switched_by_hand(open_window, live_server, two_versions):
    tab = open_window()
    tab.goto(f"{live_server.url}/workflows/orders/")
    tab.click(".language button")
    assert "发布" in tab.inner_text("body")
    tab.click(".language button")
    assert "Publish" in tab.inner_text("body")
