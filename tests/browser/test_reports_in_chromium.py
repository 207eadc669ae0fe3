"""Reports opened in Chromium: nothing wider than the window, no console error, a period chosen by hand, printed with its numbers."""

import random
from datetime import timedelta

import pytest

from drift.choices import ItemState
from operations.choices import RunKind
from operations.reports.period import parse, today
from snapshotter.models import Snapshot
from tests.browser.look import LOOKS, look
from tests.operations.reports.conftest import *  # noqa: F403  a history of every end

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(history, publishes, backs, drifted, make, do, raw, project):
    """Ninety days of publishes by people with short and long names, rollbacks, drift, and what is online without a version."""
    dice = random.Random(7)
    row, rows = Snapshot.objects.filter(workflow="orders").latest("pk"), []
    people = ["li.na", "wang.wei", "a.name.that.goes.on.and.on" * 4, "张伟", *(f"person.{n:02}" for n in range(30))]
    for number in range(400):
        end = dice.choices(["published", "failed", "unconfirmed", "draft"], [90, 7, 2, 1])[0]
        fields = {field.attname: getattr(row, field.attname) for field in Snapshot._meta.concrete_fields}
        fields |= {
            "id": None,
            "version": 100 + number,
            "status": end,
            "published_by": dice.choice(people),
            "trigger": "api",
        }
        rows.append(Snapshot(**fields))
    for made in Snapshot.objects.bulk_create(rows):
        ago = timedelta(days=dice.randrange(90), hours=dice.randrange(20))
        Snapshot.objects.filter(pk=made.pk).update(created_at=made.created_at - ago)
    for number in range(40):
        drifted(ItemState.RESOLVED, -number * 43, 24 - number * 40)
    raw.release(project.code, make("dim_users 用户维表"), "ONLINE")
    raw.release(project.code, make("a name that goes on and on " * 6), "ONLINE")
    do(RunKind.INVENTORY)


@pytest.mark.parametrize(("locale", "scheme", "width"), LOOKS)
def test_every_page(open_window, live_server, busy, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    period = parse(f"{today() - timedelta(89)}..{today()}").name
    for path in (
        f"/operations/reports/?period={period}",
        "/operations/reports/coverage/",
        "/operations/reports/?period=1999-Q1",
    ):
        look(tab, live_server.url + path, locale, width)


def test_a_period_by_hand_and_a_day_by_a_click(open_window, live_server, busy):
    tab = open_window()
    tab.goto(f"{live_server.url}/operations/reports/")
    tab.fill("[name=first]", str(today() - timedelta(9)))
    tab.fill("[name=last]", str(today()))
    tab.click("text=Show")
    assert f"{today() - timedelta(9)}..{today()}" in tab.inner_text("h1")
    tab.click("summary:has-text('The numbers of each day')")
    assert str(today()) in tab.inner_text("details[open] table")
    tab.emulate_media(media="print")
    assert tab.is_visible(".r-chart") and not tab.is_visible("form.filters")
    assert tab.problems == []
