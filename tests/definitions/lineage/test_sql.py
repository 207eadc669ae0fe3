"""What each kind of statement reads and writes, dialect by dialect. R and W are names; an unknown is its reason."""

import pytest

from definitions.lineage.databases import DATABASES
from definitions.lineage.model import Table
from definitions.lineage.sql import Reading, Session, read_sql

# (type of data source, SQL, reads, writes, reasons of what is unknown)
STATEMENTS = [
    ("HIVE", "insert overwrite table dwd.orders partition (dt='${bizdate}') select o.* from ods.orders o", "ods.orders", "dwd.orders", ""),
    ("HIVE", "from ods.a insert overwrite table dwd.b select * insert into table dwd.c select *", "ods.a", "dwd.b dwd.c", ""),
    ("HIVE", "with x as (select * from a.a) insert overwrite table b.b select * from x", "a.a", "b.b", ""),
    ("HIVE", "with q as (select * from a) from q insert overwrite table b select *", "a", "b", ""),
    ("HIVE", "with x as (select * from x) select * from x", "x", "", ""),
    ("HIVE", "LOAD DATA INPATH '/in/x' OVERWRITE INTO TABLE dwd.t PARTITION (dt='1')", "/in/x", "dwd.t", ""),
    ("HIVE", "create table if not exists a.b like a.c", "a.c", "a.b", ""),
    ("HIVE", "create external table a.b (x int) partitioned by (dt string) stored as orc location '/x'", "", "a.b", ""),
    ("HIVE", "create table a.b stored as parquet as select * from c", "c", "a.b", ""),
    ("HIVE", "create temporary table t as select 1 from x; insert into y select * from t", "x", "y", ""),
    ("HIVE", "drop table if exists tmp.a; create table tmp.a as select *"
        " from ods.b; insert into dwd.c select * from tmp.a; drop table tmp.a", "ods.b", "dwd.c", ""),
    ("HIVE", "create table tmp.a as select * from ods.b; insert into dwd.c select * from tmp.a", "ods.b tmp.a", "dwd.c tmp.a", ""),
    ("HIVE", "use dwd; insert into a select * from b; use ods; select * from b", "dwd.b ods.b", "dwd.a", ""),
    ("HIVE", "use ${db}; insert into a select * from x.b", "x.b", "${db}.a", ""),
    ("HIVE", "use dwd; use role x y; insert into a select 1", "", "a", "statement"),
    ("HIVE", "drop table if exists t; create temporary table t as select * from x; insert into y select * from t", "x", "y", ""),
    ("HIVE", "set hive.exec.dynamic.partition=true; add jar /x.jar; msck repair table a.b; show partitions a.b", "", "", ""),
    ("HIVE", "analyze table a.b partition(dt) compute statistics; desc a.b; explain select * from a", "", "", ""),
    ("HIVE", "alter table a.b drop if exists partition (dt='1')", "", "a.b", ""),
    ("HIVE", "alter table a.b rename to a.c", "a.b", "a.b a.c", ""),
    ("HIVE", "alter table a exchange partition (dt='1') with table b", "", "", "statement"),
    ("HIVE", "truncate table a.b; drop table a.c; drop view a.v", "", "a.b a.c a.v", ""),
    ("HIVE", "insert overwrite directory '/out' select * from a.b", "a.b", "/out", ""),
    ("HIVE", "select * from a lateral view explode(x) t as y", "a", "", ""),
    ("HIVE", "select * from (select * from a union all select * from"
        " b) t join c on t.id=c.id where exists (select 1 from d)", "a b c d", "", ""),
    ("HIVE", "insert into t select * from `DWD`.`Orders`", "dwd.orders", "t", ""),
    ("HIVE", "create function f as 'com.x.F'; drop function f; create database x", "", "", ""),
    ("HIVE", "drop database x cascade", "", "", "statement"),
    ("HIVE", "export table a.b to '/x'; insert into c select * from d", "d", "c", "not_parsed"),
    ("HIVE", "-- insert into no select * from no\ninsert /* from no2 */ into a select ';' from b -- ; c", "b", "a", ""),
    ("HIVE", "select * from dwd.orders_${bizdate} where dt = $[yyyyMMdd-1] and !{cond}", "dwd.orders_${bizdate}", "", ""),
    ("HIVE", "insert overwrite table ${db}.orders select * from ods.o where d='${system.biz.date}'", "ods.o", "${db}.orders", ""),
    ("HIVE", "select * from ${table} join b on 1=1", "b", "", "name_is_parameter"),
    ("HIVE", "${sql}", "", "", "statement"),
    ("HIVE", "selec * form a b c", "", "", "not_parsed"),
    ("SPARK", "merge into a.b t using a.c s on t.id=s.id when"
        " matched then update set t.x=s.x when not matched then insert *", "a.c", "a.b", ""),
    ("SPARK", "create or replace temporary view v as select * from a.b; insert into c select * from v", "a.b", "c", ""),
    ("SPARK", "create or replace global temp view v as select * from a; select * from global_temp.v", "a", "", ""),
    ("SPARK", "cache table x as select * from a.b; select * from x; uncache table x; refresh table a.b", "a.b", "", ""),
    ("SPARK", "select * from parquet.`/in/y` join range(10)", "/in/y", "", ""),
    ("SPARK", "insert into spark_catalog.dwd.a table b", "b", "dwd.a", ""),
    ("MYSQL", "replace into a.b select * from c", "c", "a.b", ""),
    ("MYSQL", "insert ignore into a set x=1; insert into t(a) select a from s on duplicate key update a=values(a)", "s", "a t", ""),
    ("MYSQL", "update a join b on a.id=b.id set a.x=b.x", "b", "a", ""),
    ("MYSQL", "update a, b set x=1", "", "", "target"),
    ("MYSQL", "update orders set x=1 where id in (select id from bad)", "bad", "orders", ""),
    ("MYSQL", "delete a from a join b on a.id=b.id; delete from t using c as t where 1", "b", "a c", ""),
    ("MYSQL", "rename table a to b, c to d", "a c", "a b c d", ""),
    ("MYSQL", "create table n like o; insert into n select * from s; rename table o to old, n to o; drop table old", "o s", "o", ""),
    ("MYSQL", "create temporary table t (x int); insert into t select *"
        " from s; insert into z select * from t; drop temporary table t", "s", "z", ""),
    ("MYSQL", "select * from `Shop`.`Orders`, dual", "Shop.Orders", "", ""),
    ("MYSQL", "set @a = (select max(id) from t); insert into b select @a; set names utf8", "t", "b", ""),
    ("MYSQL", "create table a (x int, foreign key (x) references b (id)); select * from c x for update of x", "c", "a", ""),
    ("HIVE", "delete jar /x.jar; insert into a select /*+ mapjoin(s) */ * from b s", "b", "a", ""),
    ("SPARK", "select /*+ broadcast(x) */ * from b x", "b", "", ""),
    ("SQLSERVER", "declare @d int = (select max(d) from a); insert into c select top 10 * from b with (nolock)", "a b", "c", ""),
    ("MYSQL", "call p(1)", "", "", "statement"),
    ("MYSQL", "load data local infile 'x' into table t", "", "", "not_parsed"),
    ("MYSQL", "lock tables a write; optimize table a; begin; commit; unlock tables", "", "", ""),
    ("MYSQL", "create or replace view v as select * from x; create index i on x (y)", "x", "v", ""),
    ("POSTGRESQL", "with d as (delete from a returning *) insert into b select * from d", "", "a b", ""),
    ("POSTGRESQL", "update a set x=b.x from b where a.id=b.id; delete from a using c where a.id=c.id", "b c", "a", ""),
    ("POSTGRESQL", 'select * from "Orders", Orders', "Orders orders", "", ""),
    ("POSTGRESQL", "select * into c from a", "a", "c", ""),
    ("POSTGRESQL", "create temp table t on commit drop as select * from a; insert into b select * from t", "a", "b", ""),
    ("POSTGRESQL", "copy a.b from '/x'; copy (select * from c) to '/y'; truncate d, e", "c", "a.b d e", ""),
    ("POSTGRESQL", "create materialized view m as select * from a; refresh materialized view concurrently m", "a", "m", ""),
    ("POSTGRESQL", "do $$ begin delete from x; end $$", "", "", "statement"),
    ("POSTGRESQL", "explain analyze delete from a; vacuum analyze a", "", "", "statement"),
    ("DORIS", "insert overwrite table a.b partition(p1) select * from c", "c", "a.b", ""),
    ("DORIS", "load label x (data infile('hdfs://x') into table t) with broker b", "", "", "statement"),
    ("STARROCKS", "create materialized view m refresh async as select * from a; refresh materialized view m2", "a", "m m2", ""),
    ("STARROCKS", "alter table a swap with b", "a b", "a b", ""),
    ("CLICKHOUSE", "insert into a.B select * from c final array join x", "c", "a.B", ""),
    ("CLICKHOUSE", "create materialized view m to a.b as select * from c", "c", "a.b m", ""),
    ("CLICKHOUSE", "select * from remote('h', db.t) join numbers(3)", "", "", "table_function"),
    ("CLICKHOUSE", "insert into function remote('x', a.b) select * from c", "c", "", "table_function"),
    ("CLICKHOUSE", "select * from {t:Identifier}", "", "", "name_is_parameter"),
    ("CLICKHOUSE", "alter table a.b drop partition '1'; exchange tables a and b", "", "a.b", "statement"),
    ("ORACLE", "merge into a using (select * from b) s on (a.id=s.id) when matched then update set a.x=s.x", "B", "A", ""),
    ("ORACLE", "insert all into a values (1) into b values (2) select * from dwd.c", "DWD.C", "A B", ""),
    ("ORACLE", "select 1 from dual; select * from t_${d}", "T_${d}", "", ""),
    ("ORACLE", "begin p(1); end;", "", "", "not_parsed statement"),
    ("SQLSERVER", "select * into #t from a.b.c; insert into [Db].[dbo].[T] select * from #t", "a.b.c", "db.dbo.t", ""),
    ("SQLSERVER", "update t set x=1 from a t join b on 1=1; delete t from c t join d on 1=1", "b d", "a c", ""),
    ("SQLSERVER", "with c as (select * from a) delete from c", "", "", "target"),
    ("SQLSERVER", "exec p 1; begin insert into a select 1", "", "", "statement statement"),
    ("PRESTO", "insert into hive.a.b select * from mysql.x.y cross join unnest(z) as u(v)", "mysql.x.y", "hive.a.b", ""),
    ("TRINO", "use hive.dwd; create table t as select * from S; call system.sync('a')", "hive.dwd.s", "hive.dwd.t", "statement"),
]  # fmt: skip


