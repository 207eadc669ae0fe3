"""Lineage as pages and the API show it: of a version, of two, of live; neighbours only among what the reader may see."""

import zlib
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from definitions.lineage.lineage import Unknown, Why
from snapshotter.choices import Trigger
from snapshotter.derive_lineage import derive_due
from snapshotter.make_snapshot import Origin
from snapshotter.models import ContentLineage, DefinitionBlob, LineageBody, Snapshot
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import c1
from versions.comparison import Side, side
from versions.lineage.difference import lineage_difference
from versions.lineage.neighbours import LOOKED_UP
from versions.lineage.shown import SHOWN, lineage_shown
from versions.lineage.sides import LIVE_CHARACTERS
from versions.lineage.words import _PARTS, _WHY, unknown_text

WRITES_DUP = 'hive -e "insert into dwd.orders_dup select * from ods.orders"'


@pytest.fixture
def go(project, publisher, dolphin):
    """Publish scripts as tasks of a workflow; a task keeps its code from version to version."""
    codes: dict[str, list[int]] = {}

    def publish_scripts(
        key: str, *scripts: str, sql: str = "", within: Project = project, actor: Any = publisher
    ) -> Snapshot:
        mine = codes.setdefault(key, [])
        while len(mine) < len(scripts):
            mine.append(dolphin.state.next_code())
        definition = c1(dict(zip(mine, scripts, strict=False)), name=key)
        if sql:  # for data source 1, in place of the first script
            params = {"type": "MYSQL", "datasource": 1, "sql": sql, "sqlType": "1"}
            definition["definitions"]["tasks"][str(mine[0])] |= {"taskType": "SQL", "taskParams": params}
        request = PublishRequest(
            workflow_key=key,
            definition=definition,
            origin=Origin(trigger=Trigger.API),
            project=within,
        )
        accepted = publish(request, actor=actor)
        run_due()
        return Snapshot.objects.get(pk=accepted.sync.snapshot_id)

    return publish_scripts


def workflow(key):
    return Workflow.objects.select_related("project__instance", "state").get(key=key)


def difference(key, left, right, actor):
    found = workflow(key)
    return lineage_difference(found, side(found, left), side(found, right), actor)


def test_a_version_with_its_neighbours(go, viewer):
    go("orders", WRITES_DUP, "python3 x.py")
    go("refund_daily", 'hive -e "select * from dwd.orders_dup"')
    go("ingest", 'hive -e "insert into ods.orders select * from src.orders"')
    assert lineage_shown(workflow("orders"), _newest("orders"), viewer).known == "pending"
    derive_due(60)
    shown = lineage_shown(workflow("orders"), _newest("orders"), viewer)
    (read,), (written,) = shown.reads, shown.writes
    assert (read.name, [other.key for other in read.others]) == ("ods.orders", ["ingest"])
    assert (written.name, [other.key for other in written.others]) == ("dwd.orders_dup", ["refund_daily"])
    assert [task.name for task in shown.tasks] == ["task 0", "task 1"]
    assert [item.why for item in shown.tasks[1].unknown] == [Why.PROGRAM]
    assert shown.unknown_tasks == 1


def test_the_difference_as_sentences(go, viewer):
    go("orders", WRITES_DUP)
    go("orders", 'hive -e "insert into dwd.orders select * from ods.orders"')
    go("refund_daily", 'hive -e "select * from dwd.orders_dup"')
    derive_due(60)
    found = difference("orders", "1", "2", viewer)
    assert [sentence.text for sentence in found.sentences] == [
        "No longer writes dwd.orders_dup, read by refund_daily",
        "Now writes dwd.orders",
    ]
    assert {sentence.mark for sentence in found.sentences} == {"L"}
    assert [(task.gained, task.lost) for task in found.tasks] == [
        ([("writes", "dwd.orders")], [("writes", "dwd.orders_dup")])
    ]
    with translation.override("zh-hans"):
        assert (
            difference("orders", "1", "2", viewer).sentences[0].text == "不再写入 dwd.orders_dup，读取方：refund_daily"
        )


def test_live_is_read_on_the_spot(go, viewer):
    go("orders", WRITES_DUP)
    assert difference("orders", "1", "live", viewer).known == "pending"
    derive_due(60)
    assert difference("orders", "1", "live", viewer).sentences == ()
    assert _with_live(viewer, "hive -e 'truncate table dwd.x'") == [
        "No longer writes dwd.orders_dup",
        "No longer reads ods.orders",
        "Now writes dwd.x",
    ]
    assert _with_live(viewer, "x" * (LIVE_CHARACTERS + 1)) == "too_large"


def _with_live(actor, script):
    """Compare version 1 with live as it were with this script."""
    found = workflow("orders")
    live = side(found, "live")
    ((code, task),) = live.document.tasks.items()
    changed = {code: {**task, "taskParams": {**task["taskParams"], "rawScript": script}}}
    edited = Side("live", replace(live.document, tasks=changed))
    shown = lineage_difference(found, side(found, "1"), edited, actor)
    return [item.text for item in shown.sentences] if shown.known == "computed" else shown.known


