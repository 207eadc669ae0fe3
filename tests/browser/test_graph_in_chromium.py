"""The graph for real: seen, moved, searched and stepped through, with and without its script."""

import re

import pytest

from definitions.canonical import to_c1
from snapshotter.choices import Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.store import document_of
from snapshotter.work import run_due
from tests.browser.look import found_by_axe
from tests.definitions.documents import c1
from tests.pages.conftest import *  # noqa: F403  the same workflow, seen for real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [
    ("en-US", "light", 1280),
    ("zh-CN", "dark", 1280),
    ("zh-CN", "light", 360),
    pytest.param("en-US", "dark", 1920, marks=pytest.mark.soak),
]
NAMES = ["extract", "load_dwd", "<b>dws & 汇总</b>", "report", "notify"]
VERSION, DIFF = "/workflows/orders/versions/3/?tab=graph", "/workflows/orders/diff/?left=2&right=3&tab=graph"

FAR = "/workflows/orders/diff/?left=3&right=4&tab=graph"


@pytest.fixture
def rewired(two_versions, project, publisher, make_definition, dolphin):
    """Version 3 of `orders`: five tasks in a row, two of them from before."""
    codes = [
        *map(int, list(make_definition()["definitions"]["tasks"])[:2]),
        *(dolphin.state.next_code() for _ in "345"),
    ]
    body = c1({code: f"echo {code}\n" for code in codes}, name="orders")
    for task, name in zip(body["definitions"]["tasks"].values(), NAMES, strict=True):
        task["name"] = name
    body["relations"] = [{"preTaskCode": a, "postTaskCode": b} for a, b in zip([0, *codes], codes, strict=False)]
    origin = Origin(trigger=Trigger.API, message="five", published_by="li.na")
    publish(PublishRequest(workflow_key="orders", definition=body, origin=origin, project=project), actor=publisher)
    run_due()
    assert Sync.objects.latest("pk").state == "succeeded"


@pytest.fixture
def touched(rewired, publisher, project):
    """Version 4: only the first of the five has another script."""
    body = to_c1(document_of(Snapshot.objects.latest("pk")))
    first = next(task for task in body["definitions"]["tasks"].values() if task["name"] == NAMES[0])
    first["taskParams"]["rawScript"] = "echo other"
    origin = Origin(trigger=Trigger.API, message="touched", published_by="li.na")
    publish(PublishRequest(workflow_key="orders", definition=body, origin=origin, project=project), actor=publisher)
    run_due()


def view_box(tab, side=0):
    return [float(part) for part in tab.locator(".g-view > svg").nth(side).get_attribute("viewBox").split()]