def read(kind: str, sql: str) -> tuple[set[str], set[str], list[str]]:
    reading = Reading()
    read_sql(reading, Session(*DATABASES[kind]), sql, "sql")
    found = reading.result()
    return (
        {table.name for table in found.reads},
        {table.name for table in found.writes},
        sorted(item.why.value for item in found.unknown),
    )


@pytest.mark.parametrize(("kind", "sql", "reads", "writes", "unknown"), STATEMENTS)
def test_statement(kind: str, sql: str, reads: str, writes: str, unknown: str) -> None:
    assert read(kind, sql) == (set(reads.split()), set(writes.split()), unknown.split())


def test_a_bare_name_belongs_to_its_data_source() -> None:
    reading = Reading()
    read_sql(reading, Session("mysql", "mysql", source="3"), "insert into a select * from shop.b", "sql")
    assert reading.result().writes == {Table("mysql#3", "a")}
    assert reading.result().reads == {Table("mysql", "shop.b")}


def test_what_is_unknown_says_where_and_not_what_it_holds() -> None:
    reading = Reading()
    read_sql(
        reading, Session("mysql", "mysql"), "select 1; call p('hunter2'); create user x identified by 'hunter2'", "sql"
    )
    assert [(item.number, item.detail) for item in reading.result().unknown] == [(2, "CALL"), (3, "CREATE USER")]


