"""Reading takes steps in proportion to the text, whatever the text is. Steps are counted, not seconds."""

import json
import sys
from typing import Any

import pytest

from definitions.lineage.lineage import Why
from definitions.lineage.names import Placeholders
from definitions.lineage.tasks import lineage_of_task


def shell(script: str) -> dict[str, Any]:
    return {"taskType": "SHELL", "taskParams": {"rawScript": script}}


def sql(text: str) -> dict[str, Any]:
    return {"taskType": "SQL", "taskParams": {"type": "MYSQL", "datasource": 1, "sql": text}}


def datax(tables: list[str], before: list[str]) -> dict[str, Any]:
    writer = {"name": "mysqlwriter", "parameter": {"connection": [{"table": tables}], "preSql": before}}
    reader = {"name": "streamreader", "parameter": {}}
    job = {"job": {"content": [{"reader": reader, "writer": writer}]}}
    return {"taskType": "DATAX", "taskParams": {"customConfig": 1, "json": json.dumps(job)}}


HOSTILE = {
    "outputs and tokens": lambda n: shell("echo " + "`a`" * n + '\nmysql -e "select ' + ",".join(["1"] * n) + '"'),
    "outputs and clients": lambda n: shell("echo " + "`a`" * n + "\n" + 'hive -e "select 1"\n' * n),
    "a WITH of many": lambda n: sql(
        "with " + ",".join(f"a{i} as(select 1 from b{i})" for i in range(n)) + " select 1 from a0"
    ),
    "UNIONs below a WITH": lambda n: sql("with z as(select 1) " + " union all ".join(["select 1 from b"] * n)),
    "UNIONs of a SET": lambda n: sql("set @a=(" + " union all ".join(["select 1 from b"] * n) + ")"),
    "a table made anew": lambda n: sql("select 1 from t;" * n + "create temporary table t(a int);" * n),
    "programs": lambda n: shell("\n".join(f"p{i}" for i in range(n))),
    "SQL used again": lambda n: shell('v="' + "select 1 from t;" * n + '"\n' + 'hive -e "$v"\n' * n),
    "groups never closed": lambda n: shell("if ( a && { " * n),
    "tables and statements": lambda n: datax([f"t{i}" for i in range(n)], ["delete from @table"] * n),
}


def steps(task: dict[str, Any]) -> int:
    count = 0

    def note(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        lineage_of_task(task)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_takes_twice_the_steps(name: str) -> None:
    size = 300
    lineage_of_task(HOSTILE[name](size))  # what is read once only
    assert steps(HOSTILE[name](2 * size)) < 2.5 * steps(HOSTILE[name](size)) + 20_000


def test_a_text_may_not_be_used_again_and_again() -> None:
    found = lineage_of_task(HOSTILE["SQL used again"](3000))
    assert Why.TOO_LARGE in {item.why for item in found.unknown}
    assert not lineage_of_task(HOSTILE["SQL used again"](3)).unknown


def test_a_long_number_ends() -> None:
    assert not lineage_of_task(
        shell("echo " + "1" * 900_000)
    ).unknown  # hours, were each digit looked at from each other


@pytest.mark.parametrize("text", ["ds" + "q" * 500_000 + "${a}", "dsaaaaq dsaaabq ${a}", "DSQ ${a}"])
def test_stand_ins_are_short_and_nowhere_in_the_text(text: str) -> None:
    stand_ins = Placeholders(text)
    assert len(stand_ins.prefix) < 10
    assert stand_ins.prefix not in text.lower()
    assert stand_ins.restore(stand_ins.replace(text)) == text
