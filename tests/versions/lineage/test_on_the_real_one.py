"""Task parameters as a real DolphinScheduler keeps and shows them: its own types and spellings are the ones lineage is read from."""

import json

import pytest

from definitions.lineage.lineage import Why, lineage_of
from dolphin.client import DolphinClient
from dolphin.observe import observe
from tests.services.raw_dolphin import shell_task

pytestmark = pytest.mark.dolphin

TASKS = {
    "sql": (
        "SQL",
        {
            "type": "HIVE",
            "datasource": 9,
            "sql": "insert overwrite table dwd.orders partition(dt='${bizdate}') select * from ods.orders_$[yyyyMMdd-1]",
            "sqlType": "1",
            "preStatements": ["create temporary table t as select * from ods.users"],
            "postStatements": ["insert into dwd.users select * from t"],
            "localParams": [],
            "resourceList": [],
        },
    ),
    "form": (
        "DATAX",
        {
            "customConfig": 0,
            "dsType": "MYSQL",
            "dataSource": 3,
            "dtType": "POSTGRESQL",
            "dataTarget": 4,
            "sql": "select id from shop.orders",
            "targetTable": "ods.orders",
            "jobSpeedByte": 0,
            "jobSpeedRecord": 1000,
            "preStatements": ["truncate table ods.orders"],
            "postStatements": [],
            "localParams": [],
        },
    ),
    "json": (
        "DATAX",
        {
            "customConfig": 1,
            "json": json.dumps(
                {
                    "job": {
                        "content": [
                            {
                                "reader": {
                                    "name": "mysqlreader",
                                    "parameter": {
                                        "connection": [{"jdbcUrl": ["jdbc:mysql://h/shop"], "table": ["users"]}]
                                    },
                                },
                                "writer": {"name": "hdfswriter", "parameter": {"path": "/ods/users"}},
                            }
                        ]
                    }
                }
            ),
            "localParams": [],
        },
    ),
    "sqoop": (
        "SQOOP",
        {
            "jobType": "TEMPLATE",
            "modelType": "import",
            "sourceType": "MYSQL",
            "targetType": "HIVE",
            "sourceParams": json.dumps({"srcType": "MYSQL", "srcDatasource": 3, "srcTable": "a", "srcQueryType": "0"}),
            "targetParams": json.dumps({"hiveDatabase": "ods", "hiveTable": "a"}),
            "concurrency": 1,
            "jobName": "x",
            "localParams": [],
        },
    ),
    "spark": (
        "SPARK",
        {"programType": "SQL", "rawScript": "insert into dws.a select * from dwd.b", "deployMode": "local", "localParams": []},
    ),
    "hive": (
        "HIVECLI",
        {"hiveCliTaskExecutionType": "SCRIPT", "hiveSqlScript": "insert into dws.c select * from dwd.d", "localParams": []},
    ),
    "python": ("PYTHON", {"rawScript": "print()", "localParams": [], "resourceList": []}),
}  # fmt: skip


def test_what_it_shows_is_read(dolphin_311):
    raw = dolphin_311
    project = raw.create_project()
    codes = dict(zip(TASKS, raw.task_codes(project, len(TASKS)), strict=True))
    rows = [
        shell_task(codes[name], name, "", taskType=kind, taskParams=params) for name, (kind, params) in TASKS.items()
    ]
    form = raw.form("lineage", dict.fromkeys(codes.values(), "echo"))
    code = raw.create(project, {**form, "taskDefinitionJson": json.dumps(rows)})
    with DolphinClient(raw.url, raw.token) as client:
        live = observe(client, project, code)
    assert not live.problems
    lineage = lineage_of(live.canonical.document)

    def of(name):
        found = lineage.tasks[codes[name]]
        return {table.name for table in found.reads}, {table.name for table in found.writes}

    assert of("sql") == ({"ods.orders_$[yyyyMMdd-1]", "ods.users"}, {"dwd.orders", "dwd.users"})
    assert of("form") == ({"shop.orders"}, {"ods.orders"})
    assert of("json") == ({"shop.users"}, {"/ods/users"})
    assert of("sqoop") == ({"a"}, {"ods.a"})
    assert of("spark") == ({"dwd.b"}, {"dws.a"})
    assert of("hive") == ({"dwd.d"}, {"dws.c"})
    assert [(task, item.why) for task, item in lineage.unknown] == [(codes["python"], Why.CODE)]