def test_only_what_the_reader_may_see_is_named(go, instance, viewer):
    go("orders", WRITES_DUP)
    hidden = Project.objects.create(instance=instance, code=77, name="hidden", mode=Mode.PUBLISH)
    other = go("spy", 'hive -e "select * from dwd.orders_dup"')
    derive_due(60)
    assert [o.key for o in lineage_shown(workflow("orders"), _newest("orders"), viewer).writes[0].others] == ["spy"]
    Workflow.objects.filter(key="spy").update(project=hidden)
    Snapshot.objects.filter(pk=other.pk).update(project=hidden)
    assert lineage_shown(workflow("orders"), _newest("orders"), viewer).writes[0].others == ()
    assert [o.key for o in lineage_shown(workflow("orders"), _newest("orders"), SYSTEM).writes[0].others] == ["spy"]


def test_a_data_sources_number_counts_within_one_instance(go, viewer):
    go("orders", "", sql="insert into a select * from shop.b")
    go("near", "", sql="select * from a")
    go("far", "", sql="select * from a, shop.c")
    go("far_writer", "", sql="delete from shop.b")
    derive_due(60)
    second = Instance.objects.create(name="second", base_url="http://127.0.0.1:1/dolphinscheduler")
    elsewhere = Project.objects.create(instance=second, code=78, name="elsewhere", mode=Mode.RECORD)
    Workflow.objects.filter(key__startswith="far").update(project=elsewhere)
    shown = lineage_shown(workflow("orders"), _newest("orders"), SYSTEM)
    assert [(table.system, [o.key for o in table.others]) for table in shown.writes] == [("mysql#1", ["near"])]
    assert [(table.name, [o.key for o in table.others]) for table in shown.reads] == [("shop.b", ["far_writer"])]


def test_only_published_versions_count_as_neighbours(go, viewer):
    go("orders", WRITES_DUP)
    go("refund_daily", 'hive -e "select * from dwd.orders_dup"')
    go("refund_daily", "echo nothing any more")
    derive_due(60)
    assert lineage_shown(workflow("orders"), _newest("orders"), viewer).writes[0].others == ()


def test_more_tables_than_are_looked_up_are_counted(go, viewer):
    go("orders", "hive -e '" + ";".join(f"drop table a.t{number}" for number in range(LOOKED_UP + 7)) + "'")
    derive_due(60)
    shown = lineage_shown(workflow("orders"), _newest("orders"), viewer)
    assert (shown.not_looked_up, len(shown.writes), shown.more_writes) == (7, SHOWN, LOOKED_UP + 7 - SHOWN)


def test_a_content_that_could_not_be_read_says_so(go, viewer):
    go("orders", WRITES_DUP)
    document = side(workflow("orders"), "1").document
    kept = list(DefinitionBlob.objects.values_list("pk", "data"))
    DefinitionBlob.objects.update(data=b"spoilt")
    derive_due(60)
    for pk, data in kept:
        DefinitionBlob.objects.filter(pk=pk).update(data=data)
    assert lineage_shown(workflow("orders"), _newest("orders"), viewer, document=document).known == "failed"


def test_a_damaged_lineage_is_told_as_one_that_can_not_be_read(go, viewer):
    go("orders", WRITES_DUP)
    go("orders", "echo a")
    derive_due(60)
    for damaged in (
        b"spoilt",
        *map(zlib.compress, (b"{", b"[]", b'{"tasks":{"1":{"unknown":[[1]]}}}', b'{"tasks":{}}')),
    ):
        LineageBody.objects.filter(reads=1).update(data=damaged)
        assert lineage_shown(workflow("orders"), Snapshot.objects.get(version=1), viewer).known == "failed"
        assert difference("orders", "1", "2", viewer).known == "failed"


def test_an_older_parsers_reading_is_shown_until_it_is_read_again(go, viewer):
    go("orders", WRITES_DUP)
    derive_due(60)
    ContentLineage.objects.update(parser_version="0/older")
    assert lineage_shown(workflow("orders"), _newest("orders"), viewer).parser_version == "0/older"
    go("orders", "echo a")
    derive_due(60)
    assert difference("orders", "1", "2", viewer).other_parsers


def test_queries_do_not_grow(go, viewer, django_assert_max_num_queries):
    go("orders", *[f"hive -e 'insert into dwd.t{n} select * from ods.s{n}'" for n in range(30)])
    for number in range(3):
        go(f"reader_{number}", *[f"hive -e 'select * from dwd.t{n}'" for n in range(20)])
    derive_due(60)
    found, one = workflow("orders"), side(workflow("orders"), "1")
    assert Workflow.objects.visible_to(viewer).exists()  # a page has asked for the reader's permissions before
    document = one.document
    with django_assert_max_num_queries(3):
        shown = lineage_shown(found, one.snapshot, viewer, document=document)
    assert [len(table.others) for table in shown.writes[:2]] == [3, 3]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_reason_has_words(language):
    with translation.override(language):
        for why in Why:
            assert why in _WHY
            text = unknown_text(Unknown("sql", 2, why, "x"), "x")
            assert "%(" not in text and "x" in text
        assert all(str(part) for part in _PARTS.values())


def _newest(key):
    return Snapshot.objects.filter(workflow=key).order_by("-version").first()
