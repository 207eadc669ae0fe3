"""Every page judged by axe-core, in both languages and colour schemes: nothing serious, and nothing critical."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_pages_in_chromium import PAGES
from tests.pages.conftest import *  # noqa: F403  the same workflow, seen for real

OTHERS = ("/api/", "/permissions/")  # pages of drf-spectacular and guardian
OURS = [path for path in PAGES if not any(part in path for part in OTHERS)]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("locale", "scheme", "width"), [("en-US", "light", 1280), ("zh-CN", "dark", 360)])
def test_every_page(open_window, live_server, two_versions, project, publisher, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    ids = {"sync": two_versions.pk, "project": project.pk, "instance": project.instance_id, "publisher": publisher.pk}
    serious = {path: _serious(tab, live_server.url + path.format(**ids)) for path in OURS}
    assert not {path: found for path, found in serious.items() if found}


def _serious(tab, address):
    """Return what axe finds serious or critical on a page, with the first places."""
    tab.goto(address, wait_until="networkidle")
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"]][:3])
        for violation in Axe().run(tab).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
