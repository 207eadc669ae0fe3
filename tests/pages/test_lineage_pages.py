"""Lineage on the version and diff pages: shown, escaped, masked, linked, and honest where nothing is known yet."""

import pytest

from snapshotter.choices import Trigger
from snapshotter.derive_lineage import derive_due
from snapshotter.make_snapshot import Origin
from snapshotter.models import LineageBody
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due

VERSION = "/workflows/orders/versions/1/?tab=lineage"
DIFF = "/workflows/orders/diff/?left=1&right=2&tab=lineage"
KEY = "s3a://AKIAABCDEFGHIJKLMNOP@bucket/x"


@pytest.fixture
def go(project, publisher, make_definition):
    def publish_script(script, key="orders"):
        origin = Origin(trigger=Trigger.API)
        request = PublishRequest(
            workflow_key=key, definition=make_definition(script, name=key), origin=origin, project=project
        )
        publish(request, actor=publisher)
        run_due()

    return publish_script


def page(browse, path, viewer, **headers):
    response = browse(path, viewer, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_before_a_worker_came_the_pages_say_so(go, browse, viewer):
    go("hive -e 'drop table a.b'")
    go("hive -e 'drop table a.c'")
    assert "not computed yet" in page(browse, VERSION, viewer)
    assert "not computed yet" in page(browse, DIFF, viewer)


def test_a_version_shows_tables_and_what_is_not_known(go, browse, viewer):
    go("hive -e 'insert into dwd.orders select * from ods.orders; select * from ods.o_${bizdate}'\nhive -f more.sql")
    derive_due(60)
    shown = page(browse, VERSION, viewer)
    for text in (
        "ods.orders",
        "dwd.orders",
        "ods.o_${bizdate}",
        "pattern",
        "script file: more.sql",
        "Nothing is guessed",
    ):
        assert text in shown


def test_the_difference_names_who_reads_what_is_gone(go, browse, viewer):
    go("hive -e 'insert into dwd.dup select 1'")
    go("echo nothing")
    derive_due(60)
    shown = page(browse, DIFF, viewer)
    assert "No longer writes <b>dwd.dup</b>" in shown
    chinese = page(browse, DIFF, viewer, accept_language="zh-hans")
    assert "不再写入 <b>dwd.dup</b>" in chinese
    assert "血缘" in chinese


def test_a_table_lost_to_what_can_not_be_read_is_not_told_as_lost(go, browse, viewer):
    go("hive -e 'insert into dwd.dup select 1'")
    go("hive -e 'insert into dwd.dup select 1 where x = = 1'")
    derive_due(60)
    shown = page(browse, DIFF, viewer)
    assert "Not known whether it still writes <b>dwd.dup</b>" in shown
    assert "No longer writes" not in shown
    assert '<span class="mark unsure"' in shown
    assert "The same tables" not in shown
    assert "不确定是否仍写入 <b>dwd.dup</b>" in page(browse, DIFF, viewer, accept_language="zh-hans")


def test_a_damaged_lineage_leaves_the_pages_standing(go, browse, viewer):
    go("hive -e 'drop table a.b'")
    go("echo nothing")
    derive_due(60)
    LineageBody.objects.update(data=b"spoilt")
    for path in (VERSION, DIFF):
        assert "lineage --recompute" in page(browse, path, viewer)


def test_names_are_escaped_and_keys_masked(go, browse, viewer):
    go(f"hive <<'EOF'\nselect * from a.`<img src=x onerror=alert(1)>`;\nload data inpath '{KEY}' into table a.b;\nEOF")
    go("echo nothing")
    derive_due(60)
    for path in (VERSION, DIFF):
        shown = page(browse, path, viewer)
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown
        assert "AKIAABCDEFGHIJKLMNOP" not in shown


def test_an_outsider_sees_nothing(go, browse, outsider):
    go("hive -e 'drop table a.b'")
    assert browse(VERSION, outsider).status_code == 404