@pytest.mark.parametrize(
    "sql",
    [
        "select " + "array[" * 40 + "1" + "]" * 40,
        "select " + "row(" * 40 + "1" + ")" * 40,
        "select " + "(" * 5000 + "1" + ")" * 5000,
        "select " + "not " * 20000 + "1",
        "select * from a where " + "a = 1 or " * 20000 + "b = 1",
        "select '" + "x" * 1_000_001 + "'",
        "case when 1 then " * 3000,
        "with a as (" * 1000,
        "select " + "f(" * 140 + "1" + ")" * 140,
    ],
    ids=["array", "row", "parentheses", "not", "or", "long", "case", "with", "calls"],
)
@pytest.mark.parametrize("kind", ["HIVE", "POSTGRESQL", "PRESTO", "ORACLE"])
def test_hostile_text_ends(kind: str, sql: str) -> None:
    """Nested ARRAY[ alone keeps the bare parser busy for longer than a person lives."""
    _reads, writes, _unknown = read(kind, sql)
    assert not writes


@pytest.mark.parametrize("kind", sorted(DATABASES))
@pytest.mark.parametrize("word", ["array[", "row("])
def test_no_dialect_gets_by_the_count_of_steps(kind: str, word: str) -> None:
    closing = {"[": "]", "(": ")"}[word[-1]]
    read(kind, f"select {word * 30}1{closing * 30}")


def test_text_that_is_too_much_is_unknown() -> None:
    assert read("HIVE", "select " + "array[" * 40 + "1" + "]" * 40) == (set(), set(), ["too_deep"])
    assert read("HIVE", "select " + "(" * 500 + "1" + ")" * 500) == (set(), set(), ["too_deep"])
    assert read("HIVE", "select * from a where " + "a = 1 or " * 20000 + "b = 1") == (set(), set(), ["too_large"])
