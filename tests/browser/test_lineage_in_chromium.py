"""Lineage seen for real: readers linked, patterns marked, what is not known in plain sight; wide and narrow, light and dark."""

import pytest

from snapshotter.choices import Trigger
from snapshotter.derive_lineage import derive_due
from snapshotter.make_snapshot import Origin
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import c1

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [
    ("en-US", "light", 1280),
    ("zh-CN", "dark", 1280),
    ("zh-CN", "light", 360),
    pytest.param("en-US", "dark", 360, marks=pytest.mark.soak),
]
EXTRACT = "hive -e \"insert overwrite table dwd.orders partition(dt='${bizdate}') select * from ods.orders o join ods.users u on o.u=u.id\""
DEDUP = "hive -e 'insert overwrite table dwd.orders_dup select distinct * from dwd.orders'"
NOTIFY = "python3 /opt/jobs/notify.py\nhive -f /opt/sql/report_daily.sql\nhive -e 'select * from dwd.orders_${bizdate}; call x()'"


@pytest.fixture
def versions(project, publisher, dolphin):
    codes = [dolphin.state.next_code() for _ in range(6)]

    def go(key, scripts):
        request = PublishRequest(
            workflow_key=key, definition=c1(scripts, name=key), origin=Origin(trigger=Trigger.API), project=project
        )
        publish(request, actor=publisher)
        run_due()

    go("orders_daily", {codes[0]: EXTRACT, codes[1]: DEDUP, codes[2]: NOTIFY})
    go("orders_daily", {codes[0]: EXTRACT.replace("ods.users", "ods.members"), codes[2]: NOTIFY})
    go(
        "refund_daily",
        {codes[3]: "spark-sql -e 'insert into dws.refunds select * from dwd.orders_dup join dwd.orders'"},
    )
    go("ingest", {codes[4]: "hive -e 'insert into ods.orders select * from src.orders'"})
    derive_due(60)


@pytest.mark.parametrize(("locale", "scheme", "width"), LOOKS)
def test_a_version_and_a_difference(open_window, live_server, versions, locale, scheme, width):
    tab = open_window(locale, scheme, width)
    for path, link in (("versions/1/?tab=lineage", "ingest"), ("diff/?left=1&right=2&tab=lineage", "refund_daily")):
        answer = tab.goto(f"{live_server.url}/workflows/orders_daily/{path}", wait_until="networkidle")
        assert answer.status == 200
        assert tab.problems == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        part = tab.locator("section.lineage")
        assert part.get_by_role("link", name=link).first.is_visible()
    part.get_by_role("link", name="refund_daily").first.click()
    assert tab.url.endswith("/workflows/refund_daily/")
