"""Looking at a page: it answers, complains of nothing, fits its window, speaks the reader's language, and axe-core finds nothing grave."""

import pytest
from axe_playwright_python.sync_playwright import Axe

LOOKS = [
    ("en-US", "light", 1280),
    ("zh-CN", "dark", 360),
    pytest.param("zh-CN", "light", 360, marks=pytest.mark.soak),
    pytest.param("en-US", "dark", 1920, marks=pytest.mark.soak),
]


def look(tab, address, locale, width, *, ours=True):
    """Open an address, "" for what is open; `ours` False for pages that other packages draw."""
    if address:
        assert tab.goto(address, wait_until="networkidle").status == 200, address
    assert tab.problems == [], f"{address}: {tab.problems}"
    if ours:
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than the window"
        assert (tab.locator("html").get_attribute("lang") == "zh-hans") == (locale == "zh-CN")
        assert serious(tab) == [], address


def serious(tab, context=None):
    """Return what axe finds serious or critical: (rule, the first places)."""
    before = list(tab.problems)
    found = Axe().run(tab, context=context).response["violations"]
    tab.problems[:] = before  # our policy forbids a style that axe tries
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in grave]
