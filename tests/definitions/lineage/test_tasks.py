"""Lineage by type of task, and what holds for any definition."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.document import Document
from definitions.lineage.compare import compare_lineage
from definitions.lineage.lineage import Call, Table, TaskLineage, Unknown, Why, digest, lineage_of
from definitions.lineage.model import Lineage, word_set
from definitions.lineage.shell import read_shell
from definitions.lineage.sql import Reading
from definitions.lineage.tasks import lineage_of_task
from tests.definitions.lineage.test_sql import STATEMENTS, read

Json = dict[str, Any]


def task(kind: str, **params: Any) -> Json:
    return {"name": "t", "taskType": kind, "taskParams": params}


def names(found: TaskLineage) -> tuple[list[str], list[str]]:
    return [f"{t.system}:{t.name}" for t in sorted(found.reads)], [f"{t.system}:{t.name}" for t in sorted(found.writes)]


def test_sql_with_statements_before_and_after() -> None:
    found = lineage_of_task(
        task(
            "SQL",
            type="MYSQL",
            datasource=3,
            sql="insert into shop.a select * from t",
            preStatements=["create temporary table t as select * from b"],
            postStatements=["analyze table shop.a", "call p()"],
        )
    )
    assert names(found) == (["mysql#3:b"], ["mysql:shop.a"])
    assert found.unknown == (Unknown("post", 2, Why.STATEMENT, "CALL"),)


def test_a_task_that_is_switched_off_does_nothing() -> None:
    assert lineage_of_task({**task("SQL", type="HIVE", sql="drop table a"), "flag": "NO"}) == TaskLineage()


@pytest.mark.parametrize("kind", ["DB2", "DAMENG", "OCEANBASE", "", None])
def test_databases_without_a_dialect_are_unknown(kind: str | None) -> None:
    found = lineage_of_task(task("SQL", type=kind, sql="select * from a"))
    assert found.unknown == (Unknown("task", 0, Why.DIALECT, kind or ""),)
    assert not found.reads


@pytest.mark.parametrize("kind", ["PYTHON", "FLINK", "JAVA", "MR", "PROCEDURE", "ZEPPELIN", "NEW_ONE"])
def test_code_is_not_read(kind: str) -> None:
    assert lineage_of_task(task(kind, rawScript="hive -e 'x'")).unknown == (Unknown("task", 0, Why.CODE, kind),)


def test_scripts_of_hive_and_spark() -> None:
    sql = "insert into dwd.a select * from ods.b"
    for found in (
        lineage_of_task(task("HIVECLI", hiveCliTaskExecutionType="SCRIPT", hiveSqlScript=sql)),
        lineage_of_task(task("SPARK", programType="SQL", rawScript=sql)),
    ):
        assert names(found) == (["hive:ods.b"], ["hive:dwd.a"])
    assert lineage_of_task(task("SPARK", programType="JAVA")).unknown[0].why == Why.CODE
    assert lineage_of_task(task("HIVECLI", hiveCliTaskExecutionType="FILE")).unknown[0].why == Why.SCRIPT_FILE


def test_other_workflows_are_calls_and_nothing_unknown() -> None:
    items = [{"projectCode": 1, "definitionCode": 22, "depTaskCode": 0}]
    waits = task("DEPENDENT", dependence={"dependTaskList": [{"dependItemList": items}]})
    assert lineage_of_task(waits) == TaskLineage(calls=frozenset({Call("dependency", 22, 1)}))
    runs = task("SUB_WORKFLOW", workflowDefinitionCode=33)
    assert lineage_of_task(runs) == TaskLineage(calls=frozenset({Call("sub_workflow", 33)}))
    for kind in ("HTTP", "CONDITIONS", "SWITCH"):
        assert lineage_of_task(task(kind)) == TaskLineage()


def datax(**sides: Json) -> TaskLineage:
    content = [{side: {"name": value.pop("name"), "parameter": value} for side, value in sides.items()}]
    return lineage_of_task(task("DATAX", customConfig=1, json=json.dumps({"job": {"content": content}})))


def test_datax_by_its_own_json() -> None:
    found = datax(
        reader={
            "name": "mysqlreader",
            "connection": [{"jdbcUrl": ["jdbc:mysql://h:3306/shop?x=1"], "table": ["orders", "b.c"]}],
        },
        writer={"name": "hdfswriter", "path": "/warehouse/ods.db/orders/dt=${bizdate}", "fileName": "x"},
    )
    assert names(found) == (["mysql:b.c", "mysql:shop.orders"], ["path:/warehouse/ods.db/orders/dt=${bizdate}"])
    found = datax(
        reader={"name": "oraclereader", "connection": [{"querySql": ["select * from s.a join s.b on 1=1"]}]},
        writer={
            "name": "mysqlwriter",
            "preSql": ["delete from @table where d='${d}'"],
            "connection": [{"jdbcUrl": "jdbc:mysql://h/shop", "table": ["t"]}],
        },
    )
    assert names(found) == (["oracle:S.A", "oracle:S.B"], ["mysql:shop.t"])
    assert not found.unknown


def test_datax_plugins_that_are_not_known_are_unknown() -> None:
    found = datax(reader={"name": "streamreader"}, writer={"name": "oddwriter"})
    assert found == TaskLineage(unknown=(Unknown("writer", 0, Why.PLUGIN, "oddwriter"),))
    assert lineage_of_task(task("DATAX", customConfig=1, json="{")).unknown[0].why == Why.NOT_JSON


def test_datax_by_the_form() -> None:
    form = {"customConfig": 0, "dsType": "MYSQL", "dataSource": 3, "sql": "select * from a", "targetTable": "ods.a"}
    found = lineage_of_task(task("DATAX", dtType="POSTGRESQL", dataTarget=4, preStatements=["truncate ods.a"], **form))
    assert names(found) == (["mysql#3:a"], ["postgres:ods.a"])


def test_sqoop_by_the_form() -> None:
    source = json.dumps({"srcType": "MYSQL", "srcDatasource": 3, "srcTable": "orders", "srcQueryType": "0"})
    target = json.dumps({"hiveDatabase": "ODS", "hiveTable": "orders"})
    form = {"jobType": "TEMPLATE", "sourceType": "MYSQL", "targetType": "HIVE"}
    found = lineage_of_task(task("SQOOP", sourceParams=source, targetParams=target, **form))
    assert names(found) == (["mysql#3:orders"], ["hive:ods.orders"])


def document(*tasks: Json) -> Document:
    return Document("w", {}, dict(enumerate(tasks, 1)), [])


def hive(sql: str) -> Json:
    return task("SQL", type="HIVE", datasource=1, sql=sql)


def test_json_form_and_digest() -> None:
    lineage = lineage_of(document(hive("insert into a.b select * from c.d; call x()"), task("HTTP")))
    again = Lineage.from_json(json.loads(lineage.json_bytes))
    assert again == lineage
    assert digest(again) == digest(lineage)
    assert lineage.unknown_tasks == 1
    assert digest(lineage) != digest(lineage_of(document(hive("insert into a.b select * from c.e"))))


def test_comparison() -> None:
    left = lineage_of(document(hive("insert into a.b select * from c.d"), hive("insert into a.dup select 1")))
    right = lineage_of(document(hive("insert into a.b select * from c.e")))
    found = compare_lineage(left, right)
    assert found.whole.writes_lost == (Table("hive", "a.dup"),)
    assert found.whole.reads_gained == (Table("hive", "c.e"),)
    assert found.whole.reads_lost == (Table("hive", "c.d"),)
    assert set(found.tasks) == {1, 2}
    assert not compare_lineage(left, left)


DUP = Table("hive", "a.dup")
NOT_PARSED = "insert into a.dup select * from c.d where x = = 1"


def test_what_could_not_be_read_is_no_loss() -> None:
    known = lineage_of(document(hive("insert into a.dup select * from c.d"), hive("insert into a.b select 1")))
    found = compare_lineage(known, lineage_of(document(hive(NOT_PARSED), hive("select 2"))))
    assert (found.unsure.writes_lost, found.unsure.reads_lost) == ((DUP,), (Table("hive", "c.d"),))
    assert (found.whole.writes_lost, found.whole.reads_lost) == ((Table("hive", "a.b"),), ())
    assert (set(found.tasks), set(found.unsure_tasks)) == ({2}, {1})
    back = compare_lineage(lineage_of(document(hive(NOT_PARSED))), lineage_of(document(hive("drop table a.dup"))))
    assert (back.unsure.writes_gained, back.whole.writes_gained) == ((DUP,), ())


def test_a_task_in_place_of_a_lost_one_may_write_its_tables() -> None:
    left = Lineage({1: TaskLineage(writes=frozenset({DUP}))})
    other = Lineage({2: TaskLineage(unknown=(Unknown("task", 0, Why.CODE, "PYTHON"),))})
    assert compare_lineage(left, other).unsure.writes_lost == (DUP,)
    assert compare_lineage(left, Lineage({})).whole.writes_lost == (DUP,)


def test_known_tasks_are_not_read_again() -> None:
    known = TaskLineage(reads=frozenset({Table("hive", "x.y")}))
    assert lineage_of(document(hive("select * from a.b")), known={1: known}).reads == known.reads


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["HIVE", "MYSQL", "POSTGRESQL", "CLICKHOUSE", "SQLSERVER", "ORACLE"]))
def test_any_text_is_read_without_an_error(text: str, kind: str) -> None:
    read(kind, text)
    read_shell(Reading(), text)


_WORDS = "select insert into from ( ) * , ; ' \" ` ${a} $( a.b <<E \n with as update set = delete case end create table use -- /* 1 [ ]"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(_WORDS.split(" ")), max_size=40),
    st.sampled_from(["HIVE", "MYSQL", "SPARK", "SQLSERVER", "TRINO"]),
)
def test_any_words_of_sql_and_shell_are_read_without_an_error(words: list[str], kind: str) -> None:
    read(kind, " ".join(words))
    read_shell(Reading(), f"hive -e {' '.join(words)}")


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(sorted(word_set("json job content reader parameter connection table sql type dependence"))),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["SQL", "SHELL", "DATAX", "SQOOP", "SPARK", "HIVECLI", "DEPENDENT", "X"]),
    st.dictionaries(
        st.sampled_from(
            sorted(word_set("type sql rawScript json customConfig sourceParams sourceType preStatements dsType"))
        ),
        _values,
    ),
)
def test_any_parameters_are_read_without_an_error(kind: str, params: Json) -> None:
    lineage = lineage_of(document(task(kind, **params)))
    assert Lineage.from_json(json.loads(lineage.json_bytes)) == lineage


@pytest.mark.parametrize(("kind", "sql", "reads", "writes", "unknown"), STATEMENTS)
def test_comments_and_blanks_change_nothing(kind: str, sql: str, reads: str, writes: str, unknown: str) -> None:
    same = read(kind, sql)
    assert read(kind, f"-- a comment; with an insert into x\n  {sql}  \n;\n/* end */") == same
    if "'" not in sql and "--" not in sql and "$$" not in sql and "`" not in sql:
        assert read(kind, sql.replace(" ", "\n\t ")) == same


def test_case_of_words_changes_nothing() -> None:
    sql = "insert overwrite table dwd.a select * from ods.b join dwd.c on 1 = 1"
    assert read("HIVE", sql.upper()) == read("HIVE", sql)
    assert read("ORACLE", "select * from a".upper()) == read("ORACLE", "select * from a")
    assert read("MYSQL", "SELECT * FROM Shop.T") == ({"Shop.T"}, set(), [])