@pytest.mark.parametrize(("locale", "scheme", "width"), LOOKS)
def test_it_is_seen_and_accessible(open_window, live_server, rewired, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    for path in (VERSION, DIFF):
        tab.goto(live_server.url + path, wait_until="networkidle")
        assert tab.locator(".g-view.live").count() == tab.locator(".g-view").count() > 0
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.problems == []
        assert found_by_axe(tab, context="#graph") == []
    assert ("已新增" if locale == "zh-CN" else "added") in tab.inner_text(".g-legend")


def test_both_sides_move_together(open_window, live_server, rewired):
    tab = open_window()
    tab.goto(live_server.url + DIFF, wait_until="networkidle")
    whole = view_box(tab)
    tab.locator(".g-view").first.focus()
    for _ in range(4):
        tab.keyboard.press("+")
    nearer = view_box(tab)
    assert nearer[2] < whole[2] and view_box(tab, 1) == nearer
    tab.keyboard.press("ArrowRight")
    assert view_box(tab)[0] > nearer[0] and view_box(tab) == view_box(tab, 1)
    before = view_box(tab)
    place = tab.locator(".g-view").nth(1).bounding_box()
    tab.mouse.move(place["x"] + 200, place["y"] + 20)
    tab.mouse.down()
    tab.mouse.move(place["x"] + 300, place["y"] + 20, steps=4)
    tab.mouse.up()
    assert view_box(tab)[0] < before[0] and view_box(tab) == view_box(tab, 1)
    tab.keyboard.press("0")
    assert view_box(tab) == whole
    assert tab.problems == []


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(open_window, live_server, rewired):
    tab = open_window()
    tab.goto(live_server.url + DIFF, wait_until="networkidle")
    tab.locator(".g-view").first.scroll_into_view_if_needed()
    place = tab.locator(".g-view").first.bounding_box()
    tab.mouse.move(place["x"] + 50, place["y"] + 50)
    whole = view_box(tab)
    tab.mouse.wheel(0, 10)
    assert view_box(tab) == whole
    tab.keyboard.down("Control")
    tab.mouse.wheel(0, -300)
    tab.keyboard.up("Control")
    tab.wait_for_function(
        f"parseFloat(document.querySelector('.g-view > svg').getAttribute('viewBox').split(' ')[2]) < {whole[2]}"
    )


def test_a_search_goes_from_hit_to_hit(open_window, live_server, rewired):
    tab = open_window()
    tab.goto(live_server.url + VERSION, wait_until="networkidle")
    tab.fill(".g-bar input", "O")
    assert tab.inner_text(".g-bar output") == "1 / 3"
    first = tab.locator(".hit title").text_content()
    tab.press(".g-bar input", "Enter")
    assert tab.inner_text(".g-bar output") == "2 / 3"
    assert tab.locator(".hit title").text_content() != first
    tab.fill(".g-bar input", "nowhere")
    assert tab.inner_text(".g-bar output") == "no task found"


def test_tab_steps_through_the_boxes_and_enter_goes_to_the_task(open_window, live_server, rewired):
    tab = open_window()
    tab.goto(live_server.url + VERSION, wait_until="networkidle")
    tab.locator(".g-view").focus()
    heard = []
    for _ in range(5):
        tab.keyboard.press("Tab")
        heard.append(tab.evaluate("document.activeElement.querySelector('title').textContent.split(',')[0]"))
    assert heard == NAMES
    assert tab.get_by_role("link", name="load_dwd, SHELL").count() == 1
    tab.keyboard.press("Enter")
    tab.wait_for_selector("details.task[open]")
    assert re.search(r"tab=definition.*#task-\d+$", tab.url)


def test_only_changes_hides_the_rest(open_window, live_server, touched):
    tab = open_window()
    tab.goto(live_server.url + FAR, wait_until="networkidle")
    assert tab.locator(".g-view .n:visible").count() == 10
    tab.click("[data-do=only]")
    assert tab.get_attribute("[data-do=only]", "aria-pressed") == "true"
    assert 0 < tab.locator(".g-view .n:visible").count() < 10
    tab.click("[data-do=only]")
    assert tab.locator(".g-view .n:visible").count() == 10


def test_it_starts_when_its_fold_is_opened(open_window, live_server, rewired):
    tab = open_window()
    tab.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        " const fold = document.createElement('details'), graph = document.getElementById('graph');"
        " graph.replaceWith(fold); fold.append(graph); })"
    )
    tab.goto(live_server.url + DIFF, wait_until="networkidle")
    assert tab.locator(".g-view.live").count() == 0
    tab.evaluate("document.getElementById('graph').parentElement.open = true")
    tab.wait_for_selector(".g-view.live")
    assert tab.locator(".g-view").first.bounding_box()["height"] >= 160
    assert view_box(tab)[2] > 1_000


def test_it_is_printed_whole_and_white(open_window, live_server, rewired):
    tab = open_window(scheme="dark", width=360)
    tab.goto(live_server.url + DIFF, wait_until="networkidle")
    tab.locator(".g-view").first.focus()
    tab.keyboard.press("+")
    looked_at = view_box(tab)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    assert view_box(tab)[2] > 1_000 > looked_at[2]
    assert tab.evaluate("getComputedStyle(document.querySelector('.g-view')).backgroundColor") == "rgb(255, 255, 255)"
    assert not tab.locator(".g-bar").is_visible()
    tab.emulate_media(media="screen")
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert view_box(tab) == looked_at


def test_without_its_script_it_is_whole(browser, open_window, live_server, rewired):
    cookies = open_window().context.cookies()
    with browser.new_context(java_script_enabled=False) as window:
        window.add_cookies(cookies)
        tab = window.new_page()
        tab.goto(live_server.url + DIFF)
        assert tab.locator(".g-view > svg").count() == 2
        assert not tab.locator(".g-bar").is_visible()
        tab.locator("a.n.A").first.click()
        assert re.search(r"#task-\d+$", tab.url)
