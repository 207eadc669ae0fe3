"""Looking at a page: it answers, complains of nothing, fits its window, speaks the reader's language, and axe-core finds nothing grave."""

import pytest
from axe_playwright_python.sync_playwright import Axe

AXE_STYLE = "Applying inline style violates"  # our policy forbids a style that axe tries
ANY = ("minor", "moderate", "serious", "critical", None)
LOOKS = [
    ("en-US", "light", 1280),
    ("zh-CN", "dark", 360),
    pytest.param("zh-CN", "light", 360, marks=pytest.mark.soak),
    pytest.param("en-US", "dark", 1920, marks=pytest.mark.soak),
]


def look(tab, address, locale, width, *, judged=True):
    """Open an address, "" for what is open; axe-core's verdict is asked where it is to be `judged`."""
    if address:
        assert tab.goto(address, wait_until="networkidle").status == 200, address
    assert tab.problems == [], f"{address}: {tab.problems}"
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than the window"
    assert (tab.locator("html").get_attribute("lang") == "zh-hans") == (locale == "zh-CN")
    if judged:
        assert found_by_axe(tab) == [], address


def found_by_axe(tab, context=None, impacts=("serious", "critical")):
    """Return what axe finds of these impacts: (rule, the first places)."""
    before = len(tab.problems)
    found = Axe().run(tab, context=context).response["violations"]
    tab.problems[before:] = [text for text in tab.problems[before:] if AXE_STYLE not in text]
    grave = [one for one in found if one["impact"] in impacts]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in grave]
